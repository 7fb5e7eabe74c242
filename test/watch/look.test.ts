import { describe, expect, test } from 'vitest'
import type { RegistryRef } from '../../functions/domain/facts/registry-facts.ts'
import { checkBatch } from '../../functions/push-check/push-check.ts'
import { lookEvent } from '../../functions/sweep/events.ts'
import { registry, settings } from '../domain/rules/facts.ts'
import { entryOf, NOW, push, world as pushWorld, setting } from '../push-check/fakes.ts'
import { record } from '../scan-alert/fakes.ts'
import { call, world } from './fakes.ts'

/** As a sweep sends it, which found something else than the last one. */
const look = (found = 'one') => {
  const repository = { account: registry.account, region: registry.region, repository: 'prod/api' }
  return lookEvent({ id: '2026-11-20t08', at: new Date(NOW - 60_000).toISOString(), repository }, found)
}

const outcomesOf = ({ outcomes }: { readonly outcomes: readonly { readonly outcome: string }[] }) =>
  outcomes.map(({ outcome }) => outcome)

describe('a look of a sweep at a repository', () => {
  test('is judged by all of its rules, also those on its tags, and told without naming anybody', async () => {
    const { state, watch } = world()
    expect(outcomesOf(await watch(look()))).toEqual(['alerted'])
    expect(state.published).toMatchObject([
      {
        ...{ kind: 'policy', title: '2 rules fail in prod/api', facts: [], channels: ['security'] },
        items: [{ id: 'tag-immutability' }, { id: 'required-tags' }],
      },
    ])
  })

  test('is told once, whichever sweep sends it, and not after the change that made it so', async () => {
    const { state, watch } = world()
    await watch(call('PutImageTagMutability'))
    expect(outcomesOf(await watch(look(), look()))).toEqual(['known', 'grouped'])
    expect(outcomesOf(await watch(look('two')))).toEqual(['known'])
    expect(state.published).toHaveLength(1)
  })

  test('beside a change that came with it leaves that to be named', async () => {
    const { state, watch } = world()
    await watch(look(), call('PutImageTagMutability'))
    expect(state.published[0]?.facts[0]).toEqual({ name: 'Changed by', value: 'Admin/alice' })
  })

  test('at a repository that nothing is wrong with any more is quiet', async () => {
    const { state, watch } = world({ repository: { settings: settings(), tags: { Owner: 'team-a' } } })
    expect(outcomesOf(await watch(look()))).toEqual(['quiet'])
    expect(state.published).toEqual([])
  })

  test('at one that no rule is about is none', async () => {
    const { state, watch } = world({ config: { policy: [] } })
    expect(outcomesOf(await watch(look()))).toEqual(['quiet'])
    expect(state.repository.calls).toEqual([])
  })
})

describe('what is in enforce', () => {
  test.each(['watch', 'push-check'])(
    'is put right once by a sweep that sends a look and a push, also if %s is first',
    async (first) => {
      const policy = [entryOf(setting('tag-immutability', 'enforce'), setting('non-root-user'))]
      const { state, deps, watch } = world({ config: { policy } })
      const { deps: pushDeps, state: pushed } = pushWorld({ policy })
      const { memory: repositoryMemory } = deps.ports
      const registries = (ref: RegistryRef) => ({ ...pushDeps.ports.registries(ref), ...deps.ports.registries(ref) })
      const ports = { ...pushDeps.ports, registries, repositoryMemory }
      const check = () => checkBatch([record(push({ id: 'sweep-push' }))], { ...pushDeps, ports })

      for (const one of first === 'watch' ? [() => watch(look()), check] : [check, () => watch(look())]) await one()
      await Promise.all([check(), watch(look('two'))])
      expect(state.repository.writes.map(({ operation }) => operation)).toEqual(['PutImageTagMutability'])
      expect(state.repository.intents).toHaveLength(1)
      const told = [...state.published, ...pushed.published].filter(({ kind }) => kind === 'enforcement')
      expect(told).toHaveLength(1)
    },
  )
})
