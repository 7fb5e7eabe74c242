import { describe, expect, test, vi } from 'vitest'
import type { ActiveRule, PolicyEntry } from '../../functions/domain/policy.ts'
import type { RepositoryState } from '../../functions/domain/repository-state.ts'
import type { Remedy } from '../../functions/domain/rule/remedy.ts'
import { Gone, Later, Unreadable } from '../../functions/faults.ts'
import { judge } from '../../functions/policy/judge.ts'
import { putRight } from '../../functions/policy/put-right.ts'
import { settle } from '../../functions/policy/repository.ts'
import { verdict } from '../builders.ts'
import { NOW, settings } from '../domain/rules/facts.ts'
import { policyOf, root, statement } from '../domain/rules/policies.ts'
import { entryOf, setting } from '../push-check/fakes.ts'
import { entry, fakeMemory, judgingOf, REF, repositoryWorld } from './fakes.ts'

const denied = new Unreadable('ECR answered AccessDeniedException to PutImageTagMutability', true, undefined)
const throttled = new Unreadable('ECR answered ThrottlingException to PutImageTagMutability', false, undefined)

type Change = { policy?: readonly PolicyEntry[]; isPatient?: boolean }

/** A repository with a memory, looked at again and again. */
function rig(world = repositoryWorld()) {
  const { told, held, memory } = fakeMemory<RepositoryState>()
  const look = async (minutes = 0, { policy = [entry()], isPatient = false }: Change = {}) => {
    const now = new Date(NOW.getTime() + minutes * 60_000)
    const judging = { ...judgingOf(world.reader, policy, now), isPatient }
    const claim = await memory.claim('a')
    try {
      const judged = await judge(REF, judging)
      const news = await settle(claim, judged, {
        ref: REF,
        judging,
        hands: world.hands,
        events: ['event-1'],
        inForce: judging.rules.map(({ rule }) => rule.id),
      })
      await news.mark({ isTold: true, isShown: news.rings })
      return news
    } finally {
      await claim.release()
    }
  }
  const revert = () => {
    world.state.values.settings = settings({ tagMutability: 'MUTABLE' })
  }
  return { ...world, told, held, look, revert }
}

describe('a fail in enforce', () => {
  test('is put right, read back and told with what undoes it', async () => {
    const { state, look } = rig()
    const { outcomes, items, rings } = await look()
    expect(state.values.settings.tagMutability).toBe('IMMUTABLE')
    expect(outcomes).toMatchObject([
      { state: 'done', verdict: { outcome: 'fail' }, remedy: { undo: { operation: 'PutImageTagMutability' } } },
    ])
    expect([items, rings]).toEqual([[], false])
  })

  test('is in the journal before it is written, and its outcome afterwards', async () => {
    const { state, look } = rig()
    await look()
    expect(state.order).toEqual(['intent', 'write', 'outcome'])
    expect(state.intents).toEqual([
      {
        ref: REF,
        rule: 'tag-immutability',
        at: NOW.toISOString(),
        what: 'Make tags immutable',
        before: {
          reason: 'Tags can be moved to another image.',
          evidence: [{ name: 'Tag mutability', value: 'MUTABLE' }],
        },
        write: {
          operation: 'PutImageTagMutability',
          input: { repositoryName: 'prod/api', imageTagMutability: 'IMMUTABLE' },
        },
        undo: {
          operation: 'PutImageTagMutability',
          input: { repositoryName: 'prod/api', imageTagMutability: 'MUTABLE' },
        },
        undoCommand:
          'aws ecr put-image-tag-mutability --region ap-northeast-1 --repository-name prod/api --image-tag-mutability MUTABLE',
        events: ['event-1'],
      },
    ])
    expect(state.closed).toEqual([`${NOW.toISOString()} tag-immutability: done`])
  })

  test.each([
    ['in report', [entry({ mode: 'report' })]],
    ['without a rule in force', [entry({ mode: 'off' })]],
  ] as const)('is not touched %s', async (_, policy) => {
    const { state, look } = rig()
    await look(0, { policy })
    expect(state.writes).toEqual([])
    expect(state.intents).toEqual([])
  })

  test('that cannot be read is unknown, and not touched', async () => {
    const { state, look } = rig()
    state.refused.settings = denied
    const { items, outcomes } = await look()
    expect(items).toMatchObject([{ change: 'new', verdict: { outcome: 'unknown' } }])
    expect([outcomes, state.writes]).toEqual([[], []])
  })

  test('is not written over what somebody has put right meanwhile', async () => {
    const { state, look } = rig()
    let reads = 0
    state.onRead = () => {
      reads += 1
      if (reads === 2) state.values.settings = settings({ tagMutability: 'IMMUTABLE' })
    }
    const { outcomes, items } = await look()
    expect(state.writes).toEqual([])
    expect([outcomes, items]).toEqual([[], []])
    expect(state.closed).toEqual([`${NOW.toISOString()} tag-immutability: needless`])
  })

  test('is not written over what somebody has changed to something else meanwhile', async () => {
    const { state, look } = rig()
    let reads = 0
    state.onRead = () => {
      reads += 1
      if (reads === 2) state.values.settings = settings({ tagMutability: 'MUTABLE_WITH_EXCLUSION', exclusions: ['v*'] })
    }
    const { outcomes } = await look()
    expect(state.writes).toEqual([])
    expect(outcomes).toMatchObject([{ state: 'failed', why: 'somebody else changed it at the same moment' }])
  })

  test('is not written when it can no longer be read right before', async () => {
    const { state, look } = rig()
    let reads = 0
    state.onRead = () => {
      reads += 1
      if (reads === 2) state.refused.settings = throttled
    }
    const { outcomes } = await look()
    expect(state.writes).toEqual([])
    expect(outcomes).toMatchObject([{ state: 'failed', why: expect.stringContaining('it could not be read again') }])
  })
})

describe('a fail that is throttled right before it is put right', () => {
  test('is put right later, once', async () => {
    const { state, look } = rig()
    let reads = 0
    state.onRead = () => {
      reads += 1
      if (reads === 2) throw throttled
    }
    await expect(look(0, { isPatient: true })).rejects.toThrow(Later)
    expect(state.writes).toEqual([])
    expect((await look(6, { isPatient: true })).outcomes).toMatchObject([{ state: 'done' }])
    expect(state.writes).toHaveLength(1)
  })
})

describe('a remedy', () => {
  test('that is refused is told once, and tried again after an hour', async () => {
    const { state, look } = rig()
    state.onWrite = () => {
      throw denied
    }
    expect((await look()).outcomes).toMatchObject([{ state: 'failed', why: denied.message }])
    const second = await look(30)
    expect([second.outcomes, second.rings, state.writes]).toEqual([[], false, [expect.anything()]])
    const third = await look(61)
    expect([third.outcomes, third.rings]).toEqual([[], false])
    expect(state.writes).toHaveLength(2)
    state.onWrite = undefined
    expect((await look(130)).outcomes).toMatchObject([{ state: 'done' }])
  })

  test('that mends what it is about is done, also where the rule fails for something else', async () => {
    const named = statement({ Sid: 'Other', Principal: root('555555555555') })
    const { state, look } = rig(
      repositoryWorld({ policy: policyOf(statement({ Sid: 'Open', Principal: '*' }), named) }),
    )
    state.onWrite = () => {
      state.values.policy = policyOf(named)
    }
    const parameters = { accounts: [], pushAccounts: [], organisations: [], networks: [], services: [] }
    const policy = [entry({ rule: 'repository-policy', parameters })]
    expect((await look(0, { policy })).outcomes).toMatchObject([{ state: 'done', verdict: { outcome: 'fail' } }])
    expect(state.pauses).toEqual([])
    expect((await look(5, { policy })).outcomes).toEqual([])
    expect(state.writes).toHaveLength(1)
  })

  test('that does not take effect is told, after it was read back three times', async () => {
    const { state, look } = rig()
    state.onWrite = () => undefined
    expect((await look()).outcomes).toMatchObject([
      { state: 'failed', why: 'it did not take effect: Tags can be moved to another image' },
    ])
    expect(state.pauses).toEqual([500, 2_000])
    expect(state.closed[0]).toContain('failed: it did not take effect')
  })

  test('that ECR shows late has taken effect', async () => {
    const { state, look } = rig()
    state.onWrite = () => undefined
    let reads = 0
    state.onRead = () => {
      reads += 1
      if (reads === 4) state.values.settings = settings({ tagMutability: 'IMMUTABLE' })
    }
    expect((await look()).outcomes).toMatchObject([{ state: 'done' }])
  })

  test('that cannot be read back is told as that', async () => {
    const { state, look } = rig()
    state.onWrite = () => {
      state.refused.settings = denied
    }
    expect((await look()).outcomes).toMatchObject([
      { state: 'failed', why: expect.stringContaining('it could not be read back') },
    ])
  })

  test('that is throttled comes again while there is patience, and is no revert then', async () => {
    const { state, look, told } = rig()
    await look()
    state.values.settings = settings({ tagMutability: 'MUTABLE' })
    state.onWrite = () => {
      throw throttled
    }
    await expect(look(5, { isPatient: true })).rejects.toThrow(Later)
    await expect(look(6, { isPatient: true })).rejects.toThrow(Later)
    expect(told.get('a')?.enforcement['tag-immutability']?.reverts).toHaveLength(1)
    state.onWrite = undefined
    expect((await look(7, { isPatient: true })).outcomes).toMatchObject([{ state: 'done' }])
  })

  test('on a repository that is deleted meanwhile ends as gone', async () => {
    const { state, look } = rig()
    state.onWrite = () => {
      throw new Gone('the repository is not there')
    }
    await expect(look()).rejects.toThrow(Gone)
  })

  test('that a crash cuts off after the write is told by the next look', async () => {
    const { state, look } = rig()
    state.onWrite = () => {
      state.values.settings = settings({ tagMutability: 'IMMUTABLE' })
      throw new TypeError('the end of the process')
    }
    await expect(look()).rejects.toThrow(TypeError)
    expect(state.closed).toEqual([])
    const { outcomes } = await look(6)
    expect(outcomes).toMatchObject([{ state: 'done', verdict: { reason: 'Tags can be moved to another image.' } }])
    expect(state.closed).toEqual([`${NOW.toISOString()} tag-immutability: done, and found so later`])
    expect((await look(7)).outcomes).toEqual([])
  })

  test('that a crash cuts off before the write is done by the next look', async () => {
    const { state, look } = rig()
    state.onWrite = () => {
      throw new TypeError('the end of the process')
    }
    await expect(look()).rejects.toThrow(TypeError)
    state.onWrite = undefined
    expect((await look(6)).outcomes).toMatchObject([{ state: 'done' }])
    expect((await look(7)).outcomes).toEqual([])
    expect(state.closed.map((line) => line.split(': ')[1])).toEqual(['not done, and begun again', 'done'])
  })

  test('that its rule does not name among its writes is a fault of ours', async () => {
    const { state, reader, hands } = rig()
    const judging = judgingOf(reader)
    const rule = judging.rules[0] as ActiveRule
    const place = { ref: REF, rule: { ...rule, rule: { ...rule.rule, writes: [] } }, judging }
    const remedy: Remedy = {
      what: 'Delete it',
      write: { operation: 'DeleteRepositoryPolicy', input: {} },
      undo: { operation: 'SetRepositoryPolicy', input: {} },
    }
    const plan = { verdict: verdict(), remedy, at: NOW.toISOString(), events: [], keep: async () => {} }
    await expect(putRight(place, plan, hands)).rejects.toThrow('does not name DeleteRepositoryPolicy among its writes')
    expect(state.order).toEqual([])
  })

  test('is not done where the intent cannot be remembered', async () => {
    const world = rig()
    const { state, look } = world
    world.state.onIntent = () => Promise.reject(new TypeError('table'))
    await expect(look()).rejects.toThrow('table')
    expect(state.writes).toEqual([])
  })

  test('is not done where the claim ran out', async () => {
    const { state, reader, hands } = rig()
    const judging = judgingOf(reader)
    const claim = { told: undefined, keep: () => Promise.reject(new Later('taken')), mark: vi.fn(), release: vi.fn() }
    const about = { ref: REF, judging, hands, events: [], inForce: [] }
    await expect(settle(claim, await judge(REF, judging), about)).rejects.toThrow(Later)
    expect(state.writes).toEqual([])
  })
})

describe('several remedies at once', () => {
  const policy = [entryOf(setting('tag-immutability', 'enforce'), setting('lifecycle-policy', 'enforce'))]

  test('are told together', async () => {
    const { look } = rig(repositoryWorld({ lifecyclePolicy: undefined }))
    expect((await look(0, { policy })).outcomes).toMatchObject([{ state: 'done' }, { state: 'done' }])
  })

  test('of which a crash cuts off the second are all told by the next look', async () => {
    const { state, look } = rig(repositoryWorld({ lifecyclePolicy: undefined }))
    state.onIntent = async () => {
      if (state.intents.length === 1) throw new TypeError('the end of the process')
    }
    await expect(look(0, { policy })).rejects.toThrow(TypeError)
    expect(state.values.settings.tagMutability).toBe('IMMUTABLE')
    state.onIntent = undefined
    expect((await look(6, { policy })).outcomes).toMatchObject([
      { state: 'done', verdict: { rule: 'tag-immutability' } },
      { state: 'done', verdict: { rule: 'lifecycle-policy' } },
    ])
    expect((await look(7, { policy })).outcomes).toEqual([])
  })

  test('of which one is stopped, and a crash cuts off the other, say by the next look that it is', async () => {
    const { state, look, revert } = rig()
    await look(0, { policy })
    revert()
    await look(10, { policy })
    revert()
    state.values.lifecyclePolicy = undefined
    state.onWrite = () => {
      throw new TypeError('the end of the process')
    }
    await expect(look(20, { policy })).rejects.toThrow(TypeError)
    state.onWrite = undefined
    expect((await look(26, { policy })).outcomes).toMatchObject([{ state: 'stopped' }, { state: 'done' }])
  })
})

describe('a setting that is changed back', () => {
  test('is put right again, and the second time within an hour left alone for a day, which is told once', async () => {
    const { state, look, revert } = rig()
    await look()
    revert()
    expect((await look(10)).outcomes).toMatchObject([{ state: 'done' }])
    revert()
    expect((await look(20)).outcomes).toMatchObject([
      { state: 'stopped', why: 'it was changed back twice within an hour' },
    ])
    for (const minutes of [21, 300, 20 + 24 * 60 - 1]) {
      const { outcomes, rings } = await look(minutes)
      expect([outcomes, rings]).toEqual([[], false])
    }
    expect(state.writes).toHaveLength(2)
    expect((await look(20 + 24 * 60)).outcomes).toMatchObject([{ state: 'done' }])
  })

  test('now and then is put right every time', async () => {
    const { look, revert } = rig()
    for (let day = 0; day < 5; day++) {
      revert()
      expect((await look(day * 61)).outcomes).toMatchObject([{ state: 'done' }])
    }
  })
})
