import { describe, expect, test } from 'vitest'
import { NOTHING_TOLD, type RepositoryState } from '../../functions/domain/repository-state.ts'
import { judge } from '../../functions/policy/judge.ts'
import { settle } from '../../functions/policy/repository.ts'
import { NOW, settings } from '../domain/rules/facts.ts'
import { entry, fakeMemory, judgingOf, REF, repositoryWorld } from './fakes.ts'

/** A repository whose tags may move, and what is remembered of it. */
function rig() {
  const world = repositoryWorld()
  const { told, memory } = fakeMemory<RepositoryState>()
  const look = async (alerted = true) => {
    const judging = judgingOf(world.reader, [entry({ mode: 'report' })])
    const about = { ref: REF, judging, hands: world.hands, events: [], inForce: ['tag-immutability'] }
    const news = await settle(await memory.claim('a'), await judge(REF, judging), about)
    await news.mark({ isTold: alerted, isShown: alerted })
    return news
  }
  const set = (tagMutability: 'MUTABLE' | 'IMMUTABLE') => {
    world.state.values.settings = settings({ tagMutability })
  }
  return { told: () => told.get('a') ?? NOTHING_TOLD, look, set }
}

describe('a repository', () => {
  test('that begins to fail rings once', async () => {
    const { look } = rig()
    expect(await look()).toMatchObject({ rings: true, items: [{ change: 'new' }] })
    expect(await look()).toMatchObject({ rings: false, items: [{ change: 'known' }] })
  })

  test('of which nobody was told rings until somebody is', async () => {
    const { look } = rig()
    expect(await look(false)).toMatchObject({ rings: true })
    expect(await look(true)).toMatchObject({ rings: true })
    expect(await look(true)).toMatchObject({ rings: false })
  })

  test('that holds again is remembered as fixed, in silence, and rings when it fails again', async () => {
    const { look, set, told } = rig()
    await look()
    set('IMMUTABLE')
    expect(await look(false)).toMatchObject({ rings: false, items: [{ change: 'gone' }] })
    expect(told()).toEqual({ told: {}, fixed: { 'tag-immutability': { at: NOW.toISOString() } }, enforcement: {} })
    expect(await look(true)).toMatchObject({ rings: false, items: [{ change: 'gone' }] })
    expect(await look(true)).toMatchObject({ rings: false, items: [] })
    set('MUTABLE')
    expect(await look()).toMatchObject({ rings: true })
    expect(told().fixed).toEqual({})
  })
})
