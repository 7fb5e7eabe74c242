import { describe, expect, test } from 'vitest'
import type { RepositoryValues } from '../../functions/domain/facts/repository-facts.ts'
import { Gone, Later, Unreadable } from '../../functions/faults.ts'
import { gather } from '../../functions/policy/gather.ts'
import { judge } from '../../functions/policy/judge.ts'
import { entry, judgingOf, REF, repositoryWorld } from './fakes.ts'

const denied = new Unreadable('ECR answered AccessDeniedException to GetLifecyclePolicy', true, undefined)
const throttled = new Unreadable('ECR answered ThrottlingException to GetLifecyclePolicy', false, undefined)

const NEEDS = new Set<keyof RepositoryValues>(['settings', 'lifecyclePolicy'])

describe('what is gathered', () => {
  test('is what is needed, each value once, and nothing that the reader does not know', async () => {
    const { reader, state } = repositoryWorld()
    const facts = await gather(reader, REF, new Set([...NEEDS, 'scan']), false)
    expect(Object.keys(facts)).toEqual(['settings', 'lifecyclePolicy'])
    expect(state.calls).toEqual(['settings', 'lifecyclePolicy'])
  })

  test('without one value that is denied has all the others', async () => {
    const { reader, state } = repositoryWorld()
    state.refused.lifecyclePolicy = denied
    expect(await gather(reader, REF, NEEDS, true)).toMatchObject({
      settings: { value: expect.anything() },
      lifecyclePolicy: { unread: denied.message },
    })
  })

  test('waits for a value that may be read later while there is patience', async () => {
    const { reader, state } = repositoryWorld()
    state.refused.lifecyclePolicy = throttled
    await expect(gather(reader, REF, NEEDS, true)).rejects.toThrow(new Later(throttled.message))
    expect(await gather(reader, REF, NEEDS, false)).toMatchObject({ lifecyclePolicy: { unread: throttled.message } })
  })

  test.each([new Gone('it is not there'), new TypeError('a fault of ours')])('fails where %s', async (error) => {
    const { reader, state } = repositoryWorld()
    state.refused.settings = error
    await expect(gather(reader, REF, NEEDS, false)).rejects.toThrow(error)
  })
})

test('what no rule needs is read where somebody else does', async () => {
  const { reader, state } = repositoryWorld()
  const { facts, verdicts } = await judge(REF, { ...judgingOf(reader, [entry()]), also: ['policy'] })
  expect(facts).toMatchObject({ policy: { value: undefined } })
  expect(verdicts).toMatchObject([{ rule: 'tag-immutability', outcome: 'fail' }])
  expect(state.calls).toEqual(['settings', 'policy'])
})
