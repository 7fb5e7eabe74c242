import { expect, test } from 'vitest'
import type { Quarantine } from '../../../functions/domain/quarantine/quarantine.ts'
import { release } from '../../../functions/policy/quarantine/release.ts'
import { REF } from '../fakes.ts'
import { manifestOf, tagWorld } from './tags.ts'

const OURS = manifestOf('ours')
const WHY = [{ rule: 'non-root-user', reason: 'It runs as root.' }]
const BEFORE: Quarantine = { tags: [{ tag: '1.0', as: 'quarantine-1.0' }], why: WHY }

/** @param fails what of a release throws: nothing is done after it */
function rig(fails?: string) {
  const world = tagWorld()
  world.push(OURS, 'quarantine-1.0')
  const kept: Quarantine[] = []
  const done = (name: string) => {
    world.state.calls.push(name)
    if (name === fails) throw new TypeError(`${name} failed`)
  }
  const releasing = release({
    ...{ image: { ...REF, digest: OURS.digest, tags: ['quarantine-1.0'] }, before: BEFORE, only: [] },
    ...{ by: 'alice', reason: 'OPS-12', now: new Date('2026-11-28T00:00:00Z') },
    hands: {
      tags: world.hands,
      journal: { intend: async () => done('intend'), close: async () => done('close') },
      pause: async () => {},
    },
    keep: async (quarantine) => {
      done('keep')
      kept.push(quarantine)
    },
  })
  return { ...world, kept, releasing }
}

test('a release is in the journal and remembered before the first tag goes back', async () => {
  const { state, kept, releasing } = rig()
  await releasing
  expect(state.calls.filter((call) => call !== 'named' && call !== 'manifests')).toEqual([
    ...['intend', 'keep', 'put', 'remove', 'close'],
  ])
  // Its own push is judged by this: it must not bring the image back, nor forget what a crash would leave there.
  expect(kept).toEqual([
    { ...BEFORE, released: { at: expect.any(String), by: 'alice', reason: 'OPS-12', of: WHY, tags: ['1.0'] } },
  ])
})

test.each(['intend', 'keep'])('where it cannot be remembered (%s), no tag is touched', async (fails) => {
  const { releasing, tagsOf, kept } = rig(fails)
  await expect(releasing).rejects.toThrow(`${fails} failed`)
  expect([tagsOf(OURS.digest), kept]).toEqual([['quarantine-1.0'], []])
})
