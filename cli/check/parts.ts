import { type Opening, openSession, type Session } from '../aws/session.ts'
import type { Io } from '../io.ts'
import type { Target } from './target.ts'

/** What is judged in one registry. */
export type Part = { readonly session: Session; readonly targets: readonly Target[] }

/** Targets by the registry that they are in: that of their URI, or that of the options. */
function byRegistry(targets: readonly Target[]): readonly (readonly Target[])[] {
  const registries = new Map<string, Target[]>()
  for (const target of targets) {
    const key = `${target.account} ${target.region}`
    registries.set(key, [...(registries.get(key) ?? []), target])
  }
  return targets.length === 0 ? [[]] : [...registries.values()]
}

/**
 * The registries that the targets are in, all opened before anything is written: credentials that do not work leave no half
 * a result.
 * @throws {CommandError}
 */
export const partsOf = (targets: readonly Target[], options: Opening, io: Io): Promise<readonly Part[]> =>
  Promise.all(
    byRegistry(targets).map(async (some) => {
      const { account, region = options.region } = some[0] ?? {}
      return { session: await openSession({ ...options, account, region }, io), targets: some }
    }),
  )
