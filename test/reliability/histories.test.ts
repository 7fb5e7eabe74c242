import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isAtLeast, type Severity } from '../../functions/domain/severity.ts'
import type { Flaw, TestImage } from './events.ts'
import { useRig } from './rig.ts'

const rig = await useRig()

const SEVERITIES: readonly Severity[] = ['CRITICAL', 'HIGH', 'MEDIUM']
const MOST = 4

/** What ECR says of an image from one step of its history to the next: a severity for each of a few flaws, or none. */
type State = readonly (Severity | undefined)[]

type Step = {
  readonly image: number
  readonly state: State
  /** How often the scan event comes; the finding events of the state come as often as `findings` says. */
  readonly scans: number
  readonly findings: number
  /** Seconds until the next step; within a burst all events are on the bus before anything runs. */
  readonly pause: number
  readonly order: readonly number[]
}

const state = fc.array(fc.option(fc.constantFrom(...SEVERITIES), { nil: undefined }), {
  minLength: MOST,
  maxLength: MOST,
})
const step: fc.Arbitrary<Step> = fc.record({
  image: fc.nat({ max: 1 }),
  state,
  scans: fc.integer({ min: 0, max: 2 }),
  findings: fc.integer({ min: 0, max: 2 }),
  pause: fc.constantFrom(0, 0, 30, 3_600, 86_400),
  order: fc.array(fc.nat(), { minLength: 20, maxLength: 20 }),
})
const fault = fc.record({
  service: fc.constantFrom('ecr', 'dynamodb', 'sns'),
  after: fc.nat({ max: 12 }),
  times: fc.integer({ min: 1, max: 7 }),
  error: fc.constantFrom<{ code: string; status?: number } | { drop: true }>(
    { code: 'ThrottlingException' },
    { code: 'InternalFailure', status: 500 },
    { drop: true },
  ),
})

const flawsOf = (shown: State): Flaw[] =>
  shown.flatMap((severity, n) => (severity ? [{ id: `CVE-2026-${n}`, severity, package: `package-${n}` }] : []))

const isTold = ({ severity }: Flaw): boolean => isAtLeast(severity, 'HIGH')

const eventsOf = (image: TestImage, { state: shown, scans, findings, order }: Step): object[] => {
  const found = flawsOf(shown)
  const events = [
    ...Array.from({ length: scans }, () => rig.scan(image, found)),
    ...Array.from({ length: findings }, () => found.map((flaw) => rig.finding(image, flaw))).flat(),
  ]
  return events
    .map((event, index) => ({ event, rank: order[index] ?? 0 }))
    .toSorted((a, b) => a.rank - b.rank)
    .map(({ event }) => event)
}

/** Lets the history happen, to the end of all its work. */
async function run(steps: readonly Step[], images: readonly TestImage[]): Promise<void> {
  for (const one of steps) {
    const image = images[one.image] as TestImage
    rig.shows(image, flawsOf(one.state))
    rig.put(...eventsOf(image, one))
    if (one.pause === 0) continue
    await rig.world.cloud.settle()
    rig.wait(one.pause)
  }
  await rig.world.cloud.settle()
}

/** Each finding at or above the threshold that ECR shows in the end was told, and not as something milder. */
function expectNothingMissed(image: TestImage, last: State): void {
  const told = rig.published(image).flatMap(({ items }) => items)
  for (const flaw of flawsOf(last).filter(isTold)) {
    const severities = told
      .filter(({ id, change }) => id === flaw.id && change !== 'gone')
      .map(({ severity }) => severity)
    expect(severities, `${flaw.id} of ${image.repository}`).toSatisfy((all: Severity[]) =>
      all.some((severity) => isAtLeast(severity, flaw.severity)),
    )
  }
}

const idsOf = (image: TestImage): (string | undefined)[] =>
  rig.messages(image).map(({ payload }) => /alert ([0-9a-f]{32})/.exec(JSON.stringify(payload))?.[1])

/** Posts that no table remembered: each of them may be repeated once. */
const unremembered = (): number =>
  rig.outcomes.filter(({ outcome, reason }) => outcome === 'sent' && reason.includes('not marked as sent')).length

/** Each message had news: an item that is new, and that the message before did not show with that severity. */
function expectNoNoise(image: TestImage): void {
  const ids = idsOf(image)
  expect(new Set(ids).size, 'no alert is in Slack twice').toBe(ids.length)
  let before = new Map<string, string>()
  const unique = new Map(rig.published(image).map((alert) => [alert.id, alert]))
  for (const { items } of unique.values()) {
    const shown = items.filter(({ change }) => change !== 'gone')
    const fresh = shown.filter(({ change, id, severity }) => change === 'new' && before.get(id) !== severity)
    expect(fresh.length, `an alert on ${image.repository} has news`).toBeGreaterThan(0)
    before = new Map(shown.map(({ id, severity }) => [id, severity]))
  }
}

const lastOf = (steps: readonly Step[], image: number): Step | undefined => steps.findLast((one) => one.image === image)

const speaks = ({ scans, findings }: Step): boolean => scans + findings > 0

test('whatever happens in whatever order, nothing is missed, and nothing is told twice', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 6 }), async (steps) => {
      const images = [rig.image(), rig.image()]
      await run(steps, images)
      for (const [n, image] of images.entries()) {
        const last = lastOf(steps, n)
        if (last && speaks(last)) expectNothingMissed(image, last.state)
        expectNoNoise(image)
      }
      expect(rig.dead()).toEqual({})
    }),
    { numRuns: 40, endOnFailure: true },
  )
}, 60_000)

test('nor is it with faults in between: repeats keep their id, and Slack has each alert once for each time that it was forgotten', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { minLength: 1, maxLength: 4 }),
      fc.array(fault, { minLength: 1, maxLength: 4 }),
      async (steps, faults) => {
        const images = [rig.image(), rig.image()]
        const before = unremembered()
        for (const { service, after, times, error } of faults) {
          rig.world.aws.faults.inject({ service, times: after, error: { delayMs: 0 } })
          rig.world.aws.faults.inject({ service, times, error })
        }
        await run(steps, images)
        rig.world.aws.faults.clear()
        for (const [n, image] of images.entries()) {
          const last = lastOf(steps, n)
          const ids = idsOf(image)
          expect(ids.length - new Set(ids).size).toBeLessThanOrEqual(unremembered() - before)
          if (last && speaks(last) && flawsOf(last.state).some(isTold)) expect(ids.length).toBeGreaterThan(0)
        }
        expect(rig.dead()).toEqual({})
      },
    ),
    { numRuns: 30, endOnFailure: true },
  )
}, 60_000)
