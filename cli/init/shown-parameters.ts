import type { RegistryRef, ReplicationRule } from '../../functions/domain/facts/registry-facts.ts'
import type { RepositorySettings } from '../../functions/domain/facts/repository-facts.ts'
import { listed } from '../../functions/domain/listed.ts'
import { OWN_TAGS, TAG_KEY, type Tags } from '../../functions/domain/new-repository/tags.ts'
import { covers } from '../../functions/domain/pattern.ts'
import type { Fact } from '../../functions/domain/rule/fact.ts'
import type { Rule } from '../../functions/domain/rule/rule.ts'
import type { Given } from './all-rules.ts'
import { byName } from './spread.ts'
import type { Candidate } from './standing.ts'

/** Parameters that the account shows, and what is to be said of them, a line each. Text from outside. */
export type Shown = { readonly given: Given; readonly notes: readonly string[] }

const NOTHING: Shown = { given: {}, notes: [] }

/** As many tags as may move in ECR, and as many keys as anybody reads. */
const MOST = 5

const values = <T>(candidates: readonly Candidate[], name: string): readonly { name: string; value: T }[] =>
  candidates.flatMap((candidate) => {
    const fact = candidate.facts[name] as Fact<T> | undefined
    return fact && 'value' in fact ? [{ name: candidate.name, value: fact.value }] : []
  })

/** What the configuration takes as a pattern of tags. */
const GLOB = /^[\x21-\x7e]{1,256}$/

/** Where all tags may move, nothing is immutable. */
const isNarrow = (exclusion: string): boolean => GLOB.test(exclusion) && !covers(exclusion, '*')

/** Tags that may move in repositories whose other tags may not. */
function exclusions(candidates: readonly Candidate[]): Shown {
  const excluding = values<RepositorySettings>(candidates, 'settings').filter(
    ({ value }) => value.tagMutability === 'IMMUTABLE_WITH_EXCLUSION' && value.exclusions.every(isNarrow),
  )
  const patterns = [...new Set(excluding.flatMap(({ value }) => value.exclusions))].toSorted(byName)
  if (patterns.length === 0 || patterns.length > MOST) return NOTHING
  const where = listed(
    excluding.map(({ name }) => name),
    3,
  )
  return {
    given: { exclusions: patterns },
    notes: [`May move, as is set today in ${where}: ${patterns.join(', ')}.`],
  }
}

const hasTag = (tags: Tags, key: string): boolean => Object.hasOwn(tags, key) && tags[key]?.trim() !== ''

/** The key of the tag that names owners: the usual one, unless the account has it in another case alone. */
export function ownerKeyOf(all: readonly Tags[]): string {
  const keys = all.flatMap((tags) => Object.keys(tags))
  const other = keys.find((key) => key.toLowerCase() === OWN_TAGS.owner.toLowerCase())
  return keys.includes(OWN_TAGS.owner) ? OWN_TAGS.owner : (other ?? OWN_TAGS.owner)
}

/** Tags that every repository has; without any, the one of owners by the key that it has here. */
function commonTags(candidates: readonly Candidate[]): Shown {
  const tagged = values<Tags>(candidates, 'tags')
  const [first, ...rest] = tagged
  const owner = ownerKeyOf(tagged.map(({ value }) => value))
  const keys = Object.keys(first?.value ?? {})
    .filter((key) => TAG_KEY.test(key) && first && [first, ...rest].every(({ value }) => hasTag(value, key)))
    .toSorted(byName)
    .slice(0, MOST)
  if (keys.length === 0) return owner === OWN_TAGS.owner ? NOTHING : { given: { keys: [owner] }, notes: [] }
  if (keys.length === 1 && keys[0] === OWN_TAGS.owner) return NOTHING
  const without = tagged.filter(({ value }) => !hasTag(value, owner)).map(({ name }) => name)
  return {
    given: { keys },
    notes: without.length > 0 ? [`Not asked for: ${owner}, which is missing from ${listed(without, 3)}.`] : [],
  }
}

const inWords = ({ prefixes, destinations }: ReplicationRule): string =>
  `${prefixes.join(', ') || 'everything'} to ${destinations.map(({ region, account }) => `${region}/${account}`).join(', ')}`

/** Where this registry replicates to within its account: the first such rule. What else goes where is told. */
const destinations =
  (own: RegistryRef) =>
  (candidates: readonly Candidate[]): Shown => {
    const rules = values<readonly ReplicationRule[]>(candidates, 'replication').flatMap(({ value }) => value)
    const taken = rules.find((rule) => rule.destinations.some(({ account }) => account === own.account))
    if (!taken) return { given: {}, notes: rules.map((rule) => `Replicated too: ${inWords(rule)}.`) }
    const isOwn = ({ account }: RegistryRef): boolean => account === own.account
    const others = rules.flatMap((rule) => {
      const rest = rule === taken ? rule.destinations.filter((one) => !isOwn(one)) : rule.destinations
      return rest.length > 0 ? [{ ...rule, destinations: rest }] : []
    })
    const given = {
      destinations: taken.destinations.filter(isOwn).map(({ region }) => region),
      ...(taken.prefixes.length > 0 && { prefixes: taken.prefixes }),
    }
    return { given, notes: others.slice(0, MOST).map((rule) => `Replicated too: ${inWords(rule)}.`) }
  }

/** What a rule should be asked with, as far as the account shows it. Nobody is trusted by it. */
export function shownParameters(rule: Rule, candidates: readonly Candidate[], own: RegistryRef): Shown {
  const readers: Readonly<Record<string, (candidates: readonly Candidate[]) => Shown>> = {
    'tag-immutability': exclusions,
    'required-tags': commonTags,
    replication: destinations(own),
  }
  return readers[rule.id]?.(candidates) ?? NOTHING
}
