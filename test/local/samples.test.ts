import { readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { burstsOf } from '../../cli/replay/bursts.ts'
import { timeOf } from '../../cli/replay/event-input.ts'
import { ensureAssembly } from '../../local/assembly.ts'
import { localConfig } from '../../local/config.ts'
import { sampleEvents } from '../../local/event-files.ts'
import { type Replayed, replayer } from '../../local/replay.ts'
import { startWorld, type World } from '../../local/world.ts'

const ROOT = join(import.meta.dirname, '../..')
const config = localConfig(ROOT, () => {})
const inputs = sampleEvents(join(ROOT, 'events'))

/** File → outcome, as the table of events/README.md promises it. */
const promised = new Map(
  [...readFileSync(join(ROOT, 'events/README.md'), 'utf8').matchAll(/^\| `([\w.-]+)`.*\| ([^|]+?) +\|$/gm)].map(
    ([, file = '', outcome = '']) => [file, outcome],
  ),
)

let world: World
const all = new Map<string, Replayed>()
const of = (file: string): Replayed[] => [...all.values()].filter(({ input }) => basename(input.name).startsWith(file))

beforeAll(async () => {
  const { folder } = await ensureAssembly(ROOT)
  const start = Math.min(...inputs.map(({ event }) => timeOf(event) ?? Date.now()))
  world = await startWorld({ assembly: folder, config, start })
  const replay = replayer(world, config)
  for (const burst of burstsOf(inputs)) for (const told of await replay(burst)) all.set(told.input.name, told)
}, 180_000)
afterAll(() => world.close())

describe('every sample, through the rules, queues and bundles of the synthesised stack', () => {
  test.each([...promised])('%s is %s', (file, outcomes) => {
    const told = of(file).map(({ outcome }) => outcome)
    expect([...new Set(told)].join(', then ')).toBe(outcomes)
  })

  test('ends in one message on Slack and on SNS for each alert, and none for anything else', () => {
    const alerted = [...all.values()].filter(({ outcome }) => outcome === 'alerted')
    expect(alerted.length).toBeGreaterThan(10)
    const alerts = [...all.values()].flatMap((told) => told.alerts)
    expect(new Set(alerts.map(({ id }) => id)).size).toBe(alerts.length)
    expect(alerted.flatMap((told) => told.alerts)).toHaveLength(alerts.length)
    for (const { input, alerts, steps } of alerted) {
      const sent = steps.filter(({ function: name, outcome }) => name === 'notify' && outcome.outcome === 'sent')
      expect([alerts.length, sent.length], input.name).toEqual([1, 1])
    }
    expect(world.slack.received().filter(({ status }) => status === 200)).toHaveLength(alerts.length)
  })

  test('calls no AWS service for what has nothing to tell', () => {
    const quiet = [...all.values()].filter(({ outcome }) => ['foreign', 'no-consumer'].includes(outcome))
    expect(quiet.length).toBeGreaterThan(5)
    for (const { functions } of quiet) expect(functions).toEqual([])
  })

  test('leaves in dead-letter queues what can never succeed, and nothing else', () => {
    for (const { outcome, rules, dead } of all.values()) {
      expect(dead.length).toBe(outcome === 'invalid' && rules.length > 0 ? 1 : 0)
    }
  })

  test('is refused nothing that its role should allow', () => {
    const refused = world.aws.calls.filter(
      ({ error }) => error === 'AccessDeniedException' || error === 'AuthorizationError',
    )
    expect(refused).toEqual([])
  })

  test('is told from the event where ECR does not know the image, and says so', () => {
    const notice = (file: string) => of(file)[0]?.alerts[0]?.notices[0]
    expect(notice('basic-scan-image-unknown-to-ecr')).toContain('the image is in us-west-2, not in ap-northeast-1')
    expect(notice('enhanced-scan-in-china')).toContain('the image is in cn-north-1, not in ap-northeast-1')
  })

  test('says what is new, what is fixed and what is known at a re-scan', () => {
    const [rescan] = of('basic-rescan-new-and-fixed')
    expect(rescan?.alerts[0]?.summary).toMatch(/^\+\d+ new, −\d+ fixed, \d+ known$/)
  })
})
