import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { SweepReport } from '../../../functions/domain/sweep/report.ts'
import { type LocalAws, startLocalAws } from '../../../local/aws/server.ts'
import { seed } from '../../../local/seed/seed.ts'
import { bundled } from '../cli.ts'

const cli = bundled()
const CONFIG = join(import.meta.dirname, '../../../steward.yaml')

let aws: LocalAws
let env: Record<string, string>

const sweep = (argv: readonly string[], change: Readonly<Record<string, string>> = {}) =>
  cli.start(['sweep', '--config', CONFIG, ...argv], { ...env, ...change })

const reportIn = (file: string): SweepReport => JSON.parse(readFileSync(join(cli.folder, file), 'utf8'))

beforeAll(async () => {
  aws = await startLocalAws()
  await seed(aws, Date.parse('2026-11-24T12:00:00Z'))
  env = {
    ...{ AWS_ENDPOINT_URL: aws.url, AWS_REGION: aws.region },
    ...{ AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: 'secret' },
  }
})

afterAll(() => aws.close())

test('a process sweeps the seeded registry: a summary without colours in a pipe, and a report of all that is there', async () => {
  const { code, out, err } = await sweep(['--store', 'whole']).ended
  expect([code, err, out.split('  ')[0]]).toEqual([1, '', 'FAIL'])
  expect(out).not.toContain('\u001b')
  const json = await cli.run(['report', '--store', 'whole', '--format', 'json', '--output', 'whole.json'], env)
  expect(json.code).toBe(0)
  const { coverage, totals, fixes, owners } = reportIn('whole.json')
  const { repositories } = aws.call('ecr', 'DescribeRepositories', {}) as { repositories: unknown[] }
  expect(coverage).toMatchObject({ listed: repositories.length, judged: repositories.length, complete: true })
  expect(totals.findings).toMatchObject({ CRITICAL: expect.any(Number), HIGH: expect.any(Number) })
  expect([fixes.length > 0, owners.length > 0]).toEqual([true, true])
})

test('has colours where they are forced, and none with NO_COLOR', async () => {
  const forced = await sweep(['--store', 'colours'], { FORCE_COLOR: '1' }).ended
  expect(forced.out).toContain('\u001b[31mFAIL')
  const none = await sweep(['--store', 'colours'], { NO_COLOR: '1' }).ended
  expect(none.out).not.toContain('\u001b')
})

test('Ctrl-C twice ends it at once, and it is gone on with as if it had not been', async () => {
  aws.faults.delay({ service: 'ecr', operation: 'DescribeImages', minMs: 60_000, maxMs: 60_000 })
  const calls = aws.calls.length
  const { child, ended } = sweep(['--store', 'cut'])
  const isJudging = () => aws.calls.slice(calls).some(({ operation }) => operation === 'DescribeRepositories')
  while (!isJudging()) await new Promise((resolve) => setTimeout(resolve, 20))
  child.kill('SIGINT')
  await once(child.stderr, 'data')
  child.kill('SIGINT')
  const first = await ended
  expect([first.code, first.out]).toEqual([130, ''])
  expect(first.err).toContain(`To go on: ecr-steward sweep --resume --store cut --config ${CONFIG}\n`)
  expect(first.err).toMatch(/Interrupted\.\n$/)
  aws.faults.clear()
  const second = await sweep(['--store', 'cut', '--resume']).ended
  expect([second.code, second.err.split(',')[0]?.slice(0, 23)]).toEqual([1, 'Going on with the sweep'])
  const { out } = await cli.run(['report', '--store', 'cut', '--format', 'json'], env)
  expect(JSON.parse(out).coverage.complete).toBe(true)
})
