import { spawn } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { INPUTS } from '../../action/inputs.ts'
import { GATE_OPTIONS } from '../../cli/gate/options.ts'
import { BUDGET, bundleAction, outdated } from '../../scripts/bundle-action.ts'
import { ALLOWED } from '../../scripts/licences.ts'
import { basic, startGateRegistry } from '../gate/registry.ts'
import { outputsIn } from './outputs.ts'

const here = startGateRegistry()
const folder = mkdtempSync(join(tmpdir(), 'steward-action-'))
const [dist, workspace, temp] = ['dist', 'workspace', 'temp'].map((name) => join(folder, name)) as [
  string,
  string,
  string,
]
const [outputFile, summaryFile] = [join(folder, 'outputs'), join(folder, 'summary.md')]

let packages: readonly string[]
let clean: string
beforeAll(async () => {
  for (const path of [dist, workspace, temp]) mkdirSync(path)
  packages = await bundleAction(dist)
  clean = here.image('clean', 'clean')
  here.scan(clean)
  const bad = here.image('bad', 'root')
  here.scan(bad, basic('CVE-2026-0001', 'CRITICAL', '::set-output name=verdict::pass'), basic('CVE-2026-0002', 'LOW'))
  here.image('unscanned', 'unscanned')
})
afterAll(() => rmSync(folder, { recursive: true }))
beforeEach(() => {
  for (const file of [outputFile, summaryFile]) writeFileSync(file, '')
  rmSync(workspace, { recursive: true })
  mkdirSync(workspace)
})

/** Runs the step as a runner does: the file alone, inputs and files in the environment. */
async function step(inputs: Readonly<Record<string, string>>, change: Readonly<Record<string, string>> = {}) {
  const given = Object.entries({ timeout: '0', ...inputs }).map(([name, value]) => [
    `INPUT_${name.toUpperCase()}`,
    value,
  ])
  const runner = { GITHUB_ACTIONS: 'true', CI: 'true', GITHUB_OUTPUT: outputFile, GITHUB_STEP_SUMMARY: summaryFile }
  const env = {
    ...here.env,
    ...runner,
    GITHUB_WORKSPACE: workspace,
    RUNNER_TEMP: temp,
    ...Object.fromEntries(given),
    ...change,
  }
  const child = spawn(process.execPath, [join(dist, 'index.cjs')], { cwd: workspace, env })
  let [out, err] = ['', '']
  child.stdout.on('data', (chunk) => {
    out += chunk
  })
  child.stderr.on('data', (chunk) => {
    err += chunk
  })
  const code = await new Promise((resolve) => child.on('close', resolve))
  return { code, out, err, outputs: outputsIn(readFileSync(outputFile, 'utf8')) }
}

describe('the step', () => {
  test('lets an image through, and says what to deploy', async () => {
    const { code, out, err, outputs } = await step({ image: 'prod/api:clean', 'digest-file': 'digest.txt' })
    expect([code, err]).toEqual([0, expect.stringContaining('::notice ')])
    expect(out).toContain(clean)
    expect(outputs).toMatchObject({ outcome: 'pass', 'exit-code': '0', verdict: 'pass', critical: '0', digest: clean })
    expect(outputs.uri).toMatch(new RegExp(`/prod/api@${clean}$`))
    expect(readFileSync(summaryFile, 'utf8')).toContain('prod/api')
    expect(readFileSync(join(workspace, 'digest.txt'), 'utf8')).toBe(`${clean}\n`)
    expect(readdirSync(temp)).toEqual([])
  })

  test('stops one, by limits of the inputs or of steward.yaml, and obeys nothing that is in it', async () => {
    const { code, out, outputs } = await step({ image: 'prod/api:bad', output: 'json=gate.json\njunit=gate.xml' })
    expect(code).toBe(1)
    expect(outputs).toMatchObject({
      outcome: 'fail',
      verdict: 'fail',
      critical: '1',
      high: '0',
      low: '1',
      digest: '',
      uri: '',
    })
    expect(out).toContain('CVE-2026-0001')
    expect(out).not.toMatch(/^\s*::/m)
    expect(readdirSync(workspace).toSorted()).toEqual(['gate.json', 'gate.xml'])
    expect((await step({ image: 'prod/api:bad', 'max-critical': '1' })).code).toBe(0)
    const policy =
      'policy:\n  - repositories: ["**"]\n    rules: { vulnerabilities: { mode: report, limits: { CRITICAL: 1, HIGH: 1 } } }\n'
    writeFileSync(join(workspace, 'steward.yaml'), `alerts:\n  - { repositories: ["**"], to: [sns] }\n${policy}`)
    expect((await step({ image: 'prod/api:bad' })).code).toBe(0)
  })

  test('stops what it cannot judge, unless it is asked otherwise', async () => {
    const { code, outputs } = await step({ image: 'prod/api:unscanned' })
    expect([code, outputs.outcome, outputs.verdict]).toEqual([3, 'unknown', 'unknown'])
    const lenient = await step({ image: 'prod/api:unscanned', 'on-unknown': 'pass' })
    expect([lenient.code, lenient.outputs.outcome, lenient.outputs.verdict]).toEqual([0, 'pass', 'unknown'])
  })

  test.each([
    [{ image: 'prod/api:nothing' }, {}, 3, 'Nothing was judged: prod/api has no image with the tag nothing.'],
    [{ image: 'prod/api:clean', 'max-high': 'few' }, {}, 2, "option '--max-high <N>' argument 'few' is invalid."],
    [{ image: 'prod/api:clean', 'max-hihg': '1' }, {}, 2, 'There is no input "max-hihg". Did you mean max-high?'],
    [{ image: '' }, {}, 2, 'The input image is missing'],
    [
      { image: 'prod/api:clean' },
      { AWS_ACCESS_KEY_ID: '', AWS_EC2_METADATA_DISABLED: 'true' },
      4,
      'No AWS credentials',
    ],
  ])('says on the page of the run why there is no verdict: %j', async (inputs, change, expected, message) => {
    const { code, err, outputs } = await step(inputs, change)
    expect([code, outputs['exit-code'], outputs.critical]).toEqual([expected, String(expected), ''])
    expect(err.split('\n').filter((line) => line.startsWith('::error '))).toEqual([expect.stringContaining(message)])
  })

  test('that is cancelled says so', async () => {
    here.aws.faults.delay({ service: 'ecr', minMs: 60_000, maxMs: 60_000 })
    const env = { ...here.env, INPUT_IMAGE: 'prod/api:clean', GITHUB_OUTPUT: outputFile, RUNNER_TEMP: temp }
    const child = spawn(process.execPath, [join(dist, 'index.cjs')], { cwd: workspace, env, stdio: 'ignore' })
    const ended = new Promise((resolve) => child.on('close', resolve))
    while (readdirSync(temp).length === 0) await new Promise(setImmediate)
    child.kill('SIGINT')
    expect(await ended).toBe(130)
    expect(outputsIn(readFileSync(outputFile, 'utf8'))).toMatchObject({ outcome: 'interrupted', 'exit-code': '130' })
    here.aws.faults.clear()
  })
})

describe('the bundle', () => {
  test('is within its budget, and comes with the notices of all that is in it', () => {
    expect(statSync(join(dist, 'index.cjs')).size).toBeLessThan(BUDGET * 1_024)
    const notices = readFileSync(join(dist, 'NOTICES.txt'), 'utf8')
    expect(packages.length).toBeGreaterThan(5)
    for (const name of packages)
      expect(notices).toMatch(new RegExp(`^${name.replace('/', '\\/')} .*\\((?:${ALLOWED.join('|')})\\)`, 'm'))
  })

  test('is the same from the same sources, and what differs is out of date', async () => {
    const again = join(folder, 'again')
    mkdirSync(again)
    await bundleAction(again)
    expect(outdated(dist, again)).toEqual([])
    const old = join(folder, 'old')
    cpSync(dist, old, { recursive: true })
    writeFileSync(join(old, 'index.cjs'), ' ', { flag: 'a' })
    rmSync(join(old, 'NOTICES.txt'))
    expect(outdated(old, again)).toEqual(['NOTICES.txt', 'index.cjs'])
    expect(existsSync(join(old, 'NOTICES.txt'))).toBe(false)
  })

  test('knows every input as an option of the gate', () => {
    const options = Object.values(GATE_OPTIONS).map(({ flags }) => /--[a-z-]+/.exec(flags)?.[0])
    for (const name of Object.keys(INPUTS)) expect(options).toContain(`--${name}`)
  })
})
