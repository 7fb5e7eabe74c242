import type { RepositoryRef, RepositoryValues, TagMutability } from '../../functions/domain/facts/repository-facts.ts'
import { type PolicyEntry, rulesFor } from '../../functions/domain/policy.ts'
import type { EcrWrite } from '../../functions/domain/rule/remedy.ts'
import { Later } from '../../functions/faults.ts'
import type { Claim, Memory } from '../../functions/memory.ts'
import type { JournalEntry } from '../../functions/policy/journal.ts'
import type { Hands } from '../../functions/policy/put-right.ts'
import type { RepositoryReader } from '../../functions/policy/reader.ts'
import { NOW, repository, scanning, settings } from '../domain/rules/facts.ts'

/** `tag-immutability` in enforce, as steward.yaml would have it. */
export const entry = (change: Partial<PolicyEntry['rules'][number]> = {}): PolicyEntry => ({
  repositories: ['**'],
  rules: [{ rule: 'tag-immutability', mode: 'enforce', parameters: { exclusions: [] }, line: 4, ...change }],
})

type Lasting = { -readonly [K in keyof RepositoryValues]: RepositoryValues[K] }

/** A repository that can be read, written and journalled, and what went wrong with it. */
export function repositoryWorld(change: Partial<RepositoryValues> = {}) {
  const values: Lasting = {
    settings: settings({ tagMutability: 'MUTABLE' }),
    lifecyclePolicy: '{}',
    policy: undefined,
    tags: {},
    scanning: scanning(),
    ...change,
  }
  const state = {
    values,
    refused: {} as { -readonly [K in keyof RepositoryValues]?: Error },
    /** What was done, in its order. */
    order: [] as string[],
    calls: [] as string[],
    writes: [] as EcrWrite[],
    /** In place of what a write does. */
    onWrite: undefined as (() => void | Promise<void>) | undefined,
    onIntent: undefined as (() => Promise<void>) | undefined,
    intents: [] as JournalEntry[],
    closed: [] as string[],
    pauses: [] as number[],
    /** Runs before a value is read; what it changes is what is read. */
    onRead: undefined as ((name: string) => void) | undefined,
  }
  const reader: RepositoryReader = Object.fromEntries(
    (Object.keys(values) as (keyof RepositoryValues)[]).map((name) => [
      name,
      async () => {
        state.calls.push(name)
        state.onRead?.(name)
        const error = state.refused[name]
        if (error) throw error
        return values[name]
      },
    ]),
  ) as never
  const mutate = ({ operation, input }: EcrWrite): void => {
    if (operation === 'PutImageTagMutability')
      values.settings = { ...values.settings, tagMutability: input.imageTagMutability as TagMutability }
    if (operation === 'PutLifecyclePolicy') values.lifecyclePolicy = String(input.lifecyclePolicyText)
  }
  const hands: Hands = {
    async write(_, write) {
      state.order.push('write')
      state.writes.push(write)
      if (state.onWrite) await state.onWrite()
      else mutate(write)
    },
    journal: {
      async intend(one) {
        await state.onIntent?.()
        state.order.push('intent')
        state.intents.push(one)
      },
      async close({ rule, at }, outcome) {
        state.order.push('outcome')
        state.closed.push(`${at} ${rule}: ${outcome}`)
      },
    },
    pause: async (milliseconds) => void state.pauses.push(milliseconds),
  }
  return { state, reader, hands }
}

export const judgingOf = (reader: RepositoryReader, policy: readonly PolicyEntry[] = [entry()], now: Date = NOW) => ({
  reader,
  rules: rulesFor(policy, 'prod/api', 'repository'),
  exceptions: [],
  now,
  isPatient: false,
})

export const REF: RepositoryRef = repository

/** What is remembered, in a map, with one claim at a time for each subject. */
export function fakeMemory<T>() {
  const told = new Map<string, T>()
  const held = new Set<string>()
  const memory: Memory<T> = {
    async claim(subject): Promise<Claim<T>> {
      if (held.has(subject)) throw new Later('another invocation is at work on it')
      held.add(subject)
      return {
        // As from a table: what is remembered is no object of the one who remembered it.
        told: structuredClone(told.get(subject)),
        keep: async (next) => void told.set(subject, structuredClone(next)),
        async mark(next) {
          told.set(subject, structuredClone(next))
          held.delete(subject)
        },
        release: async () => void held.delete(subject),
      }
    },
  }
  return { told, held, memory }
}
