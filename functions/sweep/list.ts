import type { RegistryRef } from '../domain/facts/registry-facts.ts'
import type { RegistryRecord } from '../domain/sweep/record.ts'
import { Unreadable } from '../faults.ts'
import type { Store } from '../planning/store.ts'
import { KEYS, type Listed, type ListedRepository, type ListedTarget, SWEEP_PREFIX } from './contract.ts'
import { linesOf, put, readJson } from './kept.ts'
import type { OpenRegistry, RegistryAccess } from './ports.ts'

export type ListDeps = {
  readonly store: Store
  readonly open: OpenRegistry
  /** Judges the registry itself, of which there is a record also where no rule is about it. Never fails for what AWS refuses. */
  readonly judgeRegistry: (registry: RegistryRef, access: RegistryAccess) => Promise<RegistryRecord>
}

/** What the refusal of a listing may be mended by. */
const NEXT: readonly (readonly [RegExp, (target: RegistryRef) => string])[] = [
  [
    /AccessDenied|NotAuthorized|Unauthorized/,
    ({ account }) => `allow ecr:DescribeRepositories to the role that reads account ${account}`,
  ],
  [
    /UnrecognizedClient|InvalidClientTokenId|OptInRequired|RegionDisabled|AuthFailure|InvalidSignature/,
    ({ region, account }) =>
      `${region} may not be enabled in account ${account}: enable it there, or take it out of sweep.regions`,
  ],
  [
    /Unreachable/,
    ({ region }) => `nothing answered in ${region}: look whether the region is spelt right and can be reached`,
  ],
  [/Throttl|TooMany|LimitExceeded/, () => 'AWS granted too few calls: lower sweep.rate, or sweep at another hour'],
]

function inWords(target: RegistryRef, { message }: Unreadable, listed: number): string {
  const next = NEXT.find(([code]) => code.test(message))?.[1](target)
  const far = listed === 0 ? '' : ` after ${listed} of them`
  return `its repositories cannot be listed${far}: ${message}${next === undefined ? '' : `; ${next}`}`
}

/** The lines of all repositories, as far as AWS lists them. */
async function listAll(target: RegistryRef, access: RegistryAccess) {
  const [pieces, names]: [string[], Set<string>] = [[], new Set()]
  let problem: string | null = null
  try {
    for await (const page of access.list()) {
      const from = names.size
      // One that came twice, because others were deleted meanwhile, would be judged twice.
      const fresh = page.filter(({ repository }) => names.size < names.add(repository).size)
      const items = fresh.map(
        ({ repository, settings }, index): ListedRepository => ({ n: from + index, repository, settings }),
      )
      pieces.push(linesOf(items))
    }
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error
    problem = inWords(target, error, names.size)
  }
  return { text: pieces.join(''), listed: names.size, problem }
}

/** Reads what the batches need and no batch can read for itself, and judges the registry. */
async function prepare(id: string, target: RegistryRef, access: RegistryAccess, deps: ListDeps): Promise<void> {
  const { store, judgeRegistry } = deps
  const [inventory, record] = await Promise.all([access.readInventory?.(), judgeRegistry(target, access)])
  if (inventory) await put(store, KEYS.inventory(id, target), JSON.stringify(inventory))
  await put(store, KEYS.registryRecord(id, target), linesOf([record]))
}

async function listed(id: string, target: RegistryRef, deps: ListDeps): Promise<ListedTarget> {
  const access = deps.open(target, id)
  const problem = await access.problem()
  if (problem !== undefined) return { ...target, listed: 0, problem }
  const [list] = await Promise.all([listAll(target, access), prepare(id, target, access, deps)])
  // An empty text is nothing to a store that is a folder, and the machine does not read it.
  if (list.text !== '') await put(deps.store, KEYS.repositories(id, target), list.text)
  return { ...target, listed: list.listed, problem: list.problem }
}

/**
 * Lists a registry, reads what is in use in it, and judges its own settings: once, however often it is asked for. What AWS
 * refuses becomes the target's `problem`.
 * @throws {Unreadable} where the store cannot be reached
 */
export async function listRegistry(
  id: string,
  target: RegistryRef,
  deps: ListDeps,
): Promise<Listed & Pick<ListedTarget, 'problem'>> {
  const key = KEYS.target(id, target)
  const known = await readJson<ListedTarget>(deps.store, key)
  const found = known ?? (await listed(id, target, deps))
  if (!known) await put(deps.store, key, JSON.stringify(found))
  const { listed: count, problem } = found
  return { id, target, listed: count, problem, key: `${SWEEP_PREFIX}/${KEYS.repositories(id, target)}` }
}
