import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Alert } from '../../functions/domain/alert.ts'
import type { ScanEvent } from '../../functions/domain/event.ts'
import { parseEvent } from '../../functions/events/parse.ts'
import { Unreadable } from '../../functions/faults.ts'
import { type Begun, KEYS, type Listed } from '../../functions/sweep/contract.ts'
import type { JudgeDeps } from '../../functions/sweep/judge.ts'
import type { EventQueue, OpenRegistry } from '../../functions/sweep/ports.ts'
import { createSteps, type StepDeps } from '../../functions/sweep/steps.ts'
import { memoryStore } from '../functions/clean-up/memory-store.ts'
import { foundFinding, HOME, imageRecord, NOW, repositoryRecord } from './records.ts'
import { sweepConfigOf } from './world.ts'

const REPOSITORIES = ['a/0', 'a/1', 'a/2', 'a/3']
const TAGS = ['v0', 'v1']
/** All of them are named by a digest, which has room for ten. */
const IMAGES = REPOSITORIES.flatMap((repository) => TAGS.map((tag) => `${repository}:${tag}`))
const digestOf = (image: string): string => `sha256:${IMAGES.indexOf(image).toString(16).repeat(64)}`

/** What comes before a night, and what goes wrong in it. */
type Night = {
  /** Images that get one finding more at the threshold. */
  readonly come: readonly number[]
  /** Repositories that are not judged, however often they are tried. */
  readonly failing: readonly number[]
  /** Images whose scan cannot be read. */
  readonly unread: readonly number[]
  /** How often the queue refuses before it takes something. */
  readonly queue: number
  /** How often the topic refuses; the machine tries three times. */
  readonly topic: number
  readonly store: 'well' | 'no records' | 'told unread' | 'told unwritten'
  /** How many repositories are listed before AWS refuses; all of them otherwise. */
  readonly listed: number | undefined
}

const refusal = () => new Unreadable('refused by the test', false, undefined)

function rig() {
  const { store, files } = memoryStore()
  const found = new Map<string, Set<string>>(IMAGES.map((image) => [image, new Set()]))
  const told = new Map<string, Set<string>>(IMAGES.map((image) => [image, new Set()]))
  const digests: { readonly image: string; readonly alert: string }[] = []
  /** Events of images of which nothing was new since they were told last. */
  const needless: string[] = []
  let [now, last, faults] = [NOW, 0, { queue: 0, topic: 0 } as { queue: number; topic: number }]
  let night: Night = PLAIN

  const tellOf = (image: string): void => void told.set(image, new Set(found.get(image)))
  const isTold = (image: string): boolean => [...(found.get(image) ?? [])].every((one) => told.get(image)?.has(one))
  const scans: EventQueue = {
    async send(events) {
      if (faults.queue-- > 0) throw refusal()
      for (const event of events) {
        const { repository, tags } = (parseEvent(event) as ScanEvent).image
        const image = `${repository}:${tags[0]}`
        if (isTold(image)) needless.push(image)
        tellOf(image)
      }
    },
  }
  const alerts = {
    async publish({ id, items }: Alert) {
      if (faults.topic-- > 0) throw refusal()
      const named = items.filter(({ subject }) => subject.startsWith('First look')).map((item) => item.id)
      for (const image of named) digests.push({ image, alert: id })
      named.forEach(tellOf)
    },
  }
  const judge: JudgeDeps['judge'] = async function* judge(repositories) {
    for (const { repository } of repositories) {
      if (night.failing.includes(REPOSITORIES.indexOf(repository))) throw refusal()
      const images = TAGS.map((tag) => {
        const image = `${repository}:${tag}`
        const isUnread = night.unread.includes(IMAGES.indexOf(image))
        const findings = [...(found.get(image) ?? [])].map((id) => foundFinding({ id }))
        const low = foundFinding({ id: 'CVE-LOW', severity: 'LOW' })
        const read = isUnread ? ({ scan: 'unread', findings: [] } as const) : { findings: [...findings, low] }
        return imageRecord({ digest: digestOf(image), tags: [tag], ...read })
      })
      yield repositoryRecord({ repository, images })
    }
  }
  const open: OpenRegistry = () => ({
    problem: async () => undefined,
    async *list() {
      yield REPOSITORIES.slice(0, night.listed).map((repository) => ({ ...HOME, repository }))
      if (night.listed !== undefined) throw refusal()
    },
    readers: {} as never,
    readInventory: undefined,
    exporter: undefined,
  })
  const refusing = {
    ...store,
    read: (key: string) =>
      night.store === 'told unread' && key.startsWith('told/') ? Promise.reject(refusal()) : store.read(key),
    create: (key: string, text: string) => {
      const isRefused =
        (night.store === 'no records' && key.includes('/records/') && !key.includes('registry')) ||
        (night.store === 'told unwritten' && key.startsWith('told/'))
      return isRefused ? Promise.reject(refusal()) : store.create(key, text)
    },
  }
  const deps: StepDeps = {
    ...{ config: sweepConfigOf({ policy: [] }), home: HOME, store: refusing, open, now: () => now, alerts },
    queues: { scans, pushes: undefined, changes: undefined },
    ...{ reportUrl: () => 'https://report', securityHub: {} as never },
  }

  /** As the machine does: three times, and then without it. */
  async function tried<T>(work: () => Promise<T>): Promise<T | undefined> {
    for (let tries = 0; tries < 3; tries++)
      try {
        return await work()
      } catch (error) {
        if (!(error instanceof Unreadable)) throw error
      }
    return undefined
  }

  async function sweep(one: Night): Promise<void> {
    night = one
    faults = { queue: one.queue, topic: one.topic }
    now = new Date(now.getTime() + 86_400_000)
    for (const at of one.come) found.get(IMAGES[at] as string)?.add(`CVE-${++last}`)
    const step = createSteps(deps, judge)
    const scheduledTime = now.toISOString()
    const began = await tried(() => step({ step: 'begin', scheduledTime, execution: scheduledTime }))
    if (!began) return
    const { id } = began.answer as Begun
    const listed = await tried(() => step({ step: 'list', id, target: HOME }))
    const count = (listed?.answer as Listed | undefined)?.listed ?? 0
    for (const [n, repository] of REPOSITORIES.slice(0, count).entries()) {
      const batch = { BatchInput: { id, target: HOME }, Items: [{ n, repository }] }
      await tried(() => step({ step: 'judge', batch }))
    }
    await tried(() => step({ step: 'report', id }))
  }
  const untold = () => IMAGES.filter((image) => !isTold(image))
  return { sweep, untold, digests, needless, files }
}

const PLAIN: Night = { come: [], failing: [], unread: [], queue: 0, topic: 0, store: 'well', listed: undefined }

const some = (most: number) => fc.uniqueArray(fc.nat(most - 1), { maxLength: 3 })
const nights = (stores: readonly Night['store'][], lists: fc.Arbitrary<number | undefined>) =>
  fc.array(
    fc.record({
      ...{ come: some(IMAGES.length), failing: some(REPOSITORIES.length), unread: some(IMAGES.length) },
      ...{ queue: fc.nat(4), topic: fc.nat(4), store: fc.constantFrom(...stores), listed: lists },
    }),
    { minLength: 1, maxLength: 5 },
  )

describe('whatever goes wrong from the first night on', () => {
  beforeEach(() => void vi.spyOn(console, 'info').mockReturnValue(undefined))
  afterEach(() => void vi.restoreAllMocks())

  test('every finding at the threshold is told by an event or by a digest, as soon as a night goes well', async () => {
    const all = nights(
      ['well', 'no records', 'told unread', 'told unwritten'],
      fc.option(fc.nat(3), { nil: undefined }),
    )
    await fc.assert(
      fc.asyncProperty(all, async (history) => {
        const { sweep, untold } = rig()
        for (const night of history) await sweep(night)
        await sweep(PLAIN)
        expect(untold()).toEqual([])
      }),
      { numRuns: 40 },
    )
  })

  test('no image is named by two digests, and none rings without something new', async () => {
    const all = nights(['well', 'no records', 'told unread'], fc.constant(undefined))
    await fc.assert(
      fc.asyncProperty(all, async (history) => {
        const { sweep, digests, needless } = rig()
        for (const night of [...history, PLAIN, PLAIN]) await sweep(night)
        const named = new Set(digests.map(({ image, alert }) => `${image} ${alert}`))
        expect([named.size, needless]).toEqual([new Set(digests.map(({ image }) => image)).size, []])
      }),
      { numRuns: 40 },
    )
  })

  test('what a digest that was never sent would have told rings, where the next digest cannot tell of it', async () => {
    const { sweep, untold, digests } = rig()
    await sweep({ ...PLAIN, come: [0, 1], topic: 3 })
    await sweep({ ...PLAIN, unread: [0] })
    expect([untold(), digests.map(({ image }) => image)]).toEqual([['a/0:v0'], ['a/0:v1']])
    await sweep(PLAIN)
    expect(untold()).toEqual([])
  })

  test('only what the first night found is left to a digest: the next finding rings', async () => {
    const { sweep, digests, untold, files } = rig()
    await sweep({ ...PLAIN, come: [0, 1] })
    expect(digests.map(({ image }) => image)).toEqual(['a/0:v0', 'a/0:v1'])
    expect(JSON.parse(files.get(KEYS.told(HOME))?.text ?? '')).toEqual({ id: '2026-11-29t21', left: [] })
    await sweep({ ...PLAIN, come: [0, 7] })
    expect([untold(), digests.length]).toEqual([[], 2])
  })
})
