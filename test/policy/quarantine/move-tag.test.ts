import { describe, expect, test } from 'vitest'
import { moveTag } from '../../../functions/policy/quarantine/move-tag.ts'
import { REF } from '../fakes.ts'
import { manifestOf, tagWorld } from './tags.ts'

const [OURS, OTHER] = [manifestOf('ours'), manifestOf('other')]
const DONE = { state: 'done' }

function rig() {
  const world = tagWorld()
  const pauses: number[] = []
  world.push(OURS, '1.0', 'latest')
  const hands = { tags: world.hands, pause: async (milliseconds: number) => void pauses.push(milliseconds) }
  const move = () => moveTag({ ref: REF, manifest: OURS, from: '1.0', to: 'quarantine-1.0' }, hands)
  /** Does something once, before a call of that name for the nth time. */
  const ahead = (name: string, nth: number, then: () => void): void => {
    let seen = 0
    world.state.onCall = (called) => {
      if (called === name && ++seen === nth) then()
    }
  }
  return { ...world, pauses, move, ahead }
}

describe('a tag that is moved', () => {
  test('goes once the other was read back, and its digest stays', async () => {
    const { state, move, tagsOf } = rig()
    expect(await move()).toEqual(DONE)
    expect(state.calls).toEqual(['named', 'put', 'named', 'remove', 'named'])
    expect(tagsOf(OURS.digest)).toEqual(['latest', 'quarantine-1.0'])
  })

  test('goes also where it is the last, and is gone already the second time', async () => {
    const { state, move, untag, tagsOf } = rig()
    untag('latest')
    expect([await move(), await move()]).toEqual([DONE, DONE])
    expect(tagsOf(OURS.digest)).toEqual(['quarantine-1.0'])
    expect(state.calls.filter((call) => call === 'put' || call === 'remove')).toEqual(['put', 'remove'])
  })

  test('is left where it names another image, also from one moment to the next', async () => {
    const stolen = rig()
    stolen.push(OTHER, '1.0')
    expect(await stolen.move()).toEqual({ state: 'left', why: 'it does not name this image any more' })
    expect(stolen.state.calls).toEqual(['named'])
    const late = rig()
    late.ahead('named', 2, () => late.push(OTHER, '1.0'))
    expect(await late.move()).toMatchObject({ state: 'left' })
    const last = rig()
    last.ahead('remove', 1, () => last.push(OTHER, '1.0'))
    expect(await last.move()).toEqual(DONE)
    for (const { tagsOf } of [stolen, late, last]) expect(tagsOf(OTHER.digest)).toEqual(['1.0'])
    expect(last.tagsOf(OURS.digest)).toEqual(['latest', 'quarantine-1.0'])
  })

  test('takes no tag from another image', async () => {
    const { push, move, tagsOf } = rig()
    push(OTHER, 'quarantine-1.0')
    expect(await move()).toEqual({ state: 'left', why: 'the tag quarantine-1.0 names another image' })
    expect(tagsOf(OURS.digest)).toEqual(['1.0', 'latest'])
  })
})

describe('an ECR that lags or refuses', () => {
  test('is asked again, and in the end the old tag stays', async () => {
    const { state, hands, move, pauses, tagsOf } = rig()
    Object.assign(hands, { put: async () => void state.calls.push('put') })
    expect(await move()).toEqual({ state: 'failed', why: 'the tag quarantine-1.0 was not there when it was read back' })
    expect(pauses).toEqual([500, 2_000])
    expect(tagsOf(OURS.digest)).toEqual(['1.0', 'latest'])
  })

  test.each([
    [[{ code: 'KmsError', reason: 'r' }], 'ECR answered KmsError to BatchDeleteImage'],
    [[], 'ECR still shows it'],
  ])('and does not remove the tag says why: %j', async (failures, why) => {
    const { hands, move, tagsOf } = rig()
    Object.assign(hands, { remove: async () => ({ failures }) })
    expect(await move()).toEqual({ state: 'failed', why })
    expect(tagsOf(OURS.digest)).toEqual(['1.0', 'latest', 'quarantine-1.0'])
  })
})

describe('whoever takes the new tag from the image just before its last tag goes', () => {
  test('does not make the image go: it has its tag again', async () => {
    const { state, push, untag, move, ahead, tagsOf } = rig()
    untag('latest')
    ahead('remove', 1, () => push(OTHER, 'quarantine-1.0'))
    expect(await move()).toEqual({
      state: 'failed',
      why: 'the tag quarantine-1.0 was taken from it at the same moment',
    })
    expect(tagsOf(OURS.digest)).toEqual(['1.0'])
    expect(state.images.has(OURS.digest)).toBe(true)
  })

  test('nor where the old tag names another image by then: it is there without one', async () => {
    const { state, push, untag, move, ahead, tagsOf } = rig()
    untag('latest')
    ahead('remove', 1, () => push(OTHER, 'quarantine-1.0'))
    state.onDone = (name) => name === 'remove' && push(OTHER, '1.0')
    expect(await move()).toMatchObject({ state: 'failed' })
    expect(tagsOf(OTHER.digest)).toEqual(['1.0', 'quarantine-1.0'])
    expect(state.images.has(OURS.digest)).toBe(true)
  })
})
