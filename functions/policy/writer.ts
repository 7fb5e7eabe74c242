import type { RegistryRef } from '../domain/facts/registry-facts.ts'
import type { EcrWrite } from '../domain/rule/remedy.ts'

/**
 * Writes a setting of a repository. Deleting what is not there is done.
 * @throws {Unreadable} where AWS refuses or cannot be reached: whether it was written is not known
 * @throws {Gone} where the repository is not there
 */
export type EcrWriter = (registry: RegistryRef, write: EcrWrite) => Promise<void>
