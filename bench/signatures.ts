import { evidenceOf } from '../functions/adapters/evidence/evidence.ts'
import { imageReader } from '../functions/adapters/image-reader.ts'
import { signedAws } from '../functions/adapters/signed-aws.ts'
import { signatureVerifier } from '../functions/policy/evidence/sigstore/verifier.ts'
import { type LocalAws, startLocalAws } from '../local/aws/server.ts'
import { signatureBundle } from '../local/signing/bundle.ts'
import { signedClaim } from '../local/signing/cosign.ts'
import { newKey } from '../local/signing/keys.ts'
import { type Attachment, bundleReferrer, sigTag } from '../local/signing/manifests.ts'
import { byKey, keyless } from '../local/signing/signer.ts'
import { newSigstore } from '../local/signing/sigstore.ts'

const REPOSITORY = 'prod/api'
const MANIFEST = 'application/vnd.oci.image.manifest.v1+json'
const ROUNDS = 200
const SUBJECT = { identity: 'https://example.com/release', issuer: 'https://issuer.example' }

const signer = byKey(newKey())
const KEY = { name: 'release', by: 'key', pem: signer.key.pem } as const

function putImage(aws: LocalAws): { readonly digest: string; readonly size: number } {
  const config = '{"os":"linux","architecture":"amd64"}'
  const { digest } = aws.ecr.putBlob(REPOSITORY, config)
  const configuration = { mediaType: 'application/vnd.oci.image.config.v1+json', digest, size: config.length }
  const imageManifest = JSON.stringify({ schemaVersion: 2, mediaType: MANIFEST, config: configuration, layers: [] })
  const image = aws.ecr.putImage({ repositoryName: REPOSITORY, imageManifest, imageTag: '1.0.0' })
  return { digest: image.digest, size: imageManifest.length }
}

function attach(aws: LocalAws, { body, blobs, tag }: Attachment): void {
  for (const { bytes } of blobs) aws.ecr.putBlob(REPOSITORY, bytes)
  aws.ecr.putImage({ repositoryName: REPOSITORY, imageManifest: body, ...(tag && { imageTag: tag }) })
}

/** Calls of ECR that tell of an image with a signature: its detail, its manifest, and whose the signature is. */
async function callsOf(signatureOf: (digest: string, size: number) => Promise<Attachment>): Promise<number> {
  const aws = await startLocalAws()
  try {
    aws.ecr.createRepository({ repositoryName: REPOSITORY })
    const { digest, size } = putImage(aws)
    attach(aws, await signatureOf(digest, size))
    const env = {
      AWS_REGION: aws.region,
      AWS_ENDPOINT_URL: aws.url,
      AWS_ACCESS_KEY_ID: 'x',
      AWS_SECRET_ACCESS_KEY: 'y',
    }
    const source = { region: aws.region, endpoint: aws.url, evidence: evidenceOf([KEY]) }
    const reader = imageReader(signedAws(env), source)
    const image = { account: aws.account, region: aws.region, repository: REPOSITORY, digest, tags: [] }
    const [{ manifests }] = await Promise.all([reader.evidence(image), reader.detail(image), reader.manifest(image)])
    if (manifests[0]?.signatures[0]?.check.state !== 'verified') throw new Error('The signature was not verified.')
    return aws.calls.filter(({ service }) => service === 'ecr').length
  } finally {
    await aws.close()
  }
}

function milliseconds(verify: () => { readonly check: { readonly state: string } }): number {
  const started = performance.now()
  for (let round = 0; round < ROUNDS; round++)
    if (verify().check.state !== 'verified') throw new Error('A signature was not verified.')
  return (performance.now() - started) / ROUNDS
}

/** What it takes to know whose signature an image has, in both layouts, and to verify one. */
export async function signatureLines(): Promise<readonly string[]> {
  const tag = await callsOf(async (digest) => sigTag(digest, [await signedClaim({ digest }, signer)]))
  const referrer = await callsOf(async (digest, size) =>
    bundleReferrer({ digest, size, mediaType: MANIFEST }, await signatureBundle(digest, signer)),
  )
  const [digest, sigstore] = [`sha256:${'a'.repeat(64)}`, await newSigstore()]
  const { bytes, annotations } = await signedClaim({ digest }, signer)
  const workflow = await keyless(sigstore, SUBJECT)
  const bundle = Buffer.from(JSON.stringify(await signatureBundle(digest, workflow)))
  const { identity, issuer } = SUBJECT
  const who = { name: 'ci', by: 'identity', identity: { exact: identity }, issuer } as const
  const verifier = signatureVerifier([KEY, who], sigstore.trustedRoot)
  const byKeyAlone = milliseconds(() => verifier.simpleSigning(bytes, annotations, digest))
  const byCertificate = milliseconds(() => verifier.bundle(bundle, digest))
  return [
    `signatures: ${tag} calls of ECR by a tag, ${referrer} by a referrer, with detail and manifest (goal ≤ 5)`,
    `  verified by a key in ${byKeyAlone.toFixed(2)} ms, by a certificate and its log entry in ${byCertificate.toFixed(2)} ms`,
  ]
}

if (import.meta.main) for (const line of await signatureLines()) console.log(line)
