import { createPublicKey, X509Certificate } from 'node:crypto'
import { isRecord } from '../record.ts'

/** Of every version. */
export const TRUSTED_ROOT = 'application/vnd.dev.sigstore.trustedroot'

const HASHES = ['SHA2_256', 'SHA2_384', 'SHA2_512', 'SHA3_256', 'SHA3_384']

/** Names of keys in a trusted root of which the bytes are written as PKCS #1 has them. */
const PKCS1 = [
  ...['PKCS1_RSA_PKCS1V5', 'PKIX_RSA_PKCS1V5', 'PKIX_RSA_PKCS1V15_2048_SHA256'],
  ...['PKIX_RSA_PKCS1V15_3072_SHA256', 'PKIX_RSA_PKCS1V15_4096_SHA256'],
]
/** The others: as a certificate has them. */
const SPKI = [
  ...['PKCS1_RSA_PSS', 'PKIX_RSA_PSS', 'PKIX_RSA_PSS_2048_SHA256', 'PKIX_RSA_PSS_3072_SHA256'],
  ...['PKIX_RSA_PSS_4096_SHA256', 'PKIX_ECDSA_P256_HMAC_SHA_256', 'PKIX_ECDSA_P256_SHA_256'],
  ...['PKIX_ECDSA_P384_SHA_256', 'PKIX_ECDSA_P384_SHA_384', 'PKIX_ECDSA_P521_SHA_256', 'PKIX_ECDSA_P521_SHA_512'],
  ...['PKIX_ED25519', 'PKIX_ED25519_PH', 'ML_DSA_44', 'ML_DSA_65', 'ML_DSA_87'],
]

type Json = Readonly<Record<string, unknown>>

/** What is no mapping has none of the keys that are looked for. */
const fieldsOf = (value: unknown): Json => (isRecord(value) ? value : {})
const isText = (value: unknown): value is string => typeof value === 'string'
const isMissing = (value: unknown): boolean => value === undefined || value === null
const isInstant = (value: unknown): boolean => isText(value) && !Number.isNaN(Date.parse(value))

/** DER begins with a sequence: PEM, which is read too, does not. */
function isReadable(base64: unknown, read: (der: Buffer) => unknown): boolean {
  if (!isText(base64)) return false
  const der = Buffer.from(base64, 'base64')
  try {
    return der[0] === 0x30 && read(der) !== undefined
  } catch {
    return false
  }
}

/** The field where it is not as it has to be. */
const unless = (isRight: boolean, field: string, expected: string): readonly string[] =>
  isRight ? [] : [`${field}: expected ${expected}`]

const INSTANT = 'an instant, such as 2021-03-07T03:20:29Z'

/** What has no beginning would count since ever. */
const periodFaults = (at: string, validFor: unknown): readonly string[] => {
  const { start, end } = fieldsOf(validFor)
  return [
    ...unless(isInstant(start), `${at}.start`, INSTANT),
    ...unless(isMissing(end) || isInstant(end), `${at}.end`, `${INSTANT}, or nothing`),
  ]
}

const textFaults = (at: string, fields: Json, names: readonly string[]): readonly string[] =>
  names.flatMap((name) => unless(isMissing(fields[name]) || isText(fields[name]), `${at}.${name}`, 'a text'))

function authorityFaults(at: string, authority: unknown): readonly string[] {
  const { certChain, subject, validFor } = fieldsOf(authority)
  const { certificates } = fieldsOf(certChain)
  const chain = Array.isArray(certificates) ? certificates : []
  const isCertificate = (one: unknown) => isReadable(fieldsOf(one).rawBytes, (der) => new X509Certificate(der))
  return [
    ...unless(chain.length > 0, `${at}.certChain.certificates`, 'a list of certificates'),
    ...chain.flatMap((one, index) =>
      unless(isCertificate(one), `${at}.certChain.certificates[${index}].rawBytes`, 'a certificate, DER in base64'),
    ),
    ...periodFaults(`${at}.validFor`, validFor),
    ...textFaults(at, fieldsOf(authority), ['uri', 'operator']),
    ...textFaults(`${at}.subject`, fieldsOf(subject), ['organization', 'commonName']),
  ]
}

function keyFaults(at: string, publicKey: unknown): readonly string[] {
  const { keyDetails, rawBytes, validFor } = fieldsOf(publicKey)
  const isPkcs1 = isText(keyDetails) && PKCS1.includes(keyDetails)
  const isKnown = isPkcs1 || isMissing(keyDetails) || (isText(keyDetails) && SPKI.includes(keyDetails))
  const type = isPkcs1 ? 'pkcs1' : 'spki'
  const isKey = isReadable(rawBytes, (key) => createPublicKey({ key, format: 'der', type }))
  return [
    ...unless(isKnown, `${at}.keyDetails`, 'a kind of key that this version knows'),
    ...unless(isKey, `${at}.rawBytes`, 'a public key, DER in base64'),
    ...periodFaults(`${at}.validFor`, validFor),
  ]
}

function logFaults(at: string, log: unknown): readonly string[] {
  const { publicKey, hashAlgorithm, logId, checkpointKeyId } = fieldsOf(log)
  const isHash = isMissing(hashAlgorithm) || (isText(hashAlgorithm) && HASHES.includes(hashAlgorithm))
  const ids = [logId, checkpointKeyId].filter((id) => !isMissing(id))
  const isNamed = ids.length > 0 && ids.every((id) => isText(fieldsOf(id).keyId))
  return [
    ...keyFaults(`${at}.publicKey`, publicKey),
    ...unless(isHash, `${at}.hashAlgorithm`, HASHES.join(', ')),
    ...unless(isNamed, `${at}.logId.keyId`, 'the id of its key in base64'),
    ...textFaults(at, fieldsOf(log), ['baseUrl', 'operator']),
  ]
}

const LISTS = {
  ...{ certificateAuthorities: authorityFaults, timestampAuthorities: authorityFaults },
  ...{ tlogs: logFaults, ctlogs: logFaults },
}

/**
 * What is wrong with a trusted root of Sigstore first: its field, and what belongs there; undefined where all of it can be used.
 * Nothing that stands in it is repeated.
 * @param json `trusted_root.json`, parsed
 * @see https://github.com/sigstore/protobuf-specs/blob/main/protos/sigstore_trustroot.proto
 */
export function trustedRootFault(json: unknown): string | undefined {
  const root = fieldsOf(json)
  const hasType = isText(root.mediaType) && root.mediaType.startsWith(TRUSTED_ROOT)
  const faults = [
    ...unless(hasType, 'mediaType', `a text that begins with ${TRUSTED_ROOT}`),
    ...unless(Array.isArray(root.certificateAuthorities), 'certificateAuthorities', 'a list'),
    ...Object.entries(LISTS).flatMap(([list, faultsOf]) => {
      const parts = root[list]
      if (!Array.isArray(parts)) return unless(isMissing(parts), list, 'a list')
      return parts.flatMap((part, index) => faultsOf(`${list}[${index}]`, part))
    }),
  ]
  return faults[0]
}
