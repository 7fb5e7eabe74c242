import { readFileSync } from 'node:fs'
import { type ReadSbom, readSbom } from '../../../../functions/policy/evidence/sbom/read-sbom.ts'

/** Digest that the samples are about. */
export const DIGEST = 'sha256:7c9d20b9b6cda1c58bc4f9d6c401386786f584437abbe87e58910f8a9a15386b'

export const sample = (name: string): Buffer => readFileSync(new URL(`samples/${name}`, import.meta.url))

export const read = (document: unknown): Promise<ReadSbom> =>
  readSbom(Buffer.from(typeof document === 'string' ? document : JSON.stringify(document)))

/** Why a document is refused. */
export async function refusal(document: unknown): Promise<string | undefined> {
  const found = await read(document)
  return 'refused' in found ? found.refused : undefined
}

export async function sbomOf(document: unknown) {
  const found = await read(document)
  if ('refused' in found) throw new Error(found.refused)
  return found.sbom
}

export const spdx = (packages: readonly object[], rest: object = {}) => ({
  spdxVersion: 'SPDX-2.3',
  SPDXID: 'SPDXRef-DOCUMENT',
  packages,
  ...rest,
})

export const cycloneDx = (components: readonly object[], metadata: object = {}, specVersion = '1.6') => ({
  bomFormat: 'CycloneDX',
  specVersion,
  metadata,
  components,
})

export const purlRef = (referenceLocator: string) => ({ externalRefs: [{ referenceType: 'purl', referenceLocator }] })
