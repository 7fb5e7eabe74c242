import { expect, test, vi } from 'vitest'
import { Gone, Unreadable } from '../../functions/faults.ts'
import { DIGEST } from '../builders.ts'
import { evidence, signed, verified } from '../domain/rules/evidence.ts'
import { detail } from '../domain/rules/facts.ts'
import { entryOf, NOW, push, setting, world } from './fakes.ts'

const SIGNATURE = `sha256:${'5e'.repeat(32)}`
const TAG = `sha256-${DIGEST.slice('sha256:'.length)}.sig`
const subject = { kind: 'artifact', what: 'a signature', subject: DIGEST } as const

const signedBy = { ...setting('signature'), parameters: { ...setting('signature').parameters, signedBy: ['ci'] } }
const policy = [entryOf(signedBy)]
const good = evidence({ signatures: [signed(verified('ci'))] })
const none = evidence({})

/** An image that was pushed so many minutes ago, and has no signature. */
function unsigned(minutes: number) {
  const made = world({ policy })
  made.state.values.evidence = none
  made.state.values.detail = detail({ pushedAt: new Date(NOW - minutes * 60_000).toISOString() })
  made.state.of.set(SIGNATURE, { manifest: subject })
  return made
}

const told = ({ published }: { published: readonly { items: readonly { id: string }[] }[] }) =>
  published.flatMap(({ items }) => items.map(({ id }) => id))

test('what is just pushed comes again until its grace is over, and is told then, once', async () => {
  const { state, check, again } = unsigned(1)
  expect((await check(push())).again).toHaveLength(1)
  expect(told(state)).toEqual([])
  state.now = NOW + 30 * 60_000
  expect((await again(push(), 6)).again).toEqual([])
  expect(told(state)).toEqual(['signature'])
  await again(push(), 7)
  expect(state.published).toHaveLength(1)
})

test('a grace that lasts longer than events may wait is left to the sweep', async () => {
  const { check, again } = unsigned(1)
  expect((await check(push())).again).toHaveLength(1)
  expect((await again(push(), 7)).again).toEqual([])
})

test.each([
  ['by its tag', push({ id: 'sig', digest: SIGNATURE, tag: TAG })],
  ['by its subject', push({ id: 'sig', digest: SIGNATURE, tag: undefined })],
  ['as a referrer', push({ id: 'sig', digest: SIGNATURE, tag: undefined, type: 'ECR Referrer Action' })],
])('a signature that comes, attached %s, has its image judged again: nothing more is told', async (_, event) => {
  const { state, check } = unsigned(60)
  await check(push())
  expect(told(state)).toEqual(['signature'])
  state.values.evidence = good
  expect((await check(event)).again).toEqual([])
  expect(state.published).toHaveLength(1)
  expect([...state.images.told.values()]).toMatchObject([{ told: {} }])
  // Late and again, in any order.
  await check(event, push())
  expect(state.published).toHaveLength(1)
})

test('a signature that proves nothing tells what is missing, once, also where it comes first', async () => {
  const { state, check } = unsigned(60)
  await check(push({ id: 'sig', digest: SIGNATURE, tag: TAG }))
  await check(push())
  expect(told(state)).toEqual(['signature'])
  expect(state.published[0]).toMatchObject({ subject: { digest: DIGEST } })
})

test('without a rule that looks at it, what is attached is nobody else', async () => {
  const { state, check } = world()
  state.of.set(SIGNATURE, { manifest: subject })
  const { outcomes } = await check(push({ digest: SIGNATURE, tag: TAG }))
  expect(outcomes).toMatchObject([{ outcome: 'alerted' }])
  expect(state.calls).not.toContain('evidence')
})

test('an image under a tag as of a signature is judged as the image that it is', async () => {
  const { state, check } = unsigned(60)
  state.of.delete(SIGNATURE)
  await check(push({ digest: SIGNATURE, tag: TAG }))
  expect(state.published).toMatchObject([{ subject: { digest: SIGNATURE } }])
})

test('under such a tag, what cannot be read is judged as what it may be, and so is its subject', async () => {
  const { state, check, again } = unsigned(60)
  state.refused.manifest = new Unreadable('its manifest is that of an image and of an index', true, undefined)
  await check(push({ digest: SIGNATURE, tag: TAG }))
  await again(push({ digest: SIGNATURE, tag: TAG }), 3)
  expect(state.published.map(({ subject: { digest } }) => digest).toSorted()).toEqual([DIGEST, SIGNATURE].toSorted())
})

const referrer = push({ id: 'sig', digest: SIGNATURE, tag: undefined, type: 'ECR Referrer Action' })

test('a referrer that ECR does not show yet comes again, and has its image judged then', async () => {
  const { state, check, again } = unsigned(60)
  await check(push())
  state.values.evidence = good
  state.refused.manifest = new Gone('the image is not there')
  expect((await check(referrer)).again).toHaveLength(1)
  delete state.refused.manifest
  expect((await again(referrer, 2)).again).toEqual([])
  expect([...state.images.told.values()]).toMatchObject([{ told: {} }])
})

test('a referrer that cannot be read for good, or for too long, is left to the sweep', async () => {
  const { state, check, again } = unsigned(60)
  state.refused.manifest = new Unreadable('denied', true, undefined)
  expect((await check(referrer)).outcomes).toMatchObject([{ outcome: 'not-an-image' }])
  state.refused.manifest = new Gone('the image is not there')
  expect((await again(referrer, 3)).outcomes).toMatchObject([{ outcome: 'not-an-image' }])
})

test('a fault with one push takes nothing from the others of its batch', async () => {
  vi.spyOn(console, 'error').mockReturnValueOnce(undefined)
  const { state, check } = unsigned(60)
  let reads = 0
  state.onRead = () => {
    if (++reads === 1) throw new TypeError('set by the test')
  }
  const { outcomes, again } = await check(push({ id: 'sig', digest: SIGNATURE, tag: undefined }), push())
  expect(outcomes.map(({ outcome }) => outcome)).toEqual(['retry', 'alerted'])
  expect(again).toHaveLength(1)
  vi.restoreAllMocks()
})

test('what cannot be read to say its subject is judged as what it is', async () => {
  const { state, check } = unsigned(60)
  state.refused.manifest = new Gone('the image is not there')
  expect((await check(push({ digest: SIGNATURE, tag: undefined, at: NOW - 3_600_000 }))).again).toHaveLength(1)
})
