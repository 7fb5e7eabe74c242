import { createHash, randomBytes } from 'node:crypto'
import type * as ecr from '@aws-sdk/client-ecr'
import { AwsError } from '../error.ts'
import type { Handler } from '../service.ts'
import { digestOf, OCI_MANIFEST } from './manifest.ts'
import type { Registry } from './state.ts'
import type { StoredImage, StoredRepository } from './stored.ts'
import { matchesWildcard } from './wildcard.ts'

/** How long signing takes here; ECR says no more than that it is done in the background. */
export const SIGNING_MS = 5_000

const NOTATION = 'application/vnd.cncf.notary.signature'
const JWS = 'application/jose+json'

/** An image that ECR is at signing. `at` is when it is done, in ms. */
export type DueSigning = { readonly at: number; readonly digest: string }

const isFor = ({ repositoryFilters: filters }: ecr.SigningRule, repository: string): boolean =>
  filters === undefined || filters.some(({ filter = '' }) => matchesWildcard(filter, repository))

/** The profiles with which what is pushed to a repository is signed: each once. */
function profilesFor({ signing }: Registry, repository: string): string[] {
  const rules = signing?.rules ?? []
  return [
    ...new Set(rules.filter((rule) => isFor(rule, repository)).map(({ signingProfileArn = '' }) => signingProfileArn)),
  ]
}

/** Begins to sign an image that was pushed. What is about another image is not signed: it may be a signature itself. */
export function beginSigning(registry: Registry, repository: StoredRepository, image: StoredImage): void {
  if (image.subject !== undefined || image.signing !== undefined) return
  const profiles = profilesFor(registry, repository.settings.repositoryName)
  if (profiles.length === 0) return
  image.signing = profiles.map((signingProfileArn) => ({ signingProfileArn, status: 'IN_PROGRESS' }))
  repository.dueSignings.push({ at: registry.now().getTime() + SIGNING_MS, digest: image.digest })
}

const base64url = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')

type Subject = { readonly digest: string; readonly mediaType: string; readonly size: number }

/** A signature of AWS Signer as it lies in a registry: a manifest about the image, and the envelope that it names. */
export type NotationSignature = { readonly manifest: string; readonly blobs: readonly string[] }

/**
 * An envelope as the plugin of AWS Signer writes one. No certificate of AWS Signer is to be had here, so that nobody can
 * verify it: its signature is of random bytes.
 * @see https://github.com/notaryproject/specifications/blob/main/specs/signature-envelope-jws.md
 */
const envelope = (subject: Subject, profile: string, at: Date): string =>
  JSON.stringify({
    payload: base64url({ targetArtifact: subject }),
    protected: base64url({
      alg: 'ES384',
      cty: 'application/vnd.cncf.notary.payload.v1+json',
      crit: ['io.cncf.notary.signingScheme', 'io.cncf.notary.verificationPlugin'],
      'io.cncf.notary.signingScheme': 'notary.x509.signingAuthority',
      'io.cncf.notary.authenticSigningTime': at.toISOString(),
      'io.cncf.notary.verificationPlugin': 'com.amazonaws.signer.notation.plugin',
      'com.amazonaws.signer.signingProfileVersion': profile,
    }),
    header: { x5c: [] },
    signature: randomBytes(96).toString('base64url'),
  })

/** @see https://github.com/notaryproject/specifications/blob/main/specs/signature-specification.md */
export function notationSignature(subject: Subject, profile: string, at: Date): NotationSignature {
  const layer = envelope(subject, profile, at)
  const manifest = JSON.stringify({
    schemaVersion: 2,
    mediaType: OCI_MANIFEST,
    artifactType: NOTATION,
    config: { mediaType: NOTATION, digest: digestOf('{}'), size: 2 },
    layers: [{ mediaType: JWS, digest: digestOf(layer), size: Buffer.byteLength(layer) }],
    subject,
    annotations: {
      'io.cncf.notary.x509chain.thumbprint#S256': JSON.stringify([createHash('sha256').update(layer).digest('hex')]),
      'org.opencontainers.image.created': at.toISOString(),
    },
  })
  return { manifest, blobs: ['{}', layer] }
}

function complete(registry: Registry, repository: StoredRepository, { at: ms, digest }: DueSigning): void {
  const image = repository.images.get(digest)
  if (!image?.signing) return
  const [at, { repositoryName }] = [new Date(ms), repository.settings]
  image.signing = image.signing.map((one) => ({ ...one, status: 'COMPLETE' }))
  for (const { signingProfileArn = '' } of image.signing) {
    const subject = { mediaType: image.mediaType, digest, size: Buffer.byteLength(image.manifest) }
    const { manifest: imageManifest, blobs } = notationSignature(subject, signingProfileArn, at)
    for (const blob of blobs) registry.putBlob(repositoryName, blob)
    const signature = registry.putImage({ repositoryName, imageManifest, pushedAt: at })
    registry.onSigned?.(repositoryName, signature)
  }
}

/** Completes what is to be signed by now. */
export function signDue(registry: Registry, repository: StoredRepository, now: number): void {
  const { dueSignings } = repository
  for (let next = dueSignings[0]; next && next.at <= now; next = dueSignings[0]) {
    dueSignings.shift()
    complete(registry, repository, next)
  }
}

function need({ signing }: Registry): ecr.SigningConfiguration {
  if (signing) return signing
  throw new AwsError('SigningConfigurationNotFoundException', 'The specified signing configuration was not found.')
}

/**
 * Signing by ECR itself. Who pushes needs no right to sign here, and every signature is made.
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/managed-signing.html
 */
export function signingHandlers(registry: Registry): Record<string, Handler> {
  const registryId = registry.around.account
  return {
    PutSigningConfiguration({ signingConfiguration }: ecr.PutSigningConfigurationRequest) {
      registry.signing = signingConfiguration
      return { signingConfiguration }
    },
    GetSigningConfiguration: () => ({ registryId, signingConfiguration: need(registry) }),
    DeleteSigningConfiguration() {
      const signingConfiguration = need(registry)
      registry.signing = undefined
      return { registryId, signingConfiguration }
    },
    DescribeImageSigningStatus({ repositoryName, imageId = {} }: ecr.DescribeImageSigningStatusRequest) {
      const { digest, signing } = registry.image(repositoryName, imageId)
      const signingStatuses = signing ?? []
      return { registryId, repositoryName, imageId: { ...imageId, imageDigest: digest }, signingStatuses }
    },
  }
}
