import type { Signer } from '../../domain/supply-chain/signer.ts'
import { Unreadable } from '../../faults.ts'
import type { UnreadKey } from './checked.ts'
import type { AttachmentReader, Verifiable } from './ports.ts'

type Resolved = { readonly verifiable: readonly Verifiable[]; readonly unreadKeys: readonly UnreadKey[] }

async function resolve(signer: Signer, publicKey: AttachmentReader['publicKey']): Promise<Resolved> {
  if (signer.by === 'signing-profile') return { verifiable: [], unreadKeys: [] }
  if (signer.by !== 'kms') return { verifiable: [signer], unreadKeys: [] }
  const { name, key } = signer
  try {
    return { verifiable: [{ name, by: 'key', pem: await publicKey(key) }], unreadKeys: [] }
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error
    return { verifiable: [], unreadKeys: [{ name, why: error.message }] }
  }
}

/** Whose signatures can be verified, with the public halves of their keys; those whose key cannot be had are unknown. */
export async function verifiableOf(
  signers: readonly Signer[],
  publicKey: AttachmentReader['publicKey'],
): Promise<Resolved> {
  const all = await Promise.all(signers.map((signer) => resolve(signer, publicKey)))
  return { verifiable: all.flatMap((one) => one.verifiable), unreadKeys: all.flatMap((one) => one.unreadKeys) }
}
