import {
  CancelSbomExportCommand,
  CreateSbomExportCommand,
  type CreateSbomExportCommandInput,
  GetSbomExportCommand,
  Inspector2Client,
  type ResourceFilterCriteria,
} from '@aws-sdk/client-inspector2'
import { describe, expect, test } from 'vitest'
import { readSbom } from '../../../functions/policy/evidence/sbom/read-sbom.ts'
import { digestOf } from '../../../local/aws/ecr/manifest.ts'
import type { LocalAws, Place } from '../../../local/aws/server.ts'
import { configOf, errorOf, withLocalAws } from './clients.ts'
import { indexOf, manifestOf } from './manifests.ts'

const MEMBER = '222222222222'
const bucketName = 'steward'
const kmsKeyArn = 'arn:aws:kms:ap-northeast-1:123456789012:key/0ab1c2d3-0000-4000-8000-000000000000'
const s3Destination = { bucketName, kmsKeyArn }
const reportFormat = 'CYCLONEDX_1_4'

const clientOf = (aws: LocalAws, region = aws.region, key?: string) =>
  new Inspector2Client(configOf(aws.url, region, key))

const start = async (client: Inspector2Client, input: Partial<CreateSbomExportCommandInput> = {}) =>
  String((await client.send(new CreateSbomExportCommand({ reportFormat, s3Destination, ...input }))).reportId)

const get = (client: Inspector2Client, reportId: string) => client.send(new GetSbomExportCommand({ reportId }))
const cancel = (client: Inspector2Client, reportId: string) => client.send(new CancelSbomExportCommand({ reportId }))

const statusOf = async (client: Inspector2Client, reportId: string) => {
  const { status, errorCode } = await get(client, reportId)
  return errorCode ? `${status} ${errorCode}` : status
}

/** Lets Inspector watch the repositories that begin with `prod/`. */
function watch({ ecr, inspector, call }: Pick<Place, 'ecr' | 'inspector' | 'call'>): void {
  const rules = [
    { scanFrequency: 'CONTINUOUS_SCAN', repositoryFilters: [{ filter: 'prod/*', filterType: 'WILDCARD' }] },
    { scanFrequency: 'SCAN_ON_PUSH', repositoryFilters: [{ filter: '*', filterType: 'WILDCARD' }] },
  ]
  call('ecr', 'PutRegistryScanningConfiguration', { scanType: 'ENHANCED', rules })
  inspector.setEcrScanning('ENABLED')
  for (const repositoryName of ['prod/api', 'prod/web', 'dev/web']) ecr.createRepository({ repositoryName })
}

/** An image that Inspector has looked into. */
function push({ ecr, inspector }: Pick<Place, 'ecr' | 'inspector'>, image: string, purls: string[] = []): string {
  const [repositoryName = '', imageTag = ''] = image.split(':')
  const { digest } = ecr.putImage({ repositoryName, imageTag, imageManifest: manifestOf(image) })
  inspector.setPackages(`${repositoryName}@${digest}`, purls)
  return digest
}

const withWatched = (body: (aws: LocalAws, client: Inspector2Client) => Promise<void>): Promise<void> =>
  withLocalAws((aws) => {
    aws.s3.createBucket(bucketName)
    watch(aws)
    return body(aws, clientOf(aws))
  })

/** Digests of images that an export has written of, by their keys. */
const digestsIn = (aws: LocalAws, reportId: string): string[] =>
  aws.s3.keys(bucketName).flatMap((key) => {
    const [, digest = ''] = key.includes(`_${reportId}/`) ? (/_(sha256:[0-9a-f]{64})_/.exec(key) ?? []) : []
    return digest ? [digest] : []
  })

describe('an export', () => {
  test('runs, and then has written a document of each image, which is read as others are', () =>
    withWatched(async (aws, client) => {
      aws.ecr.putBlob('prod/api', '{"architecture":"arm64"}', digestOf('prod/api:1'))
      const purls = ['pkg:pypi/pip@22.0.4?path=usr/METADATA', 'pkg:dpkg/bind9@9.16.23-1?arch=ARM64&epoch=32']
      const digest = push(aws, 'prod/api:1', purls)
      const destination = { ...s3Destination, keyPrefix: 'sweep/exports' }
      const resourceFilterCriteria: ResourceFilterCriteria = {
        resourceType: [{ comparison: 'EQUALS', value: 'AWS_ECR_CONTAINER_IMAGE' }],
      }
      const reportId = await start(client, { s3Destination: destination, resourceFilterCriteria })
      expect([await statusOf(client, reportId), aws.s3.keys(bucketName)]).toEqual(['IN_PROGRESS', []])
      expect(await get(client, reportId)).toMatchObject({
        ...{ reportId, format: 'CYCLONEDX_1_4', status: 'SUCCEEDED' },
        ...{ s3Destination: destination, filterCriteria: resourceFilterCriteria },
      })
      const folder = `sweep/exports/CYCLONEDX_1_4_outputs_${reportId}/account=123456789012`
      const name = `arn:aws:ecr:ap-northeast-1:123456789012:repository_prod_api_${digest}_CYCLONEDX_1_4.json`
      const key = `${folder}/resource=AWS_ECR_CONTAINER_IMAGE/${name}`
      expect(aws.s3.keys(bucketName)).toEqual([key])
      const bytes = Buffer.from(aws.s3.read(bucketName, key) ?? '')
      expect(JSON.parse(bytes.toString())).toMatchObject({
        metadata: { component: null, properties: expect.arrayContaining([{ name: 'architecture', value: 'arm64' }]) },
        components: [
          { type: 'library', name: 'pip', 'bom-ref': expect.stringMatching(/^[0-9a-f]{32}$/) },
          { type: 'application', name: 'bind9' },
        ],
      })
      expect(await readSbom(bytes)).toMatchObject({
        sbom: {
          ...{ format: 'CycloneDX 1.4', about: [digest] },
          packages: [
            { name: 'pip', version: '22.0.4', ecosystem: 'pypi' },
            { name: 'bind9', version: '32:9.16.23-1', ecosystem: 'deb' },
          ],
        },
      })
    }))

  test('has what Inspector watches and supports: no index, nothing archived', () =>
    withWatched(async (aws, client) => {
      const digest = push(aws, 'prod/web:1')
      push(aws, 'dev/web:1')
      aws.ecr.putImage({ repositoryName: 'prod/web', imageManifest: manifestOf('signature') })
      const index = indexOf(manifestOf('prod/web:1'))
      aws.ecr.putImage({ repositoryName: 'prod/web', imageTag: 'all', imageManifest: index })
      const archived = { imageManifest: manifestOf('old'), archivedAt: new Date('2026-01-01') }
      aws.ecr.putImage({ repositoryName: 'prod/web', ...archived })
      for (const text of [index, archived.imageManifest]) aws.inspector.setPackages(`prod/web@${digestOf(text)}`, [])
      aws.inspector.setExporting({ overAt: 1 })
      const written = async () => {
        const reportId = await start(client)
        expect(await statusOf(client, reportId)).toBe('SUCCEEDED')
        return digestsIn(aws, reportId)
      }
      expect(await written()).toEqual([digest])
      aws.inspector.setEcrScanning('DISABLED')
      expect(await written()).toEqual([])
      aws.inspector.setEcrScanning('ENABLED')
      aws.ecr.setScanType('BASIC')
      expect(await written()).toEqual([])
      expect(() => aws.inspector.setPackages('prod/web@sha256:0', ['openssl'])).toThrow(TypeError)
    }))

  test('has what its filters let through', () =>
    withWatched(async (aws, client) => {
      const [api, web] = [push(aws, 'prod/api:1'), push(aws, 'prod/web:2')]
      aws.inspector.setExporting({ overAt: 1 })
      const arn = `arn:aws:ecr:ap-northeast-1:123456789012:repository/prod/web/${web}`
      const cases: [string, string[], string, string[]][] = [
        ['ecrRepositoryName', ['prod/api', 'prod/none'], 'EQUALS', [api]],
        ['ecrRepositoryName', ['prod/api', 'prod/web'], 'NOT_EQUALS', []],
        ['ecrImageTags', ['2'], 'EQUALS', [web]],
        ['ecrImageTags', ['2'], 'NOT_EQUALS', [api]],
        ['resourceId', [arn], 'EQUALS', [web]],
        ['accountId', [MEMBER], 'EQUALS', []],
        ['resourceType', ['AWS_EC2_INSTANCE'], 'EQUALS', []],
      ]
      for (const [name, values, comparison, expected] of cases) {
        const filters = values.map((value) => ({ comparison, value }))
        const reportId = await start(client, { resourceFilterCriteria: { [name]: filters } })
        await get(client, reportId)
        expect([name, comparison, digestsIn(aws, reportId)]).toEqual([name, comparison, expected])
      }
    }))

  test('is of the account that asks for it, one at a time', () =>
    withWatched(async (aws, client) => {
      const there = aws.at({ account: MEMBER })
      watch(there)
      const [own, digest] = [push(aws, 'prod/web:1'), push(there, 'prod/api:1')]
      aws.principals.assume('MEMBER', 'reader', 'me', MEMBER)
      const member = clientOf(aws, aws.region, 'MEMBER')
      const [first, second] = [await start(client), await start(member)]
      const { message } = await errorOf(start(client))
      expect(message).toContain('in progress')
      expect(await errorOf(get(member, first))).toMatchObject({ name: 'ResourceNotFoundException', status: 404 })
      await get(member, second)
      expect([await statusOf(member, second), digestsIn(aws, second)]).toEqual(['SUCCEEDED', [digest]])
      // Nobody asks about the first any more.
      aws.clock.advanceTo(aws.clock.now() + 3_600_000)
      const third = await start(client)
      expect([await statusOf(client, first), digestsIn(aws, first)]).toEqual(['SUCCEEDED', [own]])
      expect(await statusOf(client, third)).toBe('IN_PROGRESS')
    }))

  test('is cancelled while it runs', () =>
    withWatched(async (aws, client) => {
      push(aws, 'prod/web:1')
      aws.inspector.setExporting({ overAt: Number.POSITIVE_INFINITY })
      const reportId = await start(client)
      expect([await statusOf(client, reportId), await statusOf(client, reportId)]).toEqual([
        'IN_PROGRESS',
        'IN_PROGRESS',
      ])
      expect(await cancel(client, reportId)).toMatchObject({ reportId })
      expect([await statusOf(client, reportId), aws.s3.keys(bucketName)]).toEqual(['CANCELLED', []])
      expect(await errorOf(cancel(client, reportId))).toMatchObject({ name: 'ValidationException' })
    }))

  test('fails where it cannot write', () =>
    withWatched(async (aws, client) => {
      push(aws, 'prod/web:1')
      aws.inspector.setExporting({ overAt: 1 })
      const there = { ...s3Destination, bucketName: 'none' }
      const key = { ...s3Destination, kmsKeyArn: kmsKeyArn.replace('ap-northeast-1', 'us-east-1') }
      const endOf = async (one: Inspector2Client, destination = s3Destination) =>
        statusOf(one, await start(one, { s3Destination: destination }))
      expect(await endOf(client, there)).toBe('FAILED BUCKET_NOT_FOUND')
      expect(await endOf(client, key)).toBe('FAILED MALFORMED_KMS_KEY')
      aws.at({ region: 'us-east-1' }).inspector.setExporting({ overAt: 1 })
      expect(await endOf(clientOf(aws, 'us-east-1'))).toBe('FAILED INCOMPATIBLE_BUCKET_REGION')
      aws.inspector.setExporting({ overAt: 1, errorCode: 'INVALID_PERMISSIONS' })
      expect([await endOf(client), aws.s3.keys(bucketName)]).toEqual(['FAILED INVALID_PERMISSIONS', []])
    }))
})

const filters = (count: number, comparison = 'EQUALS') =>
  Array.from({ length: count }, () => ({ comparison, value: 'a' }))

test.each<[string, object]>([
  ['local AWS does not export SPDX_2_3', { reportFormat: 'SPDX_2_3' }],
  ['no format CSV', { reportFormat: 'CSV' }],
  ['not the ARN of a key', { s3Destination: { bucketName, kmsKeyArn: 'alias/steward' } }],
  ["'s3Destination.kmsKeyArn'", { s3Destination: { bucketName } }],
  ['11 filters', { resourceFilterCriteria: { ecrRepositoryName: filters(11) } }],
  ['0 filters', { resourceFilterCriteria: { ecrImageTags: [] } }],
  ['comparison PREFIX', { resourceFilterCriteria: { ecrImageTags: filters(1, 'PREFIX') } }],
  ['does not filter exports by lambdaFunctionName', { resourceFilterCriteria: { lambdaFunctionName: filters(1) } }],
])('%s is refused', (message, input) =>
  withWatched(async (_, client) => {
    expect(await errorOf(start(client, input))).toMatchObject({
      ...{ name: 'ValidationException', status: 400, message: expect.stringContaining(message) },
    })
    expect(await errorOf(get(client, 'mine'))).toMatchObject({ name: 'ValidationException' })
  }),
)

test('what IAM is asked for is the operation', () =>
  withWatched(async (aws, client) => {
    const needs: string[] = []
    aws.authorize = ({ action, resource }) => {
      needs.push(`${action} ${resource}`)
      return { allowed: false, reason: '' }
    }
    expect(await errorOf(start(client))).toMatchObject({ name: 'AccessDeniedException', status: 403 })
    expect(needs).toEqual(['inspector2:CreateSbomExport *'])
  }))
