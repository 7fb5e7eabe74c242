import fc from 'fast-check'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { isQuarantineTag } from '../../functions/domain/quarantine/tags.ts'
import { release } from '../../functions/policy/quarantine/release.ts'
import type { ImageState } from '../../functions/push-check/image-state.ts'
import { checkBatch } from '../../functions/push-check/push-check.ts'
import { config, content, detail, platform, settings } from '../domain/rules/facts.ts'
import { manifestOf } from '../policy/quarantine/tags.ts'
import { deliver } from '../queue.ts'
import { entryOf, NOW, push, setting, world } from './fakes.ts'

const IMAGES = ['a', 'b', 'c'].map(manifestOf)
const TAGS = ['1.0.0', '2.0.0', 'latest']
const GOOD = IMAGES[1]?.digest
const isBad = (image: number): boolean => image !== 1

type Step =
  | { readonly do: 'push'; readonly image: number; readonly tag: number }
  | { readonly do: 'handle'; readonly dies: readonly number[]; readonly repeats: number }
  | { readonly do: 'release'; readonly image: number; readonly dies: number }

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constant('push' as const), image: fc.nat(2), tag: fc.nat(2) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('handle' as const),
      dies: fc.array(fc.integer({ min: 1, max: 20 }), { maxLength: 3 }),
      repeats: fc.integer({ min: 1, max: 2 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('release' as const), image: fc.nat(2), dies: fc.nat(12) }),
  },
)

/** A repository of three images, of which all but one run as root, and everything that was ever pushed to it. */
function rig() {
  const { state, tags, deps } = world({
    policy: [entryOf({ ...setting('non-root-user'), quarantine: true })],
    repository: { settings: settings({ tagMutability: 'MUTABLE' }) },
  })
  const pushed = new Set<string>()
  const named = new Map(TAGS.map((tag) => [tag, new Set<string>()]))
  /** What was pushed last under each tag. */
  const last = new Map<string, string>()
  const waiting: object[] = []
  let events = 0
  const show = (): void => {
    for (const [image, { digest }] of IMAGES.entries())
      state.of.set(digest, {
        detail: detail({ tags: tags.tagsOf(digest) }),
        content: content(platform({ config: config({ user: isBad(image) ? 'root' : 'app' }) })),
      })
  }
  /** Dies before the nth call from now, or after it: every other time. */
  const dyingAt = (nth: number): void => {
    let calls = 0
    const die = () => {
      if (++calls === nth) throw new TypeError('the function died')
    }
    tags.state.onCall = nth % 2 === 0 ? die : undefined
    tags.state.onDone = nth % 2 === 1 ? die : undefined
  }
  const put = (image: number, tag: number): void => {
    const [manifest, name] = [IMAGES[image] as (typeof IMAGES)[number], TAGS[tag] as string]
    tags.push(manifest, name)
    pushed.add(manifest.digest)
    named.get(name)?.add(manifest.digest)
    last.set(name, manifest.digest)
    waiting.push(push({ id: `push-${++events}`, digest: manifest.digest, tag: name, at: NOW }))
  }
  const handle = async (dies: readonly number[], repeats: number): Promise<void> => {
    const arrived = waiting.splice(0)
    const left = [...dies]
    const delivered = Array.from({ length: repeats }, () => arrived).flat()
    const lost = await deliver(
      delivered,
      (records) => {
        show()
        dyingAt(left.shift() ?? 0)
        return checkBatch(records, deps)
      },
      { batches: 1 },
    )
    expect(lost).toBe(0)
    dyingAt(0)
  }
  const letGo = async (image: number, dies: number): Promise<void> => {
    const { digest } = IMAGES[image] as (typeof IMAGES)[number]
    const ref = { account: '123456789012', region: 'ap-northeast-1', repository: 'prod/api', digest }
    const claim = await state.images.memory.claim(`image#123456789012/ap-northeast-1/prod/api@${digest}`)
    const told: ImageState = claim.told ?? { told: {}, events: [] }
    dyingAt(dies)
    try {
      const { next } = await release({
        ...{ image: { ...ref, tags: tags.tagsOf(digest) }, before: told.quarantine, only: [] },
        ...{ by: 'alice', reason: undefined, now: new Date(state.now) },
        hands: { ...deps.ports.registries(ref).hands, tags: tags.hands },
        keep: (quarantine) => claim.keep({ ...told, quarantine }),
      })
      await claim.mark({ ...told, quarantine: next })
    } catch {
      await claim.release()
    }
    dyingAt(0)
  }
  return { tags, pushed, named, last, put, handle, letGo }
}

beforeEach(() => void vi.spyOn(console, 'error').mockReturnValue(undefined))
afterEach(() => void vi.restoreAllMocks())

test('whatever is pushed, moved, released, and wherever it dies: no digest goes, and no tag comes to name what it never named', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), async (steps) => {
      const { tags, pushed, named, last, put, handle, letGo } = rig()
      const safe = () => {
        for (const digest of pushed) expect(tags.state.images.has(digest)).toBe(true)
        for (const [tag, digest] of tags.state.tags)
          if (!isQuarantineTag(tag)) expect(named.get(tag)?.has(digest)).toBe(true)
        // Whatever becomes of the others, an image that passes keeps the tags that were last pushed for it.
        for (const [tag, digest] of last) if (digest === GOOD) expect(tags.state.tags.get(tag)).toBe(GOOD)
      }
      for (const one of steps) {
        if (one.do === 'push') put(one.image, one.tag)
        else if (one.do === 'handle') await handle(one.dies, one.repeats)
        else await letGo(one.image, one.dies)
        safe()
      }
      await handle([], 1)
      safe()
    }),
    { numRuns: 300 },
  )
})

test('what is in quarantine and is released has exactly the tags that it had', async () => {
  const history = fc.record({
    tags: fc.uniqueArray(fc.stringMatching(/^\w[\w.-]{0,127}$/), { minLength: 1, maxLength: 6 }),
    dies: fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 3 }),
    releases: fc.array(fc.integer({ min: 1, max: 25 }), { maxLength: 3 }),
  })
  await fc.assert(
    fc.asyncProperty(history, async ({ tags: names, dies, releases }) => {
      const { tags, pushed, named, put, handle, letGo } = rig()
      const [{ digest } = { digest: '' }] = IMAGES
      const before = [...new Set([...names.filter((name) => !isQuarantineTag(name)), '1.0.0'])].toSorted()
      put(0, 0)
      tags.push(IMAGES[0] as (typeof IMAGES)[number], ...before)
      await handle(dies, 1)
      expect([pushed.size, named.size]).toEqual([1, 3])
      expect(tags.tagsOf(digest).every(isQuarantineTag)).toBe(true)
      for (const dying of [...releases, 0]) await letGo(0, dying)
      expect(tags.tagsOf(digest)).toEqual(before)
      put(0, 0)
      await handle([], 1)
      expect(tags.tagsOf(digest)).toEqual(before)
    }),
    { numRuns: 200 },
  )
})
