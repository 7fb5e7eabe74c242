import { type CreationTemplate, creationTemplates } from '../../functions/adapters/creation-templates.ts'
import { ecrRegistry } from '../../functions/adapters/registry-reader.ts'
import type { CacheRule, ReplicationRule } from '../../functions/domain/facts/registry-facts.ts'
import { Unreadable } from '../../functions/faults.ts'
import type { Session } from '../aws/session.ts'

/** What of a registry has to do with repositories that are deleted: replicas of them, and what makes them again. */
export type Elsewhere = {
  readonly replication: readonly ReplicationRule[]
  readonly cacheRules: readonly CacheRule[]
  readonly templates: readonly CreationTemplate[]
  /** What could not be read, and why. */
  readonly unread: readonly string[]
}

/** What is nice to know is no reason not to delete. */
export async function readElsewhere({ asides, registry }: Session): Promise<Elsewhere> {
  const unread: string[] = []
  const maybe = async <T>(what: string, read: Promise<readonly T[]>): Promise<readonly T[]> => {
    try {
      return await read
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error
      unread.push(`${what}: ${error.message}`)
      return []
    }
  }
  const reader = ecrRegistry(asides, registry.region)
  const [replication, cacheRules, templates] = await Promise.all([
    maybe('replication rules', reader.replication(registry)),
    maybe('pull-through cache rules', reader.cacheRules(registry)),
    maybe('creation templates', creationTemplates(asides, registry.region, registry)),
  ])
  return { replication, cacheRules, templates, unread }
}

/** Prefixes of caches and templates end with a name between slashes; `ROOT` is for all that no other one is for. */
const isBelow = (repository: string, prefix: string): boolean =>
  prefix === 'ROOT' || repository.startsWith(prefix.endsWith('/') ? prefix : `${prefix}/`)

/** The one with the longest prefix. */
const closest = <T extends { readonly prefix: string }>(all: readonly T[], repository: string): T | undefined =>
  all
    .filter(({ prefix }) => isBelow(repository, prefix))
    .toSorted(
      (one, other) =>
        (other.prefix === 'ROOT' ? 0 : other.prefix.length) - (one.prefix === 'ROOT' ? 0 : one.prefix.length),
    )[0]

const OCCASIONS: Readonly<Record<string, string>> = {
  CREATE_ON_PUSH: 'a push',
  PULL_THROUGH_CACHE: 'a pull through the cache',
  REPLICATION: 'a replica that comes in',
}

/** What stays elsewhere, and what would make the repository again, a sentence each. */
export function elsewhereWords(
  { replication, cacheRules, templates, unread }: Elsewhere,
  repository: string,
): readonly string[] {
  const rules = replication.filter(
    ({ prefixes }) => prefixes.length === 0 || prefixes.some((prefix) => repository.startsWith(prefix)),
  )
  const places = new Set(
    rules.flatMap(({ destinations }) => destinations.map(({ region, account }) => `${account} in ${region}`)),
  )
  const [cache, template] = [closest(cacheRules, repository), closest(templates, repository)]
  const occasions = template?.appliedFor.map((name) => OCCASIONS[name] ?? name) ?? []
  return [
    ...(places.size > 0 ? [`Replicas stay where they are: ${[...places].join(', ')}.`] : []),
    ...(cache
      ? [`The pull-through cache rule ${cache.prefix} makes it again at the next pull from ${cache.upstream}.`]
      : []),
    ...(template && occasions.length > 0
      ? [`The creation template ${template.prefix} may make it again: at ${occasions.join(', at ')}.`]
      : []),
    ...unread.map((what) => `Not known: ${what}.`),
  ]
}
