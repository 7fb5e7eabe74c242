import type { InUsePolicy } from '../domain/clean-up/policy.ts'
import { pulledElsewhere } from '../domain/clean-up/pulled-elsewhere.ts'
import type { RegistryRef } from '../domain/facts/registry-facts.ts'
import { Unreadable } from '../faults.ts'

type Asked = {
  readonly registry: RegistryRef
  readonly inUse: Pick<InUsePolicy, 'accounts' | 'ignoreAccounts'>
  /** Text of the registry policy; undefined where there is none. @throws {Unreadable} */
  readonly registryPolicy: () => Promise<string | undefined>
}

/**
 * Why nobody can tell who pulls by the registry policy: a sentence, or none.
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/registry-permissions.html
 */
export async function pulledByRegistry({ registryPolicy, registry, inUse }: Asked): Promise<readonly string[]> {
  try {
    const text = await registryPolicy()
    if (text === undefined) return []
    const why = pulledElsewhere(text, registry.account, inUse, 'the registry policy')
    return why === undefined ? [] : [why]
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error
    return [`the registry policy cannot be read, which may let other accounts pull: ${error.message}`]
  }
}
