import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { evidenceOf as readingOf } from '../../../functions/adapters/evidence/evidence.ts'
import { imageReader } from '../../../functions/adapters/image-reader.ts'
import { signedAws } from '../../../functions/adapters/signed-aws.ts'
import type { ImageRef } from '../../../functions/domain/image.ts'
import { type LocalAws, startLocalAws } from '../../../local/aws/server.ts'
import { createClock } from '../../../local/clock.ts'
import { messageBundle, signatureBundle, statementBundle } from '../../../local/signing/bundle.ts'
import { signedStatement } from '../../../local/signing/cosign.ts'
import { statement } from '../../../local/signing/envelope.ts'
import { newKey } from '../../../local/signing/keys.ts'
import { attTag, bundleReferrer, referrer, sbomTag } from '../../../local/signing/manifests.ts'
import { byKey } from '../../../local/signing/signer.ts'
import { cycloneDx, purlRef, spdx } from '../../policy/evidence/sbom/documents.ts'
import { imageManifest, indexManifest, layer, member, stored } from '../../policy/image/manifests.ts'
import { envOf } from '../env.ts'
import { REPOSITORY, registryIn } from './registry.ts'

const [SPDX, CYCLONEDX] = ['https://spdx.dev/Document/v2.3', 'https://cyclonedx.org/bom']
const [release, stranger] = [byKey(newKey()), byKey(newKey())]
const clock = createClock()

let aws: LocalAws
let registry: ReturnType<typeof registryIn>

beforeAll(async () => {
  aws = await startLocalAws({ clock })
  aws.ecr.createRepository({ repositoryName: REPOSITORY })
  registry = registryIn(aws)
})
afterAll(() => aws.close())

const sbomsOf = (image: ImageRef) =>
  imageReader(signedAws(envOf(aws)), {
    ...{ region: aws.region, endpoint: aws.url },
    evidence: readingOf([{ name: 'release', by: 'key', pem: release.key.pem }]),
  }).sboms(image)

const ONE = { name: 'log4j-core', ...purlRef('pkg:maven/org.apache.logging.log4j/log4j-core@2.14.1') }
const PACKAGES = [{ name: 'org.apache.logging.log4j/log4j-core', version: '2.14.1', ecosystem: 'maven' }]
const bytes = (document: unknown): Buffer => Buffer.from(JSON.stringify(document))
const about = ({ digest }: ImageRef) => [{ name: 'web', digest: { sha256: digest.slice('sha256:'.length) } }]
const said = (image: ImageRef, predicateType: string, predicate: object) => ({
  ...{ digest: image.digest, predicateType, predicate },
})

test('attested in a bundle, attested under a tag, attached by a subject and by a tag', async () => {
  const image = registry.image()
  const target = registry.targetOf(image)
  const bundle = await statementBundle(said(image, SPDX, spdx([ONE])), release)
  registry.attach(bundleReferrer(target, bundle, SPDX))
  const cyclone = cycloneDx([{ type: 'library', name: 'log4j-core', purl: ONE.externalRefs[0]?.referenceLocator }])
  registry.attach(attTag(image.digest, [await signedStatement(said(image, CYCLONEDX, cyclone), stranger)]))
  registry.attach(
    referrer(target, 'application/spdx+json', [{ mediaType: 'application/spdx+json', bytes: bytes(spdx([ONE])) }]),
  )
  registry.attach(sbomTag(image.digest, 'text/spdx+json', Buffer.from('SPDXVersion: SPDX-2.3')))
  const { isIndex, manifests } = await sbomsOf(image)
  expect({ isIndex, unread: manifests.map(({ unread }) => unread) }).toEqual({ isIndex: false, unread: [0] })
  const found = manifests[0]?.sboms ?? []
  const by = (format: string, tag?: string) =>
    found.find((one) => one.format === format && (tag === undefined || one.tag?.endsWith(tag)))
  expect(found).toHaveLength(4)
  const sbom = { format: 'SPDX 2.3', about: [image.digest], packages: PACKAGES }
  expect(by('bundle')).toMatchObject({ check: { state: 'verified', signers: ['release'] }, sbom })
  expect(by('dsse')).toMatchObject({ check: { state: 'refused' }, sbom: { ...sbom, format: 'CycloneDX 1.6' } })
  expect(by('document', '.sbom')).toMatchObject({ refused: 'it is not JSON' })
  const plain = found.find((one) => one.format === 'document' && one.tag === undefined)
  expect(plain).toMatchObject({ sbom: { about: [], packages: PACKAGES } })
  expect(plain).not.toHaveProperty('check')
})

test('signatures, provenance and other things are none', async () => {
  const image = registry.image()
  const target = registry.targetOf(image)
  registry.attach(bundleReferrer(target, await signatureBundle(image.digest, release)))
  const slsa = await statementBundle(said(image, 'https://slsa.dev/provenance/v1', {}), release)
  registry.attach(bundleReferrer(target, slsa))
  registry.attach(bundleReferrer(target, slsa, 'https://slsa.dev/provenance/v1'))
  registry.attach(bundleReferrer(target, { nothing: 1 }))
  expect(await sbomsOf(image)).toMatchObject({ manifests: [{ sboms: [], unread: 0 }] })
})

describe('what is written beside what was signed is not what was signed', () => {
  const manifestOf = ({ digest }: ImageRef) => aws.ecr.repository(REPOSITORY)?.images.get(digest)?.manifest ?? ''
  const forged = (image: ImageRef) => statement(said(image, SPDX, spdx([ONE]))).toString('base64')

  test('in an envelope', async () => {
    const image = registry.image()
    const { bytes: signed, annotations } = await signedStatement(said(image, 'https://slsa.dev/x', {}), release)
    const both = { ...JSON.parse(signed.toString()), dsseEnvelope: { payload: forged(image) } }
    registry.attach(
      attTag(image.digest, [{ bytes: bytes(both), annotations: { ...annotations, predicateType: SPDX } }]),
    )
    expect(await sbomsOf(image)).toMatchObject({ manifests: [{ sboms: [] }] })
  })

  test('in a bundle', async () => {
    const image = registry.image()
    const signed = await messageBundle(Buffer.from(manifestOf(image)), release)
    registry.attach(bundleReferrer(registry.targetOf(image), { ...signed, payload: forged(image) }, SPDX))
    expect(await sbomsOf(image)).toMatchObject({ manifests: [{ sboms: [] }] })
  })

  test('in a bundle of two contents, which is none', async () => {
    const image = registry.image()
    const signed = await messageBundle(Buffer.from(manifestOf(image)), release)
    const other = await statementBundle(said(image, SPDX, spdx([ONE])), stranger)
    registry.attach(bundleReferrer(registry.targetOf(image), { ...other, ...signed }, SPDX))
    expect(await sbomsOf(image)).toMatchObject({ manifests: [{ sboms: [{ check: { state: 'refused' } }] }] })
  })
})

test('what says that it is one and is none is refused', async () => {
  const image = registry.image()
  registry.attach(bundleReferrer(registry.targetOf(image), { nothing: 1 }, SPDX))
  expect(await sbomsOf(image)).toMatchObject({
    manifests: [{ sboms: [{ check: { state: 'refused' }, refused: 'its envelope holds no statement' }] }],
  })
})

test('BuildKit lists them in the index', async () => {
  const image = registry.image()
  const text = aws.ecr.repository(REPOSITORY)?.images.get(image.digest)?.manifest ?? ''
  const statement = (predicateType: string, predicate: object) =>
    JSON.stringify({ _type: 'https://in-toto.io/Statement/v0.1', predicateType, subject: about(image), predicate })
  const contents = [statement(SPDX, spdx([ONE])), statement('https://slsa.dev/provenance/v0.2', { a: 1 })]
  const attestation = imageManifest(stored({ os: 'unknown', architecture: 'unknown' }), {
    layers: contents.map((content) => ({ ...layer('x', 'application/vnd.in-toto+json'), ...registry.blob(content) })),
  })
  registry.put(attestation)
  const listed = (change: object) =>
    member(attestation, {
      platform: { os: 'unknown', architecture: 'unknown' },
      annotations: {
        'vnd.docker.reference.type': 'attestation-manifest',
        'vnd.docker.reference.digest': image.digest,
        ...change,
      },
    })
  const index = registry.put(
    indexManifest([member(stored(text)), listed({}), listed({ 'vnd.docker.reference.type': 'other' })]),
  )
  const from = aws.calls.length
  expect(await sbomsOf(index)).toMatchObject({
    isIndex: true,
    manifests: [
      { digest: index.digest, sboms: [] },
      {
        digest: image.digest,
        sboms: [
          { digest: attestation.digest, format: 'document', sbom: { about: [image.digest], packages: PACKAGES } },
        ],
      },
    ],
  })
  const calls = aws.calls.slice(from).map(({ operation }) => operation)
  expect(calls.filter((one) => one === 'BatchGetImage')).toHaveLength(2 + 2 + 2)
})
