import { expect, test } from 'vitest'
import { Gone, Unreadable } from '../../../functions/faults.ts'
import { imageEvidence } from '../../../functions/policy/evidence/image-evidence.ts'
import { managedSignatures } from '../../../functions/policy/evidence/managed.ts'
import type { AttachedManifest, AttachmentReader, SignatureVerifier } from '../../../functions/policy/evidence/ports.ts'

const IMAGE = {
  ...{ account: '123456789012', region: 'eu-west-1', repository: 'prod/api', tags: [] },
  digest: `sha256:${'a'.repeat(64)}`,
}
const SIMPLE_SIGNING = 'application/vnd.dev.cosign.simplesigning.v1+json'
const PROFILE = 'arn:aws:signer:eu-west-1:123456789012:/signing-profiles/release'
const verified = { check: { state: 'refused', why: 'of nobody' }, annotations: {} } as const
const verifier: SignatureVerifier = { bundle: () => verified, simpleSigning: () => verified, envelope: () => verified }

const manifest = (count: number): AttachedManifest => {
  const layer = { digest: IMAGE.digest, size: 1, mediaType: SIMPLE_SIGNING, annotations: {} }
  const layers = Array.from({ length: count }, () => layer)
  return { digest: IMAGE.digest, type: SIMPLE_SIGNING, layers, annotations: {} }
}

function evidence(blob: AttachmentReader['blob'], manifests: readonly AttachedManifest[], now?: () => number) {
  const never = () => Promise.reject(new Error('not asked'))
  const attachedTo = async () => ({ manifests, unread: 0 })
  return imageEvidence(
    IMAGE,
    { kind: 'artifact', what: 'a chart' },
    {
      attachments: { attachedTo, blob, publicKey: never, signingStatus: never },
      ...{ profiles: [], verifying: async () => ({ verifier, unreadKeys: [] }) },
      ...(now && { now }),
    },
  )
}

test('no blob is begun once the time is over', async () => {
  let time = 0
  const blob = async () => {
    time += 1_000
    return Buffer.from('x')
  }
  const { manifests } = await evidence(blob, [manifest(50)], () => time)
  const late = manifests[0]?.signatures.filter(({ check }) => check.state === 'unknown')
  expect(late?.[0]?.check).toEqual({ state: 'unknown', why: 'it could not be read in time' })
  // Those that were begun before it was over may end.
  expect(manifests[0]?.signatures).toHaveLength(50)
  expect(late?.length).toBeGreaterThanOrEqual(50 - 10 - 8)
})

test('an image that goes meanwhile is gone, and what nobody expects is not hidden', async () => {
  await expect(evidence(() => Promise.reject(new Gone('gone')), [manifest(1)])).rejects.toThrow(Gone)
  await expect(evidence(() => Promise.reject(new TypeError('bug')), [manifest(1)])).rejects.toThrow(TypeError)
})

test.each<[string, AttachedManifest, object]>([
  [
    'a signature by its tag',
    { ...manifest(0), tag: 'sha256-a.sig', type: '' },
    { signatures: [{ format: 'simple-signing' }] },
  ],
  [
    'a bundle by its type',
    { ...manifest(0), type: 'application/vnd.dev.sigstore.bundle.v0.3+json' },
    { signatures: [{ format: 'bundle' }] },
  ],
  [
    'a signature by its type',
    { ...manifest(0), type: 'application/vnd.dev.cosign.artifact.sig.v1+json' },
    { signatures: [{ format: 'simple-signing' }] },
  ],
  [
    'an attestation by its tag',
    { ...manifest(0), tag: 'sha256-a.att', type: '' },
    { attestations: [{ format: 'dsse' }] },
  ],
  ['an SBOM', { ...manifest(0), tag: 'sha256-a.sbom' }, { signatures: [], attestations: [] }],
  ['anything', { ...manifest(0), type: 'application/x' }, { signatures: [], attestations: [] }],
])('a manifest that is refused counts as %s', async (_, one, expected) => {
  const { manifests } = await evidence(async () => Buffer.from(''), [{ ...one, refused: 'a lie' }])
  expect(manifests).toMatchObject([expected])
})

test('ECR says why it could not sign, and a version of a profile is that profile', async () => {
  const signers = [{ name: 'release', by: 'signing-profile', profile: PROFILE }] as const
  const statuses = [
    { profile: PROFILE, status: 'FAILED', why: 'AccessDenied' },
    { profile: PROFILE, status: 'FAILED' },
    { profile: `${PROFILE}/abc`, status: 'COMPLETE' },
    { profile: `${PROFILE}2`, status: 'IN_PROGRESS' },
  ] as const
  const signatures = await managedSignatures(IMAGE.digest, signers, async () => statuses)
  expect(signatures.map(({ check }) => check)).toEqual([
    { state: 'refused', why: `ECR could not sign it with ${PROFILE}: AccessDenied` },
    { state: 'refused', why: `ECR could not sign it with ${PROFILE}` },
    { state: 'verified', signers: ['release'], who: `${PROFILE}/abc`, how: 'by AWS Signer, as ECR says' },
    { state: 'refused', why: `ECR signs it with ${PROFILE}2, which no signer names` },
  ])
  const failing = managedSignatures(IMAGE.digest, signers, () => Promise.reject(new TypeError('bug')))
  await expect(failing).rejects.toThrow(TypeError)
  const unread = () => Promise.reject(new Unreadable('denied', true, undefined))
  expect(await managedSignatures(IMAGE.digest, signers, unread)).toMatchObject([{ check: { state: 'unknown' } }])
})
