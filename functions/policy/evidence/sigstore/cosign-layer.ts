import { isRecord } from '../../../domain/record.ts'
import type { Layer } from '../ports.ts'
import { Refused } from './refused.ts'
import { strictJson } from './strict-json.ts'

type Annotations = Layer['annotations']

/** @see https://github.com/sigstore/cosign/blob/main/specs/SIGNATURE_SPEC.md */
const SIGNATURE = 'dev.cosignproject.cosign/signature'
const CERTIFICATE = 'dev.sigstore.cosign/certificate'
const REKOR = 'dev.sigstore.cosign/bundle'
const TIMESTAMP = 'dev.sigstore.cosign/rfc3161timestamp'

/** The first form of a bundle: of a log entry it asks for the signed time, and not for a proof, which cosign did not keep. */
const FORM = 'application/vnd.dev.sigstore.bundle+json;version=0.1'

const PEM = /-----BEGIN CERTIFICATE-----([\w+/=\s]*)-----END CERTIFICATE-----/

function objectOf(text: string, what: string): Readonly<Record<string, unknown>> {
  const json = strictJson(Buffer.from(text))
  if (!isRecord(json)) throw new Refused(`Its ${what} is malformed.`)
  return json
}

const fieldOf = (json: Readonly<Record<string, unknown>>, name: string, what: string): string => {
  const value = json[name]
  if (typeof value !== 'string') throw new Refused(`Its ${what} is malformed.`)
  return value
}

/** What a log entry is of: it stands within the entry, which is base64. */
function kindOf(body: string): { readonly kind: unknown; readonly version: unknown } {
  const { kind, apiVersion } = objectOf(Buffer.from(body, 'base64').toString(), 'transparency log entry')
  return { kind, version: apiVersion }
}

function entriesIn(annotations: Annotations): readonly object[] {
  const text = annotations[REKOR]
  if (!text) return []
  const what = 'transparency log entry'
  const json = objectOf(text, what)
  const payload = json.Payload
  if (!isRecord(payload)) throw new Refused(`Its ${what} is malformed.`)
  const body = fieldOf(payload, 'body', what)
  return [
    {
      logIndex: payload.logIndex,
      integratedTime: payload.integratedTime,
      logId: { keyId: Buffer.from(fieldOf(payload, 'logID', what), 'hex').toString('base64') },
      kindVersion: kindOf(body),
      inclusionPromise: { signedEntryTimestamp: json.SignedEntryTimestamp },
      canonicalizedBody: body,
    },
  ]
}

function timestampsIn(annotations: Annotations): readonly object[] {
  const text = annotations[TIMESTAMP]
  return text ? [{ signedTimestamp: objectOf(text, 'timestamp').SignedRFC3161Timestamp }] : []
}

function keyIn(annotations: Annotations): object {
  const text = annotations[CERTIFICATE]
  if (!text) return { publicKey: {} }
  const [, encoded] = PEM.exec(text) ?? []
  if (!encoded) throw new Refused('Its certificate is malformed.')
  return { x509CertificateChain: { certificates: [{ rawBytes: encoded.replace(/\s/g, '') }] } }
}

/** Signature that stands beside a payload. Base64. */
export function signatureIn(annotations: Annotations): string {
  const signature = annotations[SIGNATURE]
  if (!signature) throw new Refused('There is no signature beside what it says.')
  return signature
}

/**
 * A bundle of what cosign 1 and 2 keep in the annotations of a layer. The chain of a certificate is left out: it is for
 * others to say, and the trusted root says it.
 * @param content `messageSignature` or `dsseEnvelope` of a bundle
 * @throws {Refused} where the annotations are malformed
 */
export const bundleBeside = (annotations: Annotations, content: object): object => ({
  mediaType: FORM,
  verificationMaterial: {
    ...keyIn(annotations),
    tlogEntries: entriesIn(annotations),
    timestampVerificationData: { rfc3161Timestamps: timestampsIn(annotations) },
  },
  ...content,
})
