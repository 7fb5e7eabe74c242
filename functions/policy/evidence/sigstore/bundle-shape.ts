import { type Bundle, bundleFromJSON, ValidationError } from '@sigstore/bundle'
import * as v from 'valibot'
import { Refused } from './refused.ts'

/** What readers of Sigstore have agreed upon. @see https://docs.sigstore.dev/about/bundle/ */
const VERSIONS = [
  'application/vnd.dev.sigstore.bundle+json;version=0.1',
  'application/vnd.dev.sigstore.bundle+json;version=0.2',
  'application/vnd.dev.sigstore.bundle+json;version=0.3',
  'application/vnd.dev.sigstore.bundle.v0.3+json',
]

/** Characters. A certificate has two thousand, a checkpoint five hundred. */
const SHORT = 65_536

const base64 = v.pipe(v.string(), v.regex(/^[\w+/-]*={0,2}$/))
const shortBase64 = v.pipe(base64, v.maxLength(SHORT))
/** Of RSA with 16384 bits. */
const signature = v.pipe(base64, v.maxLength(2_732))
/** A number of 64 bits is a text in JSON, and may be a number. */
const count = v.union([v.pipe(v.string(), v.regex(/^\d{1,19}$/)), v.pipe(v.number(), v.safeInteger(), v.minValue(0))])
const text = v.pipe(v.string(), v.maxLength(SHORT))
const few = <S extends v.GenericSchema>(schema: S) => v.pipe(v.array(schema), v.maxLength(16))

/**
 * The library searches the name of a log for the name of whoever signed a checkpoint as a pattern, which could take forever.
 * @see https://github.com/transparency-dev/formats/blob/main/log/README.md
 */
const checkpoint = v.pipe(
  text,
  v.check((note) => [...note.matchAll(/^\u2014 (\S+) /gm)].every(([, name]) => /^[\w.:/@~-]+$/.test(name ?? ''))),
)

const entry = v.object({
  logIndex: v.optional(count),
  logId: v.object({ keyId: shortBase64 }),
  kindVersion: v.object({ kind: text, version: text }),
  integratedTime: v.optional(count),
  inclusionPromise: v.nullish(v.object({ signedEntryTimestamp: shortBase64 })),
  inclusionProof: v.nullish(
    v.object({
      logIndex: v.optional(count),
      treeSize: count,
      rootHash: shortBase64,
      hashes: v.optional(v.pipe(v.array(shortBase64), v.maxLength(64))),
      checkpoint: v.object({ envelope: checkpoint }),
    }),
  ),
  canonicalizedBody: base64,
})

/** Of what Sigstore's messages have one of, the library takes the first that it knows, and others another. */
const noneBeside = <T extends object>(names: readonly (keyof T)[]) =>
  v.check<T, string>((value) => names.filter((name) => value[name] !== undefined).length < 2, 'it has two of them')

const certificate = v.object({ rawBytes: shortBase64 })

/** Of a bundle, what is read: whatever else is in it is left out. */
const BUNDLE = v.pipe(
  v.object({
    mediaType: v.picklist(VERSIONS),
    verificationMaterial: v.pipe(
      v.object({
        publicKey: v.optional(v.object({ hint: v.optional(text) })),
        certificate: v.optional(certificate),
        x509CertificateChain: v.optional(v.object({ certificates: few(certificate) })),
        tlogEntries: v.optional(few(entry)),
        timestampVerificationData: v.nullish(
          v.object({ rfc3161Timestamps: v.optional(few(v.object({ signedTimestamp: shortBase64 }))) }),
        ),
      }),
      noneBeside(['publicKey', 'certificate', 'x509CertificateChain']),
    ),
    messageSignature: v.optional(
      v.object({ messageDigest: v.object({ algorithm: text, digest: shortBase64 }), signature }),
    ),
    dsseEnvelope: v.optional(
      v.object({
        payload: base64,
        payloadType: text,
        signatures: few(v.object({ sig: signature, keyid: v.nullish(text) })),
      }),
    ),
  }),
  noneBeside(['messageSignature', 'dsseEnvelope']),
)

const malformed = (where: string): Refused => new Refused(`It is no well-formed Sigstore bundle: see ${where}.`)

/**
 * A bundle of which every part has its type, and a length. That is needed: the library takes whatever stands there, and
 * of a made-up `length` it makes a buffer.
 * @throws {Refused} where it is none
 */
export function bundleOf(json: unknown): Bundle {
  const shaped = v.safeParse(BUNDLE, json, { abortEarly: true })
  if (!shaped.success) throw malformed(v.getDotPath(shaped.issues[0]) ?? 'its beginning')
  try {
    return bundleFromJSON(shaped.output)
  } catch (error) {
    throw malformed(error instanceof ValidationError ? error.fields.join(', ') : 'its signature')
  }
}
