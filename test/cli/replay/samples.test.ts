import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { batchesOf } from '../../../cli/replay/batches.ts'
import { recorded } from '../../../cli/replay/calls.ts'
import { timeOf } from '../../../cli/replay/event-input.ts'
import { type Input, readInputs } from '../../../cli/replay/read-inputs.ts'
import type { Replayed } from '../../../cli/replay/result.ts'
import { replayer } from '../../../cli/replay/run.ts'
import { loadConfig } from '../../../config/load.ts'

const EVENTS = join(import.meta.dirname, '../../../events')
const config = loadConfig(join(EVENTS, '../steward.yaml'), () => {})
const HOME = { account: '123456789012', region: 'ap-northeast-1' }

/** File → outcome with the whole stack, as events/README.md says and test/local/samples.test.ts holds it to. */
const promised = new Map(
  [...readFileSync(join(EVENTS, 'README.md'), 'utf8').matchAll(/^\| `([\w.-]+)`.*\| ([^|]+?) +\|$/gm)].map(
    ([, file = '', outcome = '']) => [file, outcome],
  ),
)

/** What the event alone cannot say: with the registry the outcome is another one. */
const OTHERWISE: Readonly<Record<string, string>> = {
  // Whether it is an image, its manifest says.
  'basic-scan-unsupported-index.json': 'alerted',
  'basic-scan-unsupported-helm-chart.json': 'alerted',
  'basic-scan-unsupported-signature.json': 'alerted',
  // What was found, ECR says.
  'basic-scan-counts-absent.json': 'alerted',
  // Counts alone do not tell a new finding from a known one.
  'enhanced-finding-new-cve.json': 'known',
  'push-that-moves-a-tag.json': 'grouped, then undecided',
}

/** Rules are judged by what AWS says. A call that was refused has changed nothing. */
const isJudged = (file: string): boolean => /^(?:push|call)-/.test(file) && file !== 'call-refused.json'

async function inOrder(): Promise<Input[]> {
  const files = readdirSync(EVENTS).filter((name) => name.endsWith('.json'))
  const inputs = await readInputs(
    files.map((name) => join(EVENTS, name)),
    { cwd: '/' } as never,
  )
  return inputs.toSorted((a, b) => (timeOf(a.event) ?? 0) - (timeOf(b.event) ?? 0))
}

const replay = replayer({
  ...{ config, home: HOME, isLive: false, now: () => new Date('2026-11-28T00:00:00Z') },
  callsOf: (note) => (registry) => recorded(note, registry),
})
const all: Replayed[] = []
for (const batch of batchesOf(await inOrder())) all.push(...(await replay(batch)))
const of = (file: string): Replayed[] => all.filter(({ event }) => basename(event).startsWith(file))

describe('every sample, from the event alone', () => {
  test('is there', () => {
    expect(promised.size).toBeGreaterThan(75)
    expect(new Set(all.map(({ event }) => basename(event).split('#')[0]))).toEqual(new Set(promised.keys()))
  })

  test.each([...promised])('%s comes to what the stack says of it: %s, or is undecided', (file, outcome) => {
    const told = [...new Set(of(file).map((replayed) => replayed.outcome))].join(', then ')
    const alone = isJudged(file) ? 'undecided' : outcome
    expect(told).toBe(OTHERWISE[file] ?? alone)
  })

  test('has one alert where it is alerted, and none otherwise', () => {
    for (const { event, outcome, alerts } of all) expect(alerts.length, event).toBe(outcome === 'alerted' ? 1 : 0)
  })

  test('has a rule that lets it through, or is told why not', () => {
    for (const { event, rules, stopped } of all) expect(rules.length > 0, event).toBe(stopped.length === 0)
  })

  test('makes no call, and asks for none where no function has anything to do', () => {
    for (const { calls } of all) expect(calls.every(({ made }) => !made)).toBe(true)
    const idle = all.filter(({ outcome }) => ['foreign', 'no-consumer', 'invalid'].includes(outcome))
    expect(idle.length).toBeGreaterThan(10)
    for (const { event, calls } of idle) expect(calls, event).toEqual([])
  })

  test('says in the alert that it is told from the event', () => {
    const [scan] = of('basic-scan-critical.json')
    expect(scan?.alerts[0]?.notices).toEqual([
      'The findings could not be read: no account is asked. This is what the event says.',
    ])
    expect(of('basic-scan-failed.json')[0]?.alerts[0]?.notices).toEqual([
      'The image could not be read: no account is asked.',
    ])
  })
})

describe('the calls of a sample', () => {
  const actions = (file: string) =>
    of(file)[0]?.calls.map(({ action, subject }) => `${action} ${subject.replace(/(sha256:.{4})\w+/, '$1')}`)

  test('are those of the functions, in their order: read, claim, tell, remember, post', () => {
    const subject = 'told#found#123456789012/ap-northeast-1/prod/api@sha256:8956'
    const id = of('basic-scan-critical.json')[0]?.alerts[0]?.id
    expect(actions('basic-scan-critical.json')).toEqual([
      'ecr:DescribeImageScanFindings prod/api@sha256:8956',
      'ecr:DescribeImages prod/api@sha256:8956',
      `dynamodb:UpdateItem ${subject}`,
      'sns:Publish 6 critical, 17 high in prod/api:1.4.2',
      `dynamodb:UpdateItem ${subject}`,
      `dynamodb:UpdateItem sent#${id}#security`,
      'secretsmanager:GetSecretValue ecr-steward/slack/security',
      'slack:PostMessage #security',
      `dynamodb:UpdateItem sent#${id}#security`,
    ])
  })

  test('of one that is undecided tell nobody', () => {
    expect(actions('call-put-registry-policy.json')).toEqual([
      'ecr:GetRegistryPolicy the registry 123456789012',
      'ecr:GetRegistryScanningConfiguration the registry 123456789012',
      'dynamodb:UpdateItem told#registry#123456789012/ap-northeast-1',
      'dynamodb:UpdateItem told#registry#123456789012/ap-northeast-1',
    ])
  })

  test('of a burst go with its first event, and what speaks for it comes once', () => {
    const burst = of('enhanced-scan-and-findings.json')
    expect(burst.map(({ batch }) => batch)).toEqual(burst.map(() => burst[0]?.batch))
    expect(burst.map(({ calls }) => calls.length > 0)).toEqual(burst.map((_, index) => index === 0))
    expect(burst.map(({ outcome }) => outcome)).toEqual(['alerted', ...burst.slice(1).map(() => 'grouped')])
  })
})

test('a repository that may fail a rule, beside what the event itself says, is a step of its own', () => {
  expect(
    of('scan-frequency-weakened.json')[0]?.steps.map(({ function: name, outcome }) => `${name} ${outcome}`),
  ).toEqual(['watch alerted', 'watch undecided', 'notify sent'])
})
