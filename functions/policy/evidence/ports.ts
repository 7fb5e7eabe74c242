import type { ImageRef } from '../../domain/image.ts'
import type { Check } from '../../domain/supply-chain/attached.ts'
import type { Identity } from '../../domain/supply-chain/signer.ts'
import type { Descriptor } from '../image/manifest.ts'

/** A blob that a manifest lists, with what cosign writes beside it. */
export type Layer = Descriptor & {
  readonly mediaType: string
  readonly annotations: Readonly<Record<string, string>>
}

/** A manifest that says of itself that it is about another, or that a tag such as `sha256-….sig` says it of. */
export type AttachedManifest = {
  readonly digest: string
  /** `sha256-….sig`; undefined where it is attached by its subject. */
  readonly tag?: string | undefined
  /** Type of artifact, or of its configuration where it has none; empty where it has neither. */
  readonly type: string
  readonly layers: readonly Layer[]
  /** What its author wrote on it: nobody signed that. */
  readonly annotations: Readonly<Record<string, string>>
  /** Why nothing of it is read: it is about something else, or malformed. It has no layers then. */
  readonly refused?: string | undefined
}

/** ECR's own word on a signature that it made. @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_ImageSigningStatus.html */
export type SigningStatus = {
  readonly profile: string
  readonly status: 'IN_PROGRESS' | 'COMPLETE' | 'FAILED'
  readonly why?: string | undefined
}

/** What is asked of AWS to learn who vouches for an image. Every method throws `Unreadable` and `Gone` as a reader does. */
export type AttachmentReader = {
  /** What is attached to a manifest. `unread` counts what was left out: there is too much of it, or it is out of reach. At least so many. */
  attachedTo(manifest: ImageRef): Promise<{ readonly manifests: readonly AttachedManifest[]; readonly unread: number }>
  /** A blob, verified against its digest. @param limit bytes; a larger one is unreadable without a request */
  blob(image: ImageRef, blob: Descriptor, limit: number): Promise<Buffer>
  /** Public half of a KMS key, as PEM (SPKI). @see https://docs.aws.amazon.com/kms/latest/APIReference/API_GetPublicKey.html */
  publicKey(arn: string): Promise<string>
  signingStatus(image: ImageRef): Promise<readonly SigningStatus[]>
}

/** A signer whose signature can be verified here: the public key of a KMS key is fetched by then. */
export type Verifiable = { readonly name: string } & (
  | { readonly by: 'key'; readonly pem: string }
  | { readonly by: 'identity'; readonly identity: Identity; readonly issuer: string }
)

/** What a signature says, and whether it is true. */
export type Verified = {
  readonly check: Check
  readonly annotations: Readonly<Record<string, string>>
  readonly reference?: string | undefined
  /** Of an attestation, also of one that is not verified. */
  readonly predicateType?: string | undefined
  /** Of a verified one. */
  readonly predicate?: unknown
  /** Of a verified attestation: the statement, in the bytes that were signed. */
  readonly statement?: Buffer | undefined
}

/**
 * Verifies signatures over the manifest that `subject` names, without a request. Nothing in a signature makes it throw: what
 * is malformed is refused with the reason.
 */
export type SignatureVerifier = {
  /** Sigstore bundle v0.1 to v0.3: a message signature over the manifest, or an envelope with a statement about it. */
  bundle(bytes: Buffer, subject: string): Verified
  /** The payload that cosign signs, with the signature in its layer's annotations. */
  simpleSigning(payload: Buffer, annotations: Layer['annotations'], subject: string): Verified
  /** A DSSE envelope as cosign keeps it under a tag `sha256-….att`. */
  envelope(bytes: Buffer, annotations: Layer['annotations'], subject: string): Verified
}
