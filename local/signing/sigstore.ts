import { createHash, randomUUID } from 'node:crypto'
import { initializeCA } from '@sigstore/mock/dist/fulcio/ca.js'
import { initializeCTLog } from '@sigstore/mock/dist/fulcio/ctlog.js'
import { initializeTLog } from '@sigstore/mock/dist/rekor/tlog.js'
import { initializeTSA } from '@sigstore/mock/dist/timestamp/tsa.js'
import { HashAlgorithm, PublicKeyDetails, type TransparencyLogEntry, TrustedRoot } from '@sigstore/protobuf-specs'
import { newKey } from './keys.ts'

const SHA256 = '2.16.840.1.101.3.4.2.1'
const TIMESTAMP_POLICY = '1.3.6.1.4.1.57264.2'
/** Where Fulcio writes the issuer, in its old and in its present form. @see https://github.com/sigstore/fulcio/blob/main/docs/oid-info.md */
const ISSUER = { old: '1.3.6.1.4.1.57264.1.1', present: '1.3.6.1.4.1.57264.1.8' }

/** Whom a certificate is issued to. */
export type Subject = {
  /** Of the signer: `https://github.com/acme/web/.github/workflows/release.yml@refs/heads/main`. */
  readonly identity: string
  /** URL of the OIDC issuer. */
  readonly issuer: string
}

/** A Sigstore of its own: certificate authority, its log, transparency log and timestamp authority. */
export type Sigstore = {
  /** `trusted_root.json` by which what it makes is verified. */
  readonly trustedRoot: object
  /** PEM of the root, as cosign writes it beside a certificate. */
  readonly chain: string
  /** Certificate of a key for ten minutes from `certified`, with a timestamp of the certificate log. DER. @param key P-256 alone */
  certificate(key: Buffer, subject: Subject): Promise<Buffer>
  /** Writes an entry into the transparency log: with a signed time (SET), and with a proof under a signed checkpoint. */
  entry(body: { readonly kind: string; readonly apiVersion: string } & object): Promise<TransparencyLogEntry>
  /** RFC 3161 timestamp over a signature. DER. */
  timestamp(signature: Buffer): Promise<Buffer>
}

/** The instants at which each of its parts works. Otherwise now, of each: its roots are valid from now on, for a year. */
export type Clocks = { readonly certified?: Date; readonly logged?: Date; readonly stamped?: Date }

/** A certificate as PEM. */
export const certificatePem = (der: Buffer): string =>
  `-----BEGIN CERTIFICATE-----\n${der.toString('base64').replace(/(.{64})(?=.)/g, '$1\n')}\n-----END CERTIFICATE-----\n`

const validFor = { start: new Date('2020-01-01T00:00:00Z') }

/** A log, or its key, as a trusted root names it. */
const logOf = (baseUrl: string, key: Buffer) => ({
  baseUrl,
  operator: 'local',
  hashAlgorithm: HashAlgorithm.SHA2_256,
  logId: { keyId: createHash('sha256').update(key).digest() },
  publicKey: { rawBytes: key, keyDetails: PublicKeyDetails.PKIX_ECDSA_P256_SHA_256, validFor },
  checkpointKeyId: undefined,
})

const authorityOf = (uri: string, certificates: readonly ArrayBufferView<ArrayBuffer>[]) => ({
  uri,
  operator: 'local',
  subject: { commonName: 'local', organization: 'local' },
  certChain: { certificates: certificates.map((cert) => ({ rawBytes: bytesOf(cert) })) },
  validFor,
})

const bytesOf = (view: ArrayBufferView<ArrayBuffer>): Buffer =>
  Buffer.from(view.buffer, view.byteOffset, view.byteLength)

/** Starts one, with keys of its own: what another one signed is not trusted by its root. */
export async function newSigstore({ certified, logged, stamped }: Clocks = {}): Promise<Sigstore> {
  const host = `${randomUUID()}.example`
  const ctlog = await initializeCTLog(newKey(), certified)
  const ca = await initializeCA(newKey(), ctlog, certified)
  const tlog = await initializeTLog(`https://${host}`, newKey(), logged)
  const instant = new Date()
  const tsa = await initializeTSA(newKey(), instant)
  return {
    trustedRoot: TrustedRoot.toJSON({
      mediaType: 'application/vnd.dev.sigstore.trustedroot+json;version=0.1',
      tlogs: [logOf(`https://${host}`, tlog.publicKey)],
      ctlogs: [logOf('https://ctfe.example', ctlog.publicKey)],
      certificateAuthorities: [authorityOf('https://fulcio.example', [ca.rootCertificate])],
      timestampAuthorities: [authorityOf('https://tsa.example', [tsa.intCertificate, tsa.rootCertificate])],
    }) as object,
    chain: certificatePem(bytesOf(ca.rootCertificate)),
    certificate: async (publicKey, { identity, issuer }) =>
      bytesOf(
        await ca.issueCertificate({
          publicKey: Buffer.from(publicKey),
          subjectAltName: identity,
          extensions: [
            { oid: ISSUER.old, value: issuer, legacy: true },
            { oid: ISSUER.present, value: issuer },
          ],
        }),
      ),
    entry: async (body) => entryOf(body, Object.values(await tlog.log(body))[0]),
    timestamp: async (signature) => {
      // Whole seconds, as authorities have them: the clock is read anew each time.
      instant.setTime(Math.floor((stamped?.getTime() ?? Date.now()) / 1000) * 1000)
      return bytesOf(
        await tsa.timestamp({
          artifactHash: createHash('sha256').update(signature).digest(),
          hashAlgorithmOID: SHA256,
          policyOID: TIMESTAMP_POLICY,
          nonce: 1,
        }),
      )
    },
  }
}

/** What Rekor answers with. */
type Logged = {
  readonly body: string
  readonly integratedTime: number
  readonly logID: string
  readonly logIndex: number
  readonly verification: {
    readonly signedEntryTimestamp: string
    readonly inclusionProof: {
      readonly logIndex: number
      readonly treeSize: number
      readonly rootHash: string
      readonly checkpoint: string
    }
  }
}

function entryOf({ kind, apiVersion }: { kind: string; apiVersion: string }, answer: unknown): TransparencyLogEntry {
  const { body, integratedTime, logID, logIndex, verification } = answer as Logged
  const { inclusionProof: proof, signedEntryTimestamp } = verification
  return {
    logIndex: `${logIndex}`,
    logId: { keyId: Buffer.from(logID, 'hex') },
    kindVersion: { kind, version: apiVersion },
    integratedTime: `${integratedTime}`,
    inclusionPromise: { signedEntryTimestamp: Buffer.from(signedEntryTimestamp, 'base64') },
    inclusionProof: {
      logIndex: `${proof.logIndex}`,
      treeSize: `${proof.treeSize}`,
      rootHash: Buffer.from(proof.rootHash, 'hex'),
      hashes: [],
      checkpoint: { envelope: proof.checkpoint },
    },
    canonicalizedBody: Buffer.from(body, 'base64'),
  }
}
