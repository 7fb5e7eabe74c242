import type { RegistryRef } from '../domain/facts/registry-facts.ts'
import { type Agreed, isWritten } from '../elsewhere.ts'
import { ENV_EXTERNAL_ID } from '../in-use/contract.ts'
import { byRegistry, type InRegistry } from '../policy/in-registry.ts'
import { awsHands, writingCalls } from './hands.ts'
import { registryCalls } from './registry-calls.ts'
import { type EcrRepositories, ecrRepositories } from './repository-reader.ts'
import type { AwsCall } from './signed-aws.ts'

export type Opening = {
  /** Names the sessions in other accounts. */
  readonly name: string
  readonly env: NodeJS.ProcessEnv
  readonly home: RegistryRef
  /** Where the journal of what was put right is, and the calls that reach it. */
  readonly table: string
  readonly aws: AwsCall
  /** Who agreed that something is put right in their accounts. */
  readonly members: Agreed | undefined
}

type Opened = InRegistry & { readonly repositories: EcrRepositories }

/**
 * Registries of all accounts and regions: each is read with its own calls, and written to with others, in another account by
 * a role of its own.
 * @param also what else is needed in a registry, by the calls that read it, and by those that write
 */
export function openedRegistries<T extends object>(
  { name, env, home, table, aws, members }: Opening,
  also: (reads: AwsCall, registry: RegistryRef, writes: AwsCall) => T,
) {
  const caller = { env, home, externalId: env[ENV_EXTERNAL_ID] }
  const [readsOf, writesOf] = [registryCalls(caller, name), writingCalls(caller, name)]
  const { at, opened } = byRegistry((registry): Opened & T => {
    const [reads, writes] = [readsOf(registry), writesOf(registry)]
    return {
      ...also(reads, registry, writes),
      repositories: ecrRepositories(reads, registry.region),
      hands: awsHands(aws, registry.region, table, writes),
      mayWrite: isWritten(registry, home, members),
    }
  })
  return {
    at,
    /** Settings that were read are read again. */
    forget(): void {
      for (const { repositories } of opened()) repositories.forget()
    },
  }
}
