import { isPattern } from '../../config/schema/repositories.ts'
import type { ReplicationRule } from '../../functions/domain/facts/registry-facts.ts'
import { OWN_TAGS, type Tags } from '../../functions/domain/new-repository/tags.ts'
import type { Fact } from '../../functions/domain/rule/fact.ts'
import type { Account } from './look.ts'
import { ownerKeyOf } from './shown-parameters.ts'
import { byName, namespaceOf } from './spread.ts'

/** Names of namespaces that pipelines fill and nobody deploys from. */
const OF_PIPELINES = /^(?:ci|cd|builds?|pr|prs|pull-requests?|previews?|reviews?|tmp|temp|nightly|snapshots?)$/

/** Lines for the clean-up: namespaces that it could be for. */
export function cleanUpNotes({ repositories }: Account): readonly string[] {
  const names = new Set(repositories.map(({ ref }) => namespaceOf(ref.repository) ?? ''))
  const patterns = [...names]
    .filter((name) => OF_PIPELINES.test(name))
    .toSorted(byName)
    .map((name) => `${name}/**`)
    .filter(isPattern)
  const [first = 'ci/**'] = patterns
  const seen =
    patterns.length > 0
      ? `By its name ${patterns.join(', ')} is filled by pipelines.`
      : 'No namespace has a name as pipelines have.'
  return [
    `${seen} What would go, and what runs, before anything is said here:`,
    `ecr-steward lifecycle preview --policy lifecycle/ci.json '${first}'`,
    'policies:',
    `  - repositories: ${JSON.stringify(patterns.length > 0 ? patterns : [first])}`,
    '    policy: lifecycle/ci.json',
  ]
}

const readOf = <T>(fact: Fact<unknown> | undefined): T | undefined =>
  fact && 'value' in fact ? (fact.value as T) : undefined

/** The key of the tag that names owners, where the account has one that is not the usual one. */
export function ownerTagIn({ repositories }: Account): string | undefined {
  const key = ownerKeyOf(repositories.map(({ facts }) => readOf<Tags>(facts.tags) ?? {}))
  return key === OWN_TAGS.owner ? undefined : key
}

/** What the configuration takes as a region. */
const REGION = /^[a-z]{2}(?:-[a-z]{2,12}){1,3}-\d{1,2}$/

/** Lines for the sweep: regions of this account that have repositories, since this registry replicates to them. */
export function sweepNotes({ registry: { ref, facts } }: Account): readonly string[] {
  const rules = readOf<readonly ReplicationRule[]>(facts.replication) ?? []
  const own = rules
    .flatMap(({ destinations }) => destinations)
    .filter(({ account, region }) => account === ref.account && region !== ref.region && REGION.test(region))
  const regions = [...new Set(own.map(({ region }) => region))].toSorted(byName)
  const why = regions.length > 0 ? 'This registry replicates there.' : 'No other region was looked at.'
  return [
    `${why} To sweep more than ${ref.region}: docs/configuration.md, What is swept`,
    `regions: [${(regions.length > 0 ? regions : ['us-east-1']).join(', ')}]`,
  ]
}
