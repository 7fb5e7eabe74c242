import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { evidenceOf as readingOf } from '../../../functions/adapters/evidence/evidence.ts'
import { imageReader } from '../../../functions/adapters/image-reader.ts'
import { signedAws } from '../../../functions/adapters/signed-aws.ts'
import type { ImageRef } from '../../../functions/domain/image.ts'
import type { Signer } from '../../../functions/domain/supply-chain/signer.ts'
import { type LocalAws, startLocalAws } from '../../../local/aws/server.ts'
import { createClock } from '../../../local/clock.ts'
import { messageBundle, signatureBundle, statementBundle } from '../../../local/signing/bundle.ts'
import { signedClaim, signedStatement } from '../../../local/signing/cosign.ts'
import { newKey } from '../../../local/signing/keys.ts'
import {
  attTag,
  bundleReferrer,
  referrer,
  SIMPLE_SIGNING,
  sbomTag,
  sigReferrer,
  sigTag,
} from '../../../local/signing/manifests.ts'
import { byKey } from '../../../local/signing/signer.ts'
import { indexManifest, member, stored } from '../../policy/image/manifests.ts'
import { envOf } from '../env.ts'
import { REPOSITORY, registryIn } from './registry.ts'

const PROFILE = 'arn:aws:signer:ap-northeast-1:123456789012:/signing-profiles/release'
const SLSA = 'https://slsa.dev/provenance/v1'
const [release, stranger] = [byKey(newKey()), byKey(newKey())]
const RELEASE: Signer = { name: 'release', by: 'key', pem: release.key.pem }
const clock = createClock()

let aws: LocalAws
let registry: ReturnType<typeof registryIn>

const reader = (signers: readonly Signer[] = [RELEASE]) =>
  imageReader(signedAws(envOf(aws)), {
    ...{ region: aws.region, endpoint: aws.url },
    evidence: readingOf(signers),
  })
const evidenceOf = async (image: ImageRef, signers?: readonly Signer[]) => {
  const { manifests } = await reader(signers).evidence(image)
  if (!manifests[0]) throw new Error('no manifest')
  return manifests[0]
}
const since = () => {
  const from = aws.calls.length
  return () => aws.calls.slice(from).map(({ operation }) => operation)
}
const sign = async ({ digest }: ImageRef, signer = release, more = {}) =>
  sigTag(digest, [await signedClaim({ digest, ...more }, signer)])
const bundle = async (image: ImageRef, signer = release) =>
  bundleReferrer(registry.targetOf(image), await signatureBundle(image.digest, signer))

beforeAll(async () => {
  aws = await startLocalAws({ clock })
  aws.ecr.createRepository({ repositoryName: REPOSITORY })
  registry = registryIn(aws)
})
beforeEach(() => aws.faults.clear())
afterAll(() => aws.close())

describe('a key-signed image is known in five calls, with its detail and its manifest', () => {
  test.each([
    ['by a tag', async (image: ImageRef) => sign(image)],
    ['by a bundle', bundle],
  ])('%s', async (_, signature) => {
    const image = registry.image()
    registry.attach(await signature(image))
    const { detail, manifest, evidence } = reader()
    const calls = since()
    const [{ manifests }] = await Promise.all([evidence(image), detail(image), manifest(image)])
    expect(manifests[0]?.signatures).toMatchObject([{ check: { state: 'verified', signers: ['release'] } }])
    // What comes of the address is no call of ECR: the bytes come from S3.
    expect(calls().toSorted()).toEqual([
      ...[
        'BatchGetImage',
        'BatchGetImage',
        'DescribeImages',
        'GetDownloadUrlForLayer',
        'GetObject',
        'ListImageReferrers',
      ],
    ])
  })
})

describe('a signature', () => {
  test('says whose it is and what was signed along with the digest', async () => {
    const image = registry.image()
    const said = { annotations: { env: 'prod' }, reference: 'registry.example/prod/api' }
    const attachment = await sign(image, release, said)
    registry.attach(attachment)
    expect(await evidenceOf(image)).toEqual({
      ...{ digest: image.digest, attestations: [], unread: 0 },
      signatures: [
        {
          ...{ digest: attachment.digest, tag: attachment.tag, format: 'simple-signing', ...said },
          check: {
            state: 'verified',
            signers: ['release'],
            who: expect.stringMatching(/^key SHA256:/),
            how: 'by its key',
          },
        },
      ],
    })
  })

  test('of nobody who is known is refused, and what it says is not told', async () => {
    const image = registry.image()
    registry.attach(await sign(image, stranger, { annotations: { env: 'prod' }, reference: 'x' }))
    const { signatures } = await evidenceOf(image)
    expect(signatures).toMatchObject([{ check: { state: 'refused' }, annotations: {} }])
    expect(signatures[0]).not.toHaveProperty('reference')
  })

  test('that was copied from another image proves nothing, in either form', async () => {
    const [image, other] = [registry.image(), registry.image()]
    const layers = [await signedClaim({ digest: other.digest }, release)]
    registry.attach(sigTag(image.digest, layers))
    registry.attach(bundleReferrer(registry.targetOf(image), await signatureBundle(other.digest, release)))
    const { signatures } = await evidenceOf(image)
    expect(signatures.map(({ check }) => check)).toEqual([
      { state: 'refused', why: 'it is a statement about something else' },
      { state: 'refused', why: 'it is a signature of another manifest' },
    ])
  })

  test('that says to be about another manifest is refused unread', async () => {
    const [image, other] = [registry.image(), registry.image()]
    const lie = sigReferrer(registry.targetOf(other), [await signedClaim({ digest: image.digest }, release)])
    registry.attach({ ...lie, tag: (await sign(image)).tag as string })
    const calls = since()
    const { signatures } = await evidenceOf(image)
    expect(signatures).toMatchObject([{ check: { state: 'refused', why: 'its manifest is about another one' } }])
    expect(calls()).not.toContain('GetDownloadUrlForLayer')
  })

  test('among many is found, and the others are counted', async () => {
    const image = registry.image()
    for (let n = 0; n < 20; n++)
      registry.attach(
        sigReferrer(registry.targetOf(image), [await signedClaim({ digest: image.digest }, byKey(newKey()))]),
      )
    registry.attach(await bundle(image))
    const { signatures, unread } = await evidenceOf(image)
    expect(signatures.filter(({ check }) => check.state === 'verified')).toHaveLength(1)
    expect([signatures.length, unread]).toEqual([21, 0])
  })

  test('stands before the second one of a manifest that has more than are checked', async () => {
    const image = registry.image()
    const bad = await signedClaim({ digest: image.digest }, stranger)
    registry.attach(
      sigTag(
        image.digest,
        Array.from({ length: 101 }, () => bad),
      ),
    )
    const good = referrer(registry.targetOf(image), SIMPLE_SIGNING, [
      { mediaType: SIMPLE_SIGNING, ...(await signedClaim({ digest: image.digest }, release)) },
    ])
    registry.attach(good)
    const { signatures, unread } = await evidenceOf(image)
    expect(signatures.filter(({ check }) => check.state === 'verified')).toMatchObject([{ digest: good.digest }])
    expect([signatures.length, unread]).toEqual([100, 2])
  })

  test('whose bytes are others, are too many or do not come is unknown, and the others are read', async () => {
    const image = registry.image()
    registry.attach(await sign(image))
    const of = (name: string) =>
      referrer(registry.targetOf(image), SIMPLE_SIGNING, [{ mediaType: SIMPLE_SIGNING, bytes: Buffer.from(name) }])
    const [other, gone] = [of('other'), of('gone')]
    registry.attach(other)
    registry.attach(gone)
    aws.ecr.putBlob(REPOSITORY, 'Other', stored('other').digest)
    aws.ecr.repository(REPOSITORY)?.blobs.delete(stored('gone').digest)
    registry.attach(
      referrer(registry.targetOf(image), SIMPLE_SIGNING, [
        { mediaType: SIMPLE_SIGNING, bytes: Buffer.alloc(1_048_577) },
      ]),
    )
    const { signatures, unread } = await evidenceOf(image)
    expect(
      signatures.map(({ check }) => ('why' in check ? `${check.state}: ${check.why}` : check.state)).toSorted(),
    ).toEqual([
      'unknown: ECR answered LayersNotFoundException to GetDownloadUrlForLayer',
      'unknown: it has more than 1 MiB',
      'unknown: what is attached does not have its digest',
      'verified',
    ])
    expect(unread).toBe(0)
  })

  test('of Notation is not verified here', async () => {
    const image = registry.image()
    const jws = { mediaType: 'application/jose+json', bytes: Buffer.from('{}') }
    registry.attach(referrer(registry.targetOf(image), 'application/vnd.cncf.notary.signature', [jws]))
    const calls = since()
    expect((await evidenceOf(image)).signatures).toMatchObject([{ format: 'notation', check: { state: 'unknown' } }])
    expect(calls()).not.toContain('GetDownloadUrlForLayer')
  })
})

test('where nothing is attached nobody is asked for a key', async () => {
  const calls = since()
  const kms: Signer = { name: 'kms', by: 'kms', key: aws.kms.createKey() }
  expect(await evidenceOf(registry.image(), [kms])).toMatchObject({ signatures: [], attestations: [], unread: 0 })
  expect(calls()).toEqual(['BatchGetImage', 'ListImageReferrers', 'BatchGetImage'])
})

test('what cannot be listed is unread: nothing is known to be missing', async () => {
  const error = { code: 'ServerException', status: 500 }
  aws.faults.inject({ service: 'ecr', operation: 'ListImageReferrers', times: 3, error })
  await expect(evidenceOf(registry.image())).rejects.toMatchObject({ name: 'Unreadable' })
})

test('nothing is known by a trusted root that is none', async () => {
  const image = registry.image()
  registry.attach(await sign(image))
  const [call, source] = [signedAws(envOf(aws)), { region: aws.region, endpoint: aws.url }]
  const { evidence } = imageReader(call, { ...source, evidence: readingOf([RELEASE], {}) })
  await expect(evidence(image)).rejects.toMatchObject({ name: 'Unreadable', message: expect.stringContaining('root') })
})

describe('an attestation', () => {
  test('says what it says, in either form, and an SBOM only that it is one', async () => {
    const image = registry.image()
    const said = (predicateType: string, predicate: unknown) => ({ digest: image.digest, predicateType, predicate })
    registry.attach(attTag(image.digest, [await signedStatement(said(SLSA, { a: 1 }), release)]))
    const sbom = said('https://spdx.dev/Document/v2.3', { spdxVersion: 'SPDX-2.3' })
    registry.attach(bundleReferrer(registry.targetOf(image), await statementBundle(sbom, release), sbom.predicateType))
    const { signatures, attestations } = await evidenceOf(image)
    expect(signatures).toEqual([])
    expect(attestations).toMatchObject([
      { format: 'bundle', check: { state: 'verified' }, predicateType: sbom.predicateType },
      { format: 'dsse', check: { state: 'verified' }, predicateType: SLSA, predicate: { a: 1 } },
    ])
    expect(attestations[0]).not.toHaveProperty('predicate')
  })

  test('of nobody who is known says nothing', async () => {
    const image = registry.image()
    const said = { digest: image.digest, predicateType: SLSA, predicate: {} }
    registry.attach(attTag(image.digest, [await signedStatement(said, stranger)]))
    const { attestations } = await evidenceOf(image)
    expect(attestations).toMatchObject([{ check: { state: 'refused' }, predicateType: SLSA }])
    expect(attestations[0]).not.toHaveProperty('predicate')
  })

  test('is no signature that somebody called one', async () => {
    const image = registry.image()
    const text = aws.ecr.repository(REPOSITORY)?.images.get(image.digest)?.manifest ?? ''
    registry.attach(bundleReferrer(registry.targetOf(image), await messageBundle(Buffer.from(text), release), SLSA))
    expect(await evidenceOf(image)).toMatchObject({ signatures: [{ check: { state: 'verified' } }], attestations: [] })
  })

  test('that is too large to be read is of the type that stands beside it', async () => {
    const image = registry.image()
    const large = referrer(
      registry.targetOf(image),
      'application/vnd.dev.sigstore.bundle.v0.3+json',
      [{ mediaType: 'application/vnd.dev.sigstore.bundle.v0.3+json', bytes: Buffer.alloc(8_400_000) }],
      { 'dev.sigstore.bundle.predicateType': SLSA },
    )
    registry.attach(large)
    expect(await evidenceOf(image)).toMatchObject({
      signatures: [],
      attestations: [{ predicateType: SLSA, check: { state: 'unknown', why: 'it has more than 8 MiB' } }],
    })
  })
})

test('an SBOM that nobody signed, and what is neither, are no evidence', async () => {
  const image = registry.image()
  registry.attach(sbomTag(image.digest, 'text/spdx+json', Buffer.from('{}')))
  registry.attach(
    referrer(registry.targetOf(image), 'application/vnd.amazon.soci.index.v2+json', [
      { mediaType: 'a/b', bytes: Buffer.from('x') },
    ]),
  )
  expect(await evidenceOf(image)).toMatchObject({ signatures: [], attestations: [], unread: 0 })
})

test('of an index each platform is read, too', async () => {
  const [amd64, arm64] = [registry.image(), registry.image()]
  const text = (image: ImageRef) => aws.ecr.repository(REPOSITORY)?.images.get(image.digest)?.manifest ?? ''
  const platform = { platform: { os: 'linux', architecture: 'arm64' } }
  const index = registry.put(indexManifest([member(stored(text(amd64))), member(stored(text(arm64)), platform)]))
  registry.attach(await bundle(index))
  registry.attach(await sign(arm64, stranger))
  const evidence = await reader().evidence(index)
  expect(evidence).toMatchObject({
    isIndex: true,
    manifests: [
      { digest: index.digest, signatures: [{ check: { state: 'verified' } }] },
      { digest: amd64.digest, platform: 'linux/amd64', signatures: [] },
      { digest: arm64.digest, platform: 'linux/arm64', signatures: [{ check: { state: 'refused' } }] },
    ],
  })
})

describe('a key of KMS', () => {
  test('is asked for once, by however many readers', async () => {
    const arn = aws.kms.createKey({ publicKey: release.key.pem })
    const evidence = readingOf([{ name: 'kms', by: 'kms', key: arn }])
    const [call, source] = [signedAws(envOf(aws)), { region: aws.region, endpoint: aws.url }]
    const calls = since()
    for (let n = 0; n < 2; n++) {
      const image = registry.image()
      registry.attach(await sign(image))
      const { manifests } = await imageReader(call, { ...source, evidence }).evidence(image)
      expect(manifests[0]?.signatures).toMatchObject([{ check: { state: 'verified', signers: ['kms'] } }])
    }
    expect(calls().filter((operation) => operation === 'GetPublicKey')).toHaveLength(1)
  })

  test('that cannot be read makes unknown what may be its, and nothing else', async () => {
    const image = registry.image()
    registry.attach(await sign(image, stranger))
    registry.attach(await bundle(image))
    const gone = `arn:aws:kms:${aws.region}:${aws.account}:key/00000000-0000-0000-0000-000000000000`
    const { signatures } = await evidenceOf(image, [RELEASE, { name: 'kms', by: 'kms', key: gone }])
    expect(signatures).toMatchObject([
      { check: { state: 'verified', signers: ['release'] } },
      {
        check: {
          state: 'unknown',
          why: 'the signature is by another key, or what it signs was changed; the key of kms could not be read: KMS answered NotFoundException to GetPublicKey',
        },
      },
    ])
  })
})

describe('what ECR signed itself', () => {
  const managed = { name: 'managed', by: 'signing-profile' } as const
  const push = () => {
    const signingConfiguration = { rules: [{ signingProfileArn: PROFILE }] }
    aws.call('ecr', 'PutSigningConfiguration', { signingConfiguration })
    return registry.image()
  }

  test.each<[string, string, object]>([
    ['is good', PROFILE, { state: 'verified', signers: ['managed'], who: PROFILE, how: 'by AWS Signer, as ECR says' }],
    ['with another profile is of nobody', `${PROFILE}2`, { state: 'refused' }],
  ])('%s', async (_, profile, check) => {
    const image = push()
    clock.set(clock.now() + 10_000)
    const { signatures } = await evidenceOf(image, [{ ...managed, profile }])
    expect(signatures).toMatchObject([
      { digest: image.digest, format: 'managed', check },
      { format: 'notation', check: { state: 'unknown' } },
    ])
  })

  test('is not known while it is under way, nor where ECR does not say it', async () => {
    const image = push()
    const { signatures } = await evidenceOf(image, [{ ...managed, profile: PROFILE }])
    expect(signatures).toMatchObject([{ check: { state: 'unknown', why: `ECR is signing it with ${PROFILE}` } }])
    const error = { code: 'AccessDeniedException' }
    aws.faults.inject({ service: 'ecr', operation: 'DescribeImageSigningStatus', error })
    expect((await evidenceOf(image, [{ ...managed, profile: PROFILE }])).signatures).toMatchObject([
      { check: { state: 'unknown', why: 'ECR answered AccessDeniedException to DescribeImageSigningStatus' } },
    ])
  })
})
