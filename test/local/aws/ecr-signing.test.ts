import {
  BatchGetImageCommand,
  DeleteSigningConfigurationCommand,
  DescribeImageSigningStatusCommand,
  DescribeImagesCommand,
  type ECRClient,
  GetDownloadUrlForLayerCommand,
  GetSigningConfigurationCommand,
  ListImageReferrersCommand,
  PutImageCommand,
  PutSigningConfigurationCommand,
  type SigningRule,
} from '@aws-sdk/client-ecr'
import { describe, expect, test } from 'vitest'
import { announce } from '../../../local/announce/announce.ts'
import { digestOf, OCI_INDEX, OCI_MANIFEST } from '../../../local/aws/ecr/manifest.ts'
import { SIGNING_MS } from '../../../local/aws/ecr/signing.ts'
import type { LocalAws } from '../../../local/aws/server.ts'
import { errorOf, withLocalAws } from './clients.ts'
import { manifestOf } from './manifests.ts'

const repositoryName = 'prod/app'
const imageId = { imageDigest: digestOf(manifestOf('a')) }
const NOTATION = 'application/vnd.cncf.notary.signature'

const profile = (name: string): string => `arn:aws:signer:ap-northeast-1:123456789012:/signing-profiles/${name}`
const rule = (name: string, ...filters: string[]): SigningRule => ({
  signingProfileArn: profile(name),
  ...(filters.length > 0 && {
    repositoryFilters: filters.map((filter) => ({ filter, filterType: 'WILDCARD_MATCH' as const })),
  }),
})

const put = (ecr: ECRClient, ...rules: SigningRule[]) =>
  ecr.send(new PutSigningConfigurationCommand({ signingConfiguration: { rules } }))

const push = (ecr: ECRClient, imageManifest = manifestOf('a'), imageTag?: string) =>
  ecr.send(new PutImageCommand({ repositoryName, imageManifest, imageTag }))

const statuses = async (ecr: ECRClient) => {
  const { signingStatuses = [] } = await ecr.send(new DescribeImageSigningStatusCommand({ repositoryName, imageId }))
  return signingStatuses.map(({ signingProfileArn, status }) => `${signingProfileArn?.split('/')[2]} ${status}`)
}

const referrers = async (ecr: ECRClient) =>
  (await ecr.send(new ListImageReferrersCommand({ repositoryName, subjectId: imageId }))).referrers ?? []

const signing = (body: (aws: LocalAws, ecr: ECRClient) => Promise<void>): Promise<void> =>
  withLocalAws(async (aws, { ecr }) => {
    aws.ecr.createRepository({ repositoryName })
    await body(aws, ecr)
  })

const pass = ({ clock }: LocalAws): void => clock.advanceTo(clock.now() + SIGNING_MS)

describe("ECR's own signing", () => {
  test('is configured, told and deleted', () =>
    signing(async (_, ecr) => {
      const none = { name: 'SigningConfigurationNotFoundException', status: 400 }
      expect(await errorOf(ecr.send(new GetSigningConfigurationCommand({})))).toMatchObject(none)
      expect(await errorOf(ecr.send(new DeleteSigningConfigurationCommand({})))).toMatchObject(none)
      const rules = [rule('release', 'prod/*'), rule('all')]
      expect(await put(ecr, ...rules)).toMatchObject({ signingConfiguration: { rules } })
      const told = { registryId: '123456789012', signingConfiguration: { rules } }
      expect(await ecr.send(new GetSigningConfigurationCommand({}))).toMatchObject(told)
      expect(await ecr.send(new DeleteSigningConfigurationCommand({}))).toMatchObject(told)
      expect(await errorOf(ecr.send(new GetSigningConfigurationCommand({})))).toMatchObject(none)
    }))

  test('an image is signed by every profile whose rule it fits, and each signature becomes a referrer', () =>
    signing(async (aws, ecr) => {
      await put(ecr, rule('release', 'dev/*', 'prod/*'), rule('release'), rule('all'), rule('other', 'dev/*'))
      await push(ecr)
      expect(await statuses(ecr)).toEqual(['release IN_PROGRESS', 'all IN_PROGRESS'])
      expect(await referrers(ecr)).toEqual([])
      pass(aws)
      expect(await statuses(ecr)).toEqual(['release COMPLETE', 'all COMPLETE'])
      expect(await referrers(ecr)).toMatchObject([{ artifactType: NOTATION }, { artifactType: NOTATION }])
    }))

  test('its signature is a Notation envelope about the image, and is not signed itself', () =>
    signing(async (aws, ecr) => {
      await put(ecr, rule('release'))
      await push(ecr)
      pass(aws)
      const [{ digest: imageDigest } = {}] = await referrers(ecr)
      pass(aws)
      const { imageDetails = [] } = await ecr.send(new DescribeImagesCommand({ repositoryName }))
      expect(imageDetails).toHaveLength(2)
      const { images = [] } = await ecr.send(new BatchGetImageCommand({ repositoryName, imageIds: [{ imageDigest }] }))
      const { layers, subject } = JSON.parse(images[0]?.imageManifest ?? '')
      expect(subject).toEqual({
        ...{ mediaType: OCI_MANIFEST, digest: imageId.imageDigest, size: manifestOf('a').length },
      })
      const layerDigest = layers[0].digest
      const { downloadUrl = '' } = await ecr.send(new GetDownloadUrlForLayerCommand({ repositoryName, layerDigest }))
      const { payload, header } = JSON.parse(await (await fetch(downloadUrl)).text())
      expect(JSON.parse(Buffer.from(payload, 'base64url').toString())).toEqual({ targetArtifact: subject })
      expect(header).toEqual({ x5c: [] })
    }))

  test('what was pushed before, elsewhere, or as a referrer is not signed', () =>
    signing(async (aws, ecr) => {
      await push(ecr)
      await put(ecr, rule('release', 'dev/*'))
      await push(ecr, manifestOf('a'), 'again')
      const subject = { digest: imageId.imageDigest, mediaType: OCI_MANIFEST, size: 1 }
      await put(ecr, rule('release'))
      await push(ecr, JSON.stringify({ schemaVersion: 2, artifactType: 'application/spdx+json', subject, layers: [] }))
      pass(aws)
      expect(await statuses(ecr)).toEqual([])
      expect(await referrers(ecr)).toMatchObject([{ artifactType: 'application/spdx+json' }])
    }))

  test('an image that is deleted meanwhile is not signed', () =>
    signing(async (aws, ecr) => {
      await put(ecr, rule('release'))
      await push(ecr)
      aws.call('ecr', 'BatchDeleteImage', { repositoryName, imageIds: [imageId] })
      pass(aws)
      expect(aws.ecr.repository(repositoryName)?.images.size).toBe(0)
    }))

  test('the status of an image that is not there is not told', () =>
    signing(async (_, ecr) => {
      expect(await errorOf(statuses(ecr))).toMatchObject({ name: 'ImageNotFoundException' })
    }))

  test('a past or a failure of choice is told as it was set', () =>
    signing(async (aws, ecr) => {
      aws.ecr.putImage({ repositoryName, imageManifest: manifestOf('a'), imageTag: '1.0.0' })
      const failed = { signingProfileArn: profile('release'), status: 'FAILED' as const }
      const why = { failureCode: 'AccessDenied', failureReason: 'The caller may not sign with the profile.' }
      aws.ecr.putSigning(repositoryName, imageId.imageDigest, [{ ...failed, ...why }])
      const describe = new DescribeImageSigningStatusCommand({ repositoryName, imageId: { imageTag: '1.0.0' } })
      expect(await ecr.send(describe)).toMatchObject({
        ...{ repositoryName, imageId: { ...imageId, imageTag: '1.0.0' }, signingStatuses: [{ ...failed, ...why }] },
      })
    }))

  test.each([
    ['a profile with its version', { signingProfileArn: `${profile('release')}/AbCdEf12` }],
    ['an ARN of something else', { signingProfileArn: 'arn:aws:kms:ap-northeast-1:123456789012:key/1' }],
    ['a filter with capital letters', rule('release', 'Prod/*')],
    ['a filter of another kind', { ...rule('release'), repositoryFilters: [{ filter: 'prod', filterType: 'PREFIX' }] }],
    ['no filter in a list of them', { ...rule('release'), repositoryFilters: [] }],
  ])('%s is refused', (_, wrong) =>
    signing(async (aws) => {
      const input = { signingConfiguration: { rules: [wrong] } }
      expect(() => aws.call('ecr', 'PutSigningConfiguration', input)).toThrow(/failed to satisfy constraint/)
    }),
  )

  test.each(['ECR Referrer Action', 'ECR Image Action'] as const)('its signature is announced as %s', (referrersAs) =>
    signing(async (aws, ecr) => {
      const events: object[] = []
      announce(aws, (event) => events.push(event), referrersAs)
      await put(ecr, rule('release'))
      await push(ecr)
      pass(aws)
      const [signature] = await referrers(ecr)
      await push(ecr, JSON.stringify({ schemaVersion: 2, subject: { digest: imageId.imageDigest }, layers: [] }), 'own')
      const pushes = events.filter((event) => JSON.stringify(event).includes('"action-type":"PUSH"'))
      expect(pushes).toMatchObject([
        { 'detail-type': 'ECR Image Action', detail: { 'image-digest': imageId.imageDigest } },
        {
          'detail-type': referrersAs,
          detail: {
            ...{ 'repository-name': repositoryName, 'image-digest': signature?.digest, result: 'SUCCESS' },
            ...{ 'manifest-media-type': OCI_MANIFEST, 'artifact-media-type': NOTATION },
          },
        },
        { 'detail-type': referrersAs, detail: { 'image-tag': 'own' } },
      ])
    }),
  )
})

const EMPTY = 'application/vnd.oci.empty.v1+json'
const BUNDLE = 'application/vnd.dev.sigstore.bundle.v0.3+json'

test.each([
  ['a Sigstore bundle', { artifactType: BUNDLE, config: { mediaType: EMPTY } }, BUNDLE],
  ['a Notation signature that tells its type by its configuration', { config: { mediaType: NOTATION } }, NOTATION],
  ['an SPDX document', { artifactType: 'application/spdx+json' }, 'application/spdx+json'],
  [
    'a CycloneDX document',
    { artifactType: 'application/vnd.cyclonedx+json', config: { mediaType: EMPTY } },
    'application/vnd.cyclonedx+json',
  ],
  ['an in-toto statement', { artifactType: 'application/vnd.in-toto+json' }, 'application/vnd.in-toto+json'],
  [
    'an index of signatures',
    { mediaType: OCI_INDEX, artifactType: BUNDLE, manifests: [], layers: undefined, config: undefined },
    BUNDLE,
  ],
])('%s is listed as a referrer with its type, and read whole', (_, manifest, artifactType) =>
  signing(async (aws, ecr) => {
    aws.ecr.putImage({ repositoryName, imageManifest: manifestOf('a') })
    const subject = { digest: imageId.imageDigest, mediaType: OCI_MANIFEST, size: manifestOf('a').length }
    const whole = {
      schemaVersion: 2,
      mediaType: OCI_MANIFEST,
      layers: [],
      subject,
      annotations: { by: 'x' },
      ...manifest,
    }
    const imageManifest = JSON.stringify(whole)
    await push(ecr, imageManifest)
    const digest = digestOf(imageManifest)
    const { mediaType, annotations } = whole
    const size = imageManifest.length
    const filter = { artifactTypes: [artifactType] }
    const list = new ListImageReferrersCommand({ repositoryName, subjectId: imageId, filter })
    expect((await ecr.send(list)).referrers).toEqual([
      { digest, mediaType, artifactType, size, annotations, artifactStatus: 'ACTIVE' },
    ])
    const get = new BatchGetImageCommand({ repositoryName, imageIds: [{ imageDigest: digest }] })
    expect((await ecr.send(get)).images).toMatchObject([{ imageManifest, imageManifestMediaType: mediaType }])
  }),
)
