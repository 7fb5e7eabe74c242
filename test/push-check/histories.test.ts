import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { Unreadable } from '../../functions/faults.ts'
import { checkBatch } from '../../functions/push-check/push-check.ts'
import { config, content, detail, platform } from '../domain/rules/facts.ts'
import { deliver } from '../queue.ts'
import { NOW, push, world } from './fakes.ts'

const DIGESTS = ['a', 'b', 'c', 'd'].map((letter) => `sha256:${letter.repeat(64)}`)

type Push = { readonly digest: number; readonly tag: number }
type Fault = 'none' | 'throttled' | 'denied' | 'unexpected'

const pushes = fc.array(fc.record({ digest: fc.nat(3), tag: fc.nat(2) }), { minLength: 1, maxLength: 8 })
const faultsAt = (most: number) =>
  fc.array(fc.constantFrom<Fault>('none', 'none', 'none', 'throttled', 'denied', 'unexpected'), { maxLength: most })

/** Images of which every other one runs as root, in a repository whose tags may move. */
function rig() {
  const { state, deps } = world()
  for (const [at, digest] of DIGESTS.entries())
    state.of.set(digest, {
      content: content(platform({ config: config({ user: at % 2 === 0 ? 'root' : 'app' }) })),
      detail: detail({ tags: ['1.0.0'] }),
    })
  const handle = (records: Parameters<typeof checkBatch>[0]) => checkBatch(records, deps)
  /** What was told as new, each as `digest rule outcome`. */
  const told = () =>
    state.published.flatMap(({ subject, items }) =>
      items
        .filter(({ change }) => change === 'new')
        .map(({ id, text }) => `${subject.digest} ${id} ${/^could not/i.test(text) ? 'unknown' : 'fail'}`),
    )
  const fail = (faults: readonly Fault[]) => {
    const left = [...faults]
    const next = () => {
      const fault = left.shift()
      if (fault === 'throttled') throw new Unreadable('ECR answered ThrottlingException', false, undefined)
      if (fault === 'denied') throw new Unreadable('ECR answered AccessDeniedException', true, undefined)
      if (fault === 'unexpected') throw new TypeError('socket hang up')
    }
    state.onRead = next
    state.repository.onRead = next
    return () => left.splice(0)
  }
  return { state, handle, told, fail }
}

const eventsOf = (history: readonly Push[], prefix = 'push') =>
  history.map(({ digest, tag }, at) =>
    push({ id: `${prefix}-${at}`, digest: DIGESTS[digest] as string, tag: `1.0.${tag}`, at: NOW + at * 1_000 }),
  )

const withDuplicates = (events: readonly object[]) =>
  fc.shuffledSubarray([...events, ...events, ...events], { minLength: events.length * 3 })

describe('whatever is pushed, and however often and in what order it is heard of', () => {
  beforeEach(() => void vi.spyOn(console, 'error').mockReturnValue(undefined))
  afterEach(() => void vi.restoreAllMocks())

  test('each image that fails is told once, and each that holds is not', async () => {
    const history = pushes.chain((all) =>
      fc.tuple(fc.constant(all), withDuplicates(eventsOf(all)), fc.integer({ min: 1, max: 4 })),
    )
    await fc.assert(
      fc.asyncProperty(history, async ([all, delivered, batches]) => {
        const { state, handle, told } = rig()
        expect(await deliver(delivered, handle, { batches })).toBe(0)
        const failing = new Set(all.filter(({ digest }) => digest % 2 === 0).map(({ digest }) => DIGESTS[digest]))
        const ofImages = told().filter((one) => one.includes('non-root-user'))
        expect(ofImages.toSorted()).toEqual([...failing].map((digest) => `${digest} non-root-user fail`).toSorted())
        expect(told().some((one) => one.includes('tag-immutability'))).toBe(true)
        expect([...state.images.held, ...state.repositories.held]).toEqual([])
      }),
      { numRuns: 200 },
    )
  })

  test('faults of AWS lose nothing, repeat nothing, and make nothing pass', async () => {
    const history = pushes.chain((all) =>
      fc.tuple(fc.constant(all), withDuplicates(eventsOf(all)), faultsAt(60), fc.integer({ min: 1, max: 4 })),
    )
    await fc.assert(
      fc.asyncProperty(history, async ([all, delivered, faults, batches]) => {
        const { state, handle, told, fail } = rig()
        const end = fail(faults)
        expect(await deliver(delivered, handle, { batches })).toBe(0)
        const seen = new Set(all.map(({ digest }) => DIGESTS[digest]))
        for (const digest of seen) {
          const isRoot = DIGESTS.indexOf(digest as string) % 2 === 0
          const heard = told().filter((one) => one.startsWith(`${digest} non-root-user`))
          if (isRoot) expect(heard.length).toBeGreaterThan(0)
        }
        end()
        await deliver(eventsOf(all, 'later'), handle, { batches })
        for (const digest of seen) {
          const isRoot = DIGESTS.indexOf(digest as string) % 2 === 0
          expect(told().includes(`${digest} non-root-user fail`)).toBe(isRoot)
        }
        // What could not be read, was found to hold, and cannot be read again, is news again; a fail is news once.
        const fails = told().filter((one) => one.endsWith('non-root-user fail'))
        expect(fails.length).toBe(new Set(fails).size)
        expect([...state.images.held, ...state.repositories.held]).toEqual([])
      }),
      { numRuns: 300 },
    )
  })

  test('an alert that could not be published is published later, and one that was is not repeated', async () => {
    const history = pushes.chain((all) =>
      fc.tuple(fc.constant(eventsOf(all)), fc.array(fc.boolean(), { maxLength: 10 })),
    )
    await fc.assert(
      fc.asyncProperty(history, async ([events, failures]) => {
        const { state, handle, told } = rig()
        const left = [...failures]
        state.onPublish = () => {
          if (left.shift()) throw new TypeError('socket hang up')
        }
        expect(await deliver(events, handle, { batches: 2 })).toBe(0)
        const ofImages = told().filter((one) => one.includes('non-root-user'))
        expect(ofImages.length).toBe(new Set(ofImages).size)
      }),
      { numRuns: 200 },
    )
  })
})
