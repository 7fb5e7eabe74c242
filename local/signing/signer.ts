import type { TransparencyLogEntry } from '@sigstore/protobuf-specs'
import type { Envelope } from './envelope.ts'
import { newKey, type SigningKey } from './keys.ts'
import { dsseEntry, hashedRekord } from './log-entries.ts'
import { certificatePem, type Sigstore, type Subject } from './sigstore.ts'

/** Whoever signs, and what vouches for it. */
export type KitSigner = {
  readonly key: SigningKey
  /** Of one who has none but for this signature: DER. */
  readonly certificate?: Buffer
  /** Where entries and timestamps come from; otherwise a signature has none. */
  readonly sigstore?: Sigstore
  /** What an RFC 3161 timestamp is added by, beside the log entry. Otherwise there is none. */
  readonly stamped?: boolean
  /** Leaves the log entry out. */
  readonly unlogged?: boolean
}

/** One who signs with a key. @param sigstore writes its signatures into a log; otherwise they are in none */
export const byKey = (key: SigningKey = newKey(), sigstore?: Sigstore): KitSigner => ({
  key,
  ...(sigstore ? { sigstore } : {}),
})

/** One who has a certificate for a key of ten minutes, as `cosign sign` without `--key`. */
export async function keyless(sigstore: Sigstore, subject: Subject): Promise<KitSigner & { certificate: Buffer }> {
  const key = newKey()
  return { key, sigstore, certificate: await sigstore.certificate(key.der, subject) }
}

const verifierOf = ({ key, certificate }: KitSigner): string => (certificate ? certificatePem(certificate) : key.pem)

/** What vouches for the time of a signature. */
export type Vouched = { readonly entries: readonly TransparencyLogEntry[]; readonly timestamps: readonly Buffer[] }

async function vouched(
  signer: KitSigner,
  signature: Buffer,
  body: ReturnType<typeof dsseEntry> | ReturnType<typeof hashedRekord>,
): Promise<Vouched> {
  const { sigstore, stamped, unlogged } = signer
  return {
    entries: sigstore && !unlogged ? [await sigstore.entry(body)] : [],
    timestamps: sigstore && stamped ? [await sigstore.timestamp(signature)] : [],
  }
}

/** Log entry and timestamp of a signature over bytes. */
export const vouchedMessage = (signer: KitSigner, signed: Buffer, signature: Buffer): Promise<Vouched> =>
  vouched(signer, signature, hashedRekord(signed, signature, verifierOf(signer)))

/** Log entry and timestamp of an envelope. */
export const vouchedEnvelope = (signer: KitSigner, envelope: Envelope): Promise<Vouched> =>
  vouched(signer, Buffer.from(envelope.signatures[0]?.sig ?? '', 'base64'), dsseEntry(envelope, verifierOf(signer)))
