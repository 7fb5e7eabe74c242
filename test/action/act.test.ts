import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { act, type Run } from '../../action/act.ts'
import { recorder } from '../cli/cli.ts'
import { outputsIn } from './outputs.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'steward-action-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const IMAGE = {
  digest: `sha256:${'a'.repeat(64)}`,
  uri: `1.dkr.ecr.eu-west-1.amazonaws.com/x@sha256:${'a'.repeat(64)}`,
}

/** Ends with a code, after writing a result where there is one. */
const ending =
  (code: number, result?: object, said = ''): Run =>
  async (argv, { stdout, stderr }) => {
    const file = argv.find((word) => word.startsWith('--output=json='))?.slice('--output=json='.length) ?? ''
    if (result) writeFileSync(file, JSON.stringify({ image: IMAGE, ...result }))
    stdout.write('::set-output name=verdict::pass\n')
    stderr.write(said)
    return code
  }

async function acted(run: Run, env: NodeJS.ProcessEnv = {}) {
  const [stdout, stderr, file] = [recorder(), recorder(), join(folder, 'outputs')]
  const io = { stdout: stdout.stream, stderr: stderr.stream, cwd: folder, now: () => new Date() }
  const all = { INPUT_IMAGE: 'x:1', GITHUB_OUTPUT: file, RUNNER_TEMP: folder, ...env }
  const code = await act(run, { ...io, env: all })
  const outputs = existsSync(file) ? outputsIn(readFileSync(file, 'utf8')) : {}
  return { code, outputs, out: stdout.text(), err: stderr.text() }
}

const NOTHING = { verdict: 'unknown', critical: '', high: '', medium: '', low: '', digest: '', uri: '' }

describe('the action', () => {
  test('ends as the gate does, and tells later steps what it found', async () => {
    const { code, outputs, out, err } = await acted(ending(0, { verdict: 'pass', counts: { LOW: 3 } }))
    expect(code).toBe(0)
    expect(outputs).toEqual({
      ...{ outcome: 'pass', 'exit-code': '0', verdict: 'pass', ...IMAGE },
      ...{ critical: '0', high: '0', medium: '0', low: '3' },
    })
    expect([out, err]).toEqual(['∶:set-output name=verdict::pass\n', ''])
  })

  test('tells nothing to deploy where the image fails', async () => {
    const { code, outputs, err } = await acted(ending(1, { verdict: 'fail', counts: { CRITICAL: 2, HIGH: 1 } }))
    expect([code, err]).toEqual([1, ''])
    expect(outputs).toEqual({
      ...{ outcome: 'fail', 'exit-code': '1', verdict: 'fail', digest: '', uri: '' },
      ...{ critical: '2', high: '1', medium: '0', low: '0' },
    })
  })

  test('tells that an image passes of which not everything is known', async () => {
    const { outputs } = await acted(ending(0, { verdict: 'unknown', lenient: true, counts: {} }))
    expect(outputs).toMatchObject({ outcome: 'pass', verdict: 'unknown' })
  })

  test.each([
    [2, 'usage'],
    [3, 'unknown'],
    [4, 'access'],
    [130, 'interrupted'],
  ])('says on the page of the run why nothing was judged: %i', async (ended, outcome) => {
    const { code, outputs, err } = await acted(ending(ended, undefined, 'error: No.\n  Do this.\n'))
    expect(code).toBe(ended)
    expect(outputs).toEqual({ ...NOTHING, outcome, 'exit-code': String(ended) })
    expect(err).toBe('error: No.\n  Do this.\n::error title=ecr-steward gate::No.%0A  Do this.\n')
  })

  test('never passes without a result', async () => {
    const { code, outputs } = await acted(ending(0))
    expect(code).toBe(3)
    expect(outputs).toEqual({ ...NOTHING, outcome: 'unknown', 'exit-code': '3' })
  })

  test('ends with 2 and one line for inputs that do not fit', async () => {
    const { code, outputs, out, err } = await acted(ending(0, {}), { 'INPUT_MAX-HGIH': '0' })
    expect([code, out]).toEqual([2, ''])
    expect(err).toBe('::error title=ecr-steward gate::There is no input "max-hgih". Did you mean max-high?\n')
    expect(outputs).toEqual({ ...NOTHING, outcome: 'usage', 'exit-code': '2' })
  })

  test('adds to what the file has, leaves nothing else behind, and does without it', async () => {
    writeFileSync(join(folder, 'outputs'), 'before<<x\n1\nx\n')
    const { outputs } = await acted(ending(0, { verdict: 'pass', counts: {} }))
    expect(outputs).toMatchObject({ before: '1', outcome: 'pass' })
    expect(readdirSync(folder)).toEqual(['outputs'])
    const without = await acted(ending(1, { verdict: 'fail', counts: {} }), { GITHUB_OUTPUT: '', RUNNER_TEMP: '' })
    expect(without.code).toBe(1)
  })

  test('lets through what is no fault of its inputs', async () => {
    await expect(acted(() => Promise.reject(new Error('it broke')))).rejects.toThrow('it broke')
    expect(readdirSync(folder)).toEqual([])
  })
})
