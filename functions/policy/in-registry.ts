import type { RegistryRef } from '../domain/facts/registry-facts.ts'
import type { ActiveRule } from '../domain/policy.ts'
import { registryKey } from '../domain/registry.ts'
import { isOpen } from '../domain/verdict.ts'
import type { PolicyItem } from '../domain/verdict-item.ts'
import type { Hands } from './put-right.ts'
import type { RepositoryReader } from './reader.ts'
import type { News } from './repository.ts'

/** What it takes to judge the repositories of a registry, and to put right what fails in them. */
export type InRegistry = {
  readonly repositories: RepositoryReader
  readonly hands: Hands
  /** Whether `hands` may write there. Where not, nothing is put right: a rule in `enforce` reports. */
  readonly mayWrite: boolean
}

/** What there is for a registry. */
export type Registries<P extends InRegistry = InRegistry> = (registry: RegistryRef) => P

/** Registries that stay open: each keeps what it has read of some images. */
const MOST = 16

/** Registries by account and region, each opened when it is first asked for; of many, those stay that were asked for last. */
export function byRegistry<P>(open: (registry: RegistryRef) => P) {
  const opened = new Map<string, P>()
  return {
    at(registry: RegistryRef): P {
      const key = registryKey(registry)
      const there = opened.get(key) ?? open(registry)
      opened.delete(key)
      opened.set(key, there)
      const [first] = opened.keys()
      if (opened.size > MOST && first !== undefined) opened.delete(first)
      return there
    },
    opened: (): Iterable<P> => opened.values(),
  }
}

/** The rules as they can be applied in a registry. */
export const applied = (rules: readonly ActiveRule[], { mayWrite }: InRegistry): readonly ActiveRule[] =>
  mayWrite ? rules : rules.map((rule) => ({ ...rule, mode: 'report' }))

/**
 * What is said beside commands for another account: they name a repository, and no account, so that with other credentials they
 * would change what has the same name.
 */
export function forWhom(
  { account }: RegistryRef,
  home: RegistryRef,
  { items, outcomes }: Pick<News, 'items' | 'outcomes'>,
): readonly string[] {
  const isMended = ({ verdict }: PolicyItem): boolean => isOpen(verdict) && verdict.fix?.command !== undefined
  if (account === home.account || (outcomes.length === 0 && !items.some(isMended))) return []
  return [`Commands are for credentials of account ${account}: with others they change what has the same name there.`]
}

const ONLY_READ = 'Nothing is put right in this registry: the steward only reads there.'

/** What is said where a rule in `enforce` fails, and nothing is put right. */
export function onlyRead(
  rules: readonly ActiveRule[],
  items: readonly PolicyItem[],
  { mayWrite }: InRegistry,
): readonly string[] {
  if (mayWrite) return []
  const enforced = new Set(rules.filter(({ mode }) => mode === 'enforce').map(({ rule }) => rule.id))
  const isLeft = items.some(
    ({ verdict }) => verdict.outcome === 'fail' && isOpen(verdict) && enforced.has(verdict.rule),
  )
  return isLeft ? [ONLY_READ] : []
}
