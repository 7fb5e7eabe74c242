import type { Sbom } from './sbom.ts'

/** What came of checking a signature. Texts hold what outsiders wrote: escape where shown. */
export type Check =
  | {
      readonly state: 'verified'
      /** Names of those whose signature it is, of all that `steward.yaml` names. */
      readonly signers: readonly string[]
      /** `key SHA256:3f1c…`, `https://github.com/acme/web/.github/workflows/release.yml@refs/heads/main`. */
      readonly who: string
      /** `by its key`, `by its certificate, with an entry in the transparency log`. */
      readonly how: string
      /** ISO 8601 instant of the transparency log or of a timestamp authority, where one vouches for it. */
      readonly at?: string | undefined
    }
  /** Nothing is proven by it: whoever may push can attach such a one. */
  | { readonly state: 'refused'; readonly why: string }
  /** It could not be checked here: never a pass. */
  | { readonly state: 'unknown'; readonly why: string }

/** How a thing is written down. `managed` is what ECR's own signing says; it has no manifest that is read. */
export type Format = 'simple-signing' | 'bundle' | 'dsse' | 'notation' | 'managed' | 'document'

/** What is attached to a manifest, by a subject (OCI 1.1) or by a tag such as `sha256-….sig`. */
export type Attached = {
  /** Digest of the manifest that holds it; of the manifest it is attached to where `format` is `managed`. */
  readonly digest: string
  /** Undefined where it is attached by its subject. */
  readonly tag?: string | undefined
  readonly format: Format
}

/** A signature of a manifest. */
export type Signature = Attached & {
  readonly check: Check
  /** What its signer wrote beside the digest. Only of a verified one: otherwise anybody did. */
  readonly annotations: Readonly<Record<string, string>>
  /** Name that was signed along with the digest, where there is one: `registry/team/web`, maybe with a tag. */
  readonly reference?: string | undefined
}

/** A signed statement about a manifest. @see https://github.com/in-toto/attestation/blob/main/spec/v1/statement.md */
export type Attestation = Attached & {
  readonly check: Check
  /** `https://slsa.dev/provenance/v1`, as far as it could be read. */
  readonly predicateType?: string | undefined
  /** Of a verified statement alone, and of no SBOM. */
  readonly predicate?: unknown
}

/** An SBOM that is attached, and what it says where it could be read. */
export type AttachedSbom = Attached & {
  /** Of an attestation; undefined where nobody signed it. */
  readonly check?: Check | undefined
} & ({ readonly sbom: Sbom } | { /** Why it is none, or could not be read. */ readonly refused: string })

type OfManifest = {
  readonly digest: string
  /** `linux/arm64`; undefined of an index, and where the manifest does not say it. */
  readonly platform?: string | undefined
}

/** All signatures and attestations of one manifest. */
export type ManifestEvidence = OfManifest & {
  readonly signatures: readonly Signature[]
  readonly attestations: readonly Attestation[]
  /** How many attached things were left unread, because there are too many: with them nothing is known to be missing. */
  readonly unread: number
}

/** Of the digest that is judged first; where that is an index, then of each of its platforms. */
export type ImageEvidence = {
  readonly isIndex: boolean
  readonly manifests: readonly ManifestEvidence[]
}

/** SBOMs in the same order. */
export type ImageSboms = {
  readonly isIndex: boolean
  readonly manifests: readonly (OfManifest & { readonly sboms: readonly AttachedSbom[]; readonly unread: number })[]
}
