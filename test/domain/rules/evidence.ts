import type {
  Attestation,
  Check,
  ImageEvidence,
  ManifestEvidence,
  Signature,
} from '../../../functions/domain/supply-chain/attached.ts'
import { DIGEST } from '../../builders.ts'

export const PREDICATE_V1 = 'https://slsa.dev/provenance/v1'

const digest = `sha256:${'5'.repeat(64)}`

export const verified = (...signers: readonly string[]): Check => ({
  state: 'verified',
  signers,
  who: `key SHA256:${signers.join('+') || 'of nobody'}`,
  how: 'by its key',
})

export const refused = (why = 'its signature does not match'): Check => ({ state: 'refused', why })

export const unchecked = (why = 'a Notation envelope is not verified here'): Check => ({ state: 'unknown', why })

export const signed = (check: Check, change: Partial<Signature> = {}): Signature => ({
  ...{ digest, format: 'simple-signing', annotations: {} },
  check,
  ...change,
})

export const attested = (check: Check, predicate: unknown, change: Partial<Attestation> = {}): Attestation => ({
  ...{ digest, format: 'bundle', predicateType: PREDICATE_V1 },
  check,
  predicate,
  ...change,
})

export const manifestEvidence = (change: Partial<ManifestEvidence> = {}): ManifestEvidence => ({
  ...{ digest: DIGEST, signatures: [], attestations: [], unread: 0 },
  ...change,
})

export const evidence = (...manifests: readonly Partial<ManifestEvidence>[]): ImageEvidence => ({
  isIndex: manifests.length > 1,
  manifests: manifests.map(manifestEvidence),
})
