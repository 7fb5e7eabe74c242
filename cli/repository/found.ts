import { ecrHoldings } from '../../functions/adapters/holdings.ts'
import { ecrRegistry } from '../../functions/adapters/registry-reader.ts'
import { ecrRepositories } from '../../functions/adapters/repository-reader.ts'
import type { RegistryScanning, RepositoryRef } from '../../functions/domain/facts/repository-facts.ts'
import { Gone, Unreadable } from '../../functions/faults.ts'
import type { Session } from '../aws/session.ts'
import type { Existing } from './differences.ts'

/** @throws {Unreadable} @throws {Gone} */
async function hasImages({ aws, registry: { region } }: Session, ref: RepositoryRef): Promise<boolean> {
  for await (const page of ecrHoldings(aws, region).images(ref)) if (page.length > 0) return true
  return false
}

/** A repository as it is; undefined where there is none. Images are looked for only where they matter. @throws {Unreadable} */
export async function findExisting(session: Session, ref: RepositoryRef): Promise<Existing | undefined> {
  const { aws, registry } = session
  const repositories = ecrRepositories(aws, registry.region)
  try {
    const settings = await repositories.settings(ref)
    const [tags, lifecyclePolicy, policy] = await Promise.all([
      repositories.tags(ref),
      repositories.lifecyclePolicy(ref),
      repositories.policy(ref),
    ])
    return { settings, tags, lifecyclePolicy, policy, hasImages: !lifecyclePolicy && (await hasImages(session, ref)) }
  } catch (error) {
    if (error instanceof Gone) return undefined
    throw error
  }
}

/**
 * How the registry scans; undefined where it cannot be read, which is no reason not to make a repository.
 * @param aws by which a refusal is told, or not
 */
export async function scanningOf({ asides, registry }: Session, aws = asides): Promise<RegistryScanning | undefined> {
  try {
    return await ecrRegistry(aws, registry.region).scanning(registry)
  } catch (error) {
    if (error instanceof Unreadable) return undefined
    throw error
  }
}
