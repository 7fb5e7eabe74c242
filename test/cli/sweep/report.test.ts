import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openerOf } from '../../../cli/sweep/open-file.ts'
import { type EndedSweep, KEYS } from '../../../functions/sweep/contract.ts'
import { type LocalAws, startLocalAws } from '../../../local/aws/server.ts'
import { envOf } from '../../adapters/env.ts'
import { steward } from '../cli.ts'

let folder: string

const HERE = '.ecr-steward/sweep/123456789012/ap-northeast-1'
const ENDED: EndedSweep = {
  ...{ endedAt: '2026-11-24T21:05:00.000Z', verdict: 'fail', score: 61.4 },
  ...{ listed: 1_200, judged: 1_198, complete: false },
}

const write = (name: string, text: string): string => {
  mkdirSync(join(folder, name, '..'), { recursive: true })
  writeFileSync(join(folder, name), text)
  return join(folder, name)
}

/** What a sweep leaves behind, by key. */
const sweepFiles = (id: string, ended: EndedSweep | undefined = ENDED): Record<string, string> => ({
  [KEYS.begun(id)]: JSON.stringify({ execution: 'x', at: ENDED.endedAt, targets: [] }),
  ...(ended && { [KEYS.ended(id)]: JSON.stringify(ended) }),
  ...Object.fromEntries(
    (['html', 'json', 'csv', 'md'] as const).map((one) => [KEYS.report(id, one), `${one} of ${id}`]),
  ),
})

function writeSweep(
  id: string,
  { ended, at = HERE }: { ended?: EndedSweep | undefined; at?: string } = { ended: ENDED },
) {
  const { [KEYS.ended(id)]: _, ...unended } = sweepFiles(id)
  for (const [key, text] of Object.entries(ended ? sweepFiles(id, ended) : unended)) write(`${at}/${key}`, text)
}

/** A program that keeps the words that it was started with. @returns the folder it is in */
function fakeOpener(script: string): string {
  chmodSync(write('bin/xdg-open', `#!/bin/sh\n${script}\n`), 0o755)
  return join(folder, 'bin')
}

const report = (argv: readonly string[] = [], env: NodeJS.ProcessEnv = {}, columns?: number) =>
  steward(['report', ...argv], { cwd: folder, env, ...(columns !== undefined && { columns }) })

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'steward-report-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

describe('report', () => {
  test('says where the HTML of the newest sweep that ended is, and what it comes to, without a call of AWS', async () => {
    for (const id of ['2026-11-23t21', '2026-11-24t21']) writeSweep(id)
    writeSweep('2026-11-24t22-0501', {})
    expect(await report()).toEqual({
      code: 0,
      out: `${HERE}/2026-11-24t21/report.html\n`,
      err: 'FAIL sweep 2026-11-24t21, ended 2026-11-24 21:05 UTC: judged 1,198 of 1,200, score 61 of 100\n',
    })
  })

  test.each(['json', 'csv', 'md'])('writes %s to standard output', async (format) => {
    writeSweep('2026-11-24t21')
    expect(await report(['--format', format])).toMatchObject({ code: 0, out: `${format} of 2026-11-24t21` })
    expect((await report(['--format', format, '--output', `out/x.${format}`])).out).toBe(`out/x.${format}\n`)
    expect(readFileSync(join(folder, `out/x.${format}`), 'utf8')).toBe(`${format} of 2026-11-24t21`)
    expect(statSync(join(folder, `out/x.${format}`)).mode & 0o077).toBe(0)
  })

  test('takes another sweep by its id, of whatever account and region', async () => {
    writeSweep('2026-11-23t21', { ended: ENDED, at: '.ecr-steward/sweep/210987654321/us-east-1' })
    writeSweep('2026-11-24t21')
    expect((await report(['--id', '2026-11-23t21', '--output', '-'])).out).toBe('html of 2026-11-23t21')
  })

  test('takes the folder of a registry too', async () => {
    writeSweep('2026-11-24t21', { ended: ENDED, at: 'elsewhere' })
    expect((await report(['--store', 'elsewhere'])).out).toBe('elsewhere/2026-11-24t21/report.html\n')
  })

  test('lists the sweeps, newest first, also those that did not end', async () => {
    writeSweep('2026-11-23t21', { ended: { ...ENDED, verdict: 'pass', judged: 1_200, complete: true } })
    writeSweep('2026-11-24t21')
    writeSweep('2026-11-24t22-0501', {})
    const { code, out, err } = await report(['--list'], {}, 200)
    expect([code, err]).toEqual([0, ''])
    expect(stripVTControlCharacters(out)).toMatchInlineSnapshot(`
      "SWEEP               ENDED                 VERDICT  JUDGED          SCORE  STORE
      2026-11-24t22-0501  not ended             -        -               -      .ecr-steward/sweep/123456789012/ap-northeast-1
      2026-11-24t21       2026-11-24 21:05 UTC  fail     1,198 of 1,200  61     .ecr-steward/sweep/123456789012/ap-northeast-1
      2026-11-23t21       2026-11-24 21:05 UTC  pass     1,200 of 1,200  61     .ecr-steward/sweep/123456789012/ap-northeast-1
      "
    `)
    expect((await report(['--list'])).out.split('\n')[1]?.split('\t').slice(0, 5)).toEqual([
      ...['2026-11-24t21', '2026-11-24 21:05 UTC', 'fail', '1,198 of 1,200', '61'],
    ])
  })

  test('of a text that was replaced, and has another name in the folder, is a copy', async () => {
    writeSweep('2026-11-24t21')
    write(`${HERE}/2026-11-24t21/report.html~2`, 'newer')
    expect((await report()).out).toBe('.ecr-steward/reports/2026-11-24t21.html\n')
    expect(readFileSync(join(folder, '.ecr-steward/reports/2026-11-24t21.html'), 'utf8')).toBe('newer')
  })
})

describe('report --open', () => {
  test('starts what the platform has for it, with the path as a word of its own', () => {
    const path = '/a b/$(reboot) & x.html'
    expect(openerOf('linux', path)).toEqual(['xdg-open', path])
    expect(openerOf('darwin', path)).toEqual(['open', path])
    expect(openerOf('win32', path)).toEqual(['rundll32.exe', 'url.dll,FileProtocolHandler', path])
  })

  test.skipIf(process.platform !== 'linux')('opens the file of the report (on Linux)', async () => {
    writeSweep('2026-11-24t21')
    const PATH = fakeOpener(`echo "$@" > ${join(folder, 'opened')}`)
    const { code, err } = await report(['--open', '--format', 'csv'], { PATH })
    expect([code, err.split('\n')]).toEqual([0, [expect.stringContaining('FAIL'), '']])
    expect(readFileSync(join(folder, 'opened'), 'utf8')).toBe(`${join(folder, HERE)}/2026-11-24t21/report.csv\n`)
  })

  test.skipIf(process.platform !== 'linux')('says where nothing opens it, and does not fail (on Linux)', async () => {
    writeSweep('2026-11-24t21')
    const none = await report(['--open'], { PATH: folder })
    expect([none.code, none.err]).toEqual([
      0,
      expect.stringMatching(/not opened: xdg-open is not there\. Open it yourself: \//),
    ])
    const failing = await report(['--open'], { PATH: fakeOpener('exit 3') })
    expect([failing.code, failing.err]).toEqual([0, expect.stringContaining('not opened: xdg-open ended with 3.')])
    const slow = await report(['--open'], { PATH: fakeOpener('exec /bin/sleep 2') })
    expect([slow.code, slow.err]).toEqual([0, expect.not.stringContaining('not opened')])
  })

  test('of what goes to standard output is refused', async () => {
    expect(await report(['--open', '--output', '-'])).toMatchObject({ code: 2, out: '' })
  })
})

describe('report says what to do', () => {
  test.each([
    [['--id', '2026-11-01t00'], 2, /There is no sweep 2026-11-01t00 in \/.*\n {2}ecr-steward report --list/],
    [['--id', '../../etc'], 2, /"\.\.\/\.\.\/etc" is no id of a sweep\.\n {2}They look like/],
    [['--id', '2026-11-24t22-0501'], 2, /has not ended, so there is no report\.\n.*sweep --resume/],
    [['--store', 'nowhere'], 2, /There is no sweep in nowhere\.\n {2}ecr-steward sweep makes one/],
    [['--store', 'nowhere', '--list'], 2, /There is no sweep in nowhere\./],
    [['--store', 's3:/x'], 2, /"s3:\/x" is no bucket\./],
    [['--store', 'file', '--list'], 3, /The store cannot be read: the folder .*file cannot be used \(ENOTDIR\)\./],
    [['--format', 'pdf'], 2, /Expected one of html, json, csv, md\./],
    [['--output', '/dev/null/x'], 2, /cannot be written to "\/dev\/null\/x" \(\w+\)/],
  ])('%j', async (argv, code, words) => {
    writeSweep('2026-11-24t21')
    writeSweep('2026-11-24t22-0501', {})
    write('file', '')
    expect(await report(argv)).toEqual({ code, out: '', err: expect.stringMatching(words) })
  })

  test('where only sweeps are that did not end', async () => {
    writeSweep('2026-11-24t22-0501', {})
    expect((await report()).err).toMatch(/No sweep in .* has ended: the newest is 2026-11-24t22-0501\.\n.*--resume/)
  })

  test('where a file is not what a sweep writes, or its report is gone', async () => {
    writeSweep('2026-11-24t21')
    rmSync(join(folder, HERE, '2026-11-24t21/report.md'))
    expect(await report(['--format', 'md'])).toMatchObject({
      code: 3,
      err: expect.stringContaining('has no 2026-11-24t21/report.md'),
    })
    write(`${HERE}/2026-11-24t21/ended.json`, '{"verdict":"fine"}')
    expect(await report()).toMatchObject({
      code: 3,
      err: expect.stringContaining('ended.json is not what a sweep writes'),
    })
  })
})

describe('report of a bucket', () => {
  let aws: LocalAws
  const bucket = 'steward-sweeps'
  beforeEach(async () => {
    aws = await startLocalAws()
    aws.s3.createBucket(bucket)
    for (const id of ['2026-11-23t21', '2026-11-24t21'])
      for (const [key, text] of Object.entries(sweepFiles(id))) aws.s3.write(bucket, `sweep/${key}`, text)
    for (let i = 0; i < 1_100; i++) aws.s3.write(bucket, `sweep/2026-11-24t21/records/1/r/${i}.jsonl`, '')
    aws.s3.write(bucket, 'sweep/history.json', '{}')
  })
  afterEach(() => aws.close())

  test('is a copy that can be opened, and takes few calls however much is in the bucket', async () => {
    const { code, out, err } = await report(['--store', `s3://${bucket}`], envOf(aws))
    expect([code, out, err.slice(0, 24)]).toEqual([
      0,
      '.ecr-steward/reports/2026-11-24t21.html\n',
      'FAIL sweep 2026-11-24t21',
    ])
    expect(readFileSync(join(folder, '.ecr-steward/reports/2026-11-24t21.html'), 'utf8')).toBe('html of 2026-11-24t21')
    expect(aws.calls.map(({ operation }) => operation)).toEqual([
      ...['GetCallerIdentity', 'ListObjectsV2', 'GetObject', 'GetObject'],
    ])
    const listed = await report(['--store', `s3://${bucket}/sweep/`, '--list'], envOf(aws))
    expect(listed.out.split('\n').map((line) => line.split('\t')[0])).toEqual(['2026-11-24t21', '2026-11-23t21', ''])
  })

  test('that cannot be read says why, and what it takes', async () => {
    aws.faults.inject({ service: 's3', times: 10, error: { code: 'AccessDenied', status: 403 } })
    const denied = await report(['--store', `s3://${bucket}`], envOf(aws))
    expect([denied.code, denied.err]).toEqual([
      4,
      expect.stringMatching(/AccessDenied to ListObjectsV2\.\n {2}It takes s3:GetObject/),
    ])
    aws.faults.clear()
    const wrong = await report(['--store', 's3://other-bucket'], envOf(aws))
    expect([wrong.code, wrong.err]).toEqual([3, expect.stringMatching(/NoSuchBucket .*\n {2}Name the bucket/)])
    expect((await report(['--store', `s3://${bucket}/other`], envOf(aws))).err).toContain(
      `There is no sweep in s3://${bucket}/other.`,
    )
  })
})
