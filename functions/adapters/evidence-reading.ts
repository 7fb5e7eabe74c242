import type { ImageRef } from '../domain/image.ts'
import type { Vouching } from '../domain/supply-chain/vouching.ts'
import { Unreadable } from '../faults.ts'
import type { Images } from '../policy/image/platforms.ts'
import type { ImageReader } from '../policy/reader.ts'
import type { SbomText } from '../sweep/ports.ts'
import type { BlobSource } from './blob.ts'
import type { EcrCall } from './ecr-call.ts'
import type { Manifests } from './ecr-manifests.ts'
import type { AwsCall } from './signed-aws.ts'

export type EvidenceReader = Pick<ImageReader, 'evidence' | 'sboms'>

/** What reads signatures and SBOMs is made of. */
export type EvidenceParts = {
  readonly aws: AwsCall
  readonly call: EcrCall
  readonly source: BlobSource
  readonly manifests: Manifests
  /** Opens an image, or each platform of an index. */
  readonly images: (image: ImageRef) => Promise<Images>
}

/** Imports it when it is first needed: it brings what verifies along, which is much code. */
export type EvidenceReading = (parts: EvidenceParts) => Promise<EvidenceReader>

/** Reads by what `steward.yaml` says of signers. @param keys asks AWS for keys of KMS, as whoever was given the right to read them */
export function evidenceWhenNeeded({ signers, trustedRoot }: Vouching, keys?: AwsCall): EvidenceReading {
  let opened: Promise<EvidenceReading> | undefined
  return async (parts) => {
    opened ??= import('./evidence/evidence.ts').then(({ evidenceOf }) => evidenceOf(signers, trustedRoot, keys))
    return (await opened)(parts)
  }
}

const notRead = (): Promise<never> =>
  Promise.reject(new Unreadable('signatures and SBOMs are not read here', true, undefined))

/** @param reading undefined where nothing asks for signatures or SBOMs */
export function evidenceReader(reading: EvidenceReading | undefined, parts: EvidenceParts): EvidenceReader {
  if (!reading) return { evidence: notRead, sboms: notRead }
  let opened: Promise<EvidenceReader> | undefined
  const reader = (): Promise<EvidenceReader> => {
    opened ??= reading(parts)
    return opened
  }
  return {
    evidence: async (image) => (await reader()).evidence(image),
    sboms: async (image) => (await reader()).sboms(image),
  }
}

/** Reads an SBOM that lies somewhere else than at its image. */
export const readStoredSbom: SbomText = async (text) => {
  const { readSbom } = await import('./evidence/evidence.ts')
  return readSbom(Buffer.from(text))
}
