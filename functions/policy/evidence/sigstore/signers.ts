import type { KeyObject } from 'node:crypto'
import type { Verifiable } from '../ports.ts'
import { keyId, publicKeyOf } from './public-key.ts'

export type KeySigner = {
  readonly name: string
  /** @throws {Refused} where its key is none, or too weak */
  readonly key: () => KeyObject
  /** `SHA256:…`. */
  readonly id: () => string
}

export type IdentitySigner = Extract<Verifiable, { by: 'identity' }>

/** Those who may have signed, by how they do. */
export type Signers = { readonly keys: readonly KeySigner[]; readonly identities: readonly IdentitySigner[] }

export const signersOf = (verifiables: readonly Verifiable[]): Signers => ({
  keys: verifiables.flatMap((signer) =>
    signer.by === 'key' ? [{ name: signer.name, key: () => publicKeyOf(signer.pem), id: () => keyId(signer.pem) }] : [],
  ),
  identities: verifiables.filter((signer) => signer.by === 'identity'),
})
