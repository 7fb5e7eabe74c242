import * as v from 'valibot'

const Count = v.pipe(v.number(), v.integer(), v.minValue(0))
const Instant = v.pipe(v.string(), v.isoTimestamp())

const FORMATS = ['simple-signing', 'bundle', 'dsse', 'notation', 'managed', 'document'] as const

/** What came of checking it; `unsigned` is an SBOM that nobody signed. */
export const PROVEN = ['verified', 'refused', 'unknown', 'unsigned'] as const

const CHECKED = {
  state: v.pipe(
    v.picklist(PROVEN),
    v.description(
      'refused: nothing is proven by it, whoever may push can attach such a one. unknown: it could not be checked here. unsigned: of an SBOM, which nobody signed.',
    ),
  ),
  signers: v.pipe(v.array(v.string()), v.description('Those whose signature it is, of all that are named.')),
  who: v.pipe(v.optional(v.string()), v.description('The key or the identity in the certificate, of a verified one.')),
  how: v.pipe(v.optional(v.string()), v.description('By what it was verified.')),
  at: v.pipe(v.optional(Instant), v.description('As a transparency log or a timestamp vouches for it.')),
  why: v.pipe(v.optional(v.string()), v.description('Why it is refused or unknown.')),
}

const ATTACHED = {
  digest: v.pipe(v.string(), v.description('Of the manifest that holds it.')),
  tag: v.pipe(v.optional(v.string()), v.description('Absent where it is attached by its subject.')),
  format: v.picklist(FORMATS),
}

const SignatureSchema = v.object({
  ...ATTACHED,
  ...CHECKED,
  annotations: v.pipe(v.record(v.string(), v.string()), v.description('What was signed beside the digest.')),
  reference: v.pipe(v.optional(v.string()), v.description('Name that was signed along with the digest.')),
})

const AttestationSchema = v.object({
  ...ATTACHED,
  ...CHECKED,
  predicateType: v.optional(v.string()),
  predicate: v.pipe(v.optional(v.unknown()), v.description('Of a verified one that holds no SBOM.')),
})

const SbomSchema = v.object({
  ...ATTACHED,
  ...CHECKED,
  refused: v.pipe(v.optional(v.string()), v.description('Why it is no SBOM, or could not be read.')),
  document: v.pipe(
    v.optional(
      v.object({
        format: v.pipe(v.string(), v.description('SPDX 2.3, CycloneDX 1.6.')),
        about: v.pipe(v.array(v.string()), v.description('Digests that it says it is about.')),
        packages: Count,
        created: v.optional(v.string()),
        tool: v.optional(v.string()),
      }),
    ),
    v.description('Absent where it could not be read.'),
  ),
})

const ManifestSchema = v.object({
  digest: v.string(),
  platform: v.pipe(v.optional(v.string()), v.description('Absent of an index, and of an image for one platform.')),
  signatures: v.array(SignatureSchema),
  attestations: v.array(AttestationSchema),
  sboms: v.array(SbomSchema),
  unread: v.pipe(Count, v.description('At least so many attached things that were not read.')),
})

/** What `verify IMAGE --output json` writes. What changes the meaning of a field raises `schemaVersion`. */
export const VerifyImageResultSchema = v.object({
  schemaVersion: v.literal(1),
  verifiedAt: Instant,
  account: v.string(),
  region: v.string(),
  repository: v.string(),
  digest: v.string(),
  tags: v.array(v.string()),
  config: v.pipe(
    v.optional(v.string()),
    v.description('The configuration that names the signers; absent where options do.'),
  ),
  signers: v.pipe(v.array(v.string()), v.description('All whose signature would count.')),
  signedBy: v.pipe(v.array(v.string()), v.description('Those of them who signed the image.')),
  isIndex: v.boolean(),
  manifests: v.pipe(
    v.array(ManifestSchema),
    v.description('That of the image, then of an index each of its platforms.'),
  ),
  sbomsUnread: v.pipe(v.optional(v.string()), v.description('Why SBOMs could not be read.')),
  outcome: v.pipe(
    v.picklist(['pass', 'fail', 'unknown', 'access']),
    v.description('As the exit code: 0 where somebody who is named signed the image; 1, 3, 4.'),
  ),
})

export type VerifyImageResult = v.InferOutput<typeof VerifyImageResultSchema>
export type VerifiedManifest = VerifyImageResult['manifests'][number]
export type VerifiedSbom = VerifiedManifest['sboms'][number]
