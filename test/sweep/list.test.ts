import { describe, expect, test } from 'vitest'
import type { RegistryRecord } from '../../functions/domain/sweep/record.ts'
import { Unreadable } from '../../functions/faults.ts'
import { KEYS } from '../../functions/sweep/contract.ts'
import { type ListDeps, listRegistry } from '../../functions/sweep/list.ts'
import type { RegistryAccess } from '../../functions/sweep/ports.ts'
import { memoryStore } from '../functions/clean-up/memory-store.ts'
import { HOME, ID } from './records.ts'

const RECORD: RegistryRecord = { kind: 'registry', ...HOME, verdicts: [], rules: [], unread: [] }
const inventory = { at: 1, reports: [] }

type World = {
  readonly pages?: readonly (readonly string[])[]
  /** What ends the listing after its pages. */
  readonly refusal?: Error
  readonly problem?: string
  readonly asksNothing?: boolean
}

function world({ pages = [['a', 'b'], ['c']], refusal, problem, asksNothing = false }: World = {}) {
  const { store, files } = memoryStore()
  const calls: string[] = []
  const called = <T>(name: string, answer: T): T => {
    calls.push(name)
    return answer
  }
  async function* list() {
    calls.push('list')
    for (const page of pages) yield page.map((repository) => ({ ...HOME, repository }))
    if (refusal) throw refusal
  }
  const readInventory = asksNothing ? undefined : async () => called('inventory', inventory)
  const access = { problem: async () => problem, list, readInventory } as unknown as RegistryAccess
  const deps: ListDeps = {
    ...{ store, open: () => access },
    judgeRegistry: async () => called('rules', RECORD),
  }
  const textOf = (key: string): string | undefined => files.get(key)?.text
  const target = () => JSON.parse(textOf(KEYS.target(ID, HOME)) ?? 'null')
  return { store, calls, textOf, target, list: () => listRegistry(ID, HOME, deps) }
}

describe('listing a registry', () => {
  test('writes a line for each repository, what is in use, the record of the registry, and how it ended', async () => {
    const one = world()
    expect(await one.list()).toEqual({
      ...{ id: ID, target: HOME, listed: 3, problem: null },
      key: `sweep/${ID}/repositories/${HOME.account}/${HOME.region}.jsonl`,
    })
    expect(one.textOf(KEYS.repositories(ID, HOME))).toBe(
      '{"n":0,"repository":"a"}\n{"n":1,"repository":"b"}\n{"n":2,"repository":"c"}\n',
    )
    expect(one.textOf(KEYS.inventory(ID, HOME))).toBe(JSON.stringify(inventory))
    expect(one.textOf(KEYS.registryRecord(ID, HOME))).toBe(`${JSON.stringify(RECORD)}\n`)
    expect(one.target()).toEqual({ ...HOME, listed: 3, problem: null })
  })

  test('is done once, however often it is asked for', async () => {
    const one = world()
    const first = await one.list()
    expect(await one.list()).toEqual(first)
    expect(one.calls.toSorted()).toEqual(['inventory', 'list', 'rules'])
  })

  test('begins anew where it was cut off before its end was written', async () => {
    const one = world()
    await one.store.create(KEYS.repositories(ID, HOME), '{"n":0,"repository":"gone"}\n')
    await one.list()
    expect(one.textOf(KEYS.repositories(ID, HOME))).not.toContain('gone')
  })

  test('names a repository once that came on two pages', async () => {
    const one = world({
      pages: [
        ['a', 'b'],
        ['b', 'c'],
      ],
    })
    expect((await one.list()).listed).toBe(3)
    expect(one.textOf(KEYS.repositories(ID, HOME))?.split('\n')[2]).toBe('{"n":2,"repository":"c"}')
  })

  test('does not ask what is in use where the configuration has no clean-up', async () => {
    const one = world({ asksNothing: true })
    await one.list()
    expect(one.calls.toSorted()).toEqual(['list', 'rules'])
    expect(one.textOf(KEYS.inventory(ID, HOME))).toBeUndefined()
  })

  test('of an empty registry has no lines', async () => {
    const one = world({ pages: [[]] })
    expect(await one.list()).toMatchObject({ listed: 0 })
    expect(one.textOf(KEYS.repositories(ID, HOME))).toBeUndefined()
    expect(one.target()).toEqual({ ...HOME, listed: 0, problem: null })
  })

  test('says what a registry cannot be called for, and asks it nothing', async () => {
    const one = world({ problem: 'the role cannot be assumed' })
    expect(await one.list()).toMatchObject({ listed: 0 })
    expect(one.target()).toEqual({ ...HOME, listed: 0, problem: 'the role cannot be assumed' })
    expect(one.calls).toEqual([])
  })

  test.each([
    ['AccessDeniedException', 'allow ecr:DescribeRepositories to the role that reads account 123456789012'],
    ['UnrecognizedClientException', 'ap-northeast-1 may not be enabled in account 123456789012'],
    ['Unreachable', 'nothing answered in ap-northeast-1'],
    ['ThrottlingException', 'lower sweep.rate'],
  ])('says of %s what to do', async (code, words) => {
    const one = world({ pages: [], refusal: new Unreadable(`ECR answered ${code} to DescribeRepositories`, true, 0) })
    await one.list()
    expect(one.target().problem).toContain(`its repositories cannot be listed: ECR answered ${code}`)
    expect(one.target().problem).toContain(words)
  })

  test('keeps what was listed before AWS refused to go on, and says so', async () => {
    const one = world({ refusal: new Unreadable('ECR answered ServerException to DescribeRepositories', false, 0) })
    expect((await one.list()).listed).toBe(3)
    expect(one.target().problem).toBe(
      'its repositories cannot be listed after 3 of them: ECR answered ServerException to DescribeRepositories',
    )
  })

  test('fails for what is no answer of AWS, and has not ended then', async () => {
    const one = world({ refusal: new TypeError('a fault of ours') })
    await expect(one.list()).rejects.toThrow('a fault of ours')
    expect(one.target()).toBeNull()
  })
})
