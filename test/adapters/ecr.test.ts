import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { ecrImages } from '../../functions/adapters/ecr.ts'
import { signedAws } from '../../functions/adapters/signed-aws.ts'
import type { ImageRef } from '../../functions/domain/image.ts'
import { type LocalAws, startLocalAws } from '../../local/aws/server.ts'
import { envOf } from './env.ts'

const LAYER = `sha256:${'1a'.repeat(32)}`
const manifest = (config: string) =>
  JSON.stringify({
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    config: { mediaType: config, digest: LAYER, size: 10 },
    layers: [{ mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip', digest: LAYER, size: 1_000 }],
  })

let aws: LocalAws
let image: ImageRef
const at = new Date('2026-11-20T08:00:00Z')
const images = () => ecrImages(signedAws(envOf(aws)), aws.region)

beforeAll(async () => {
  aws = await startLocalAws()
  aws.ecr.createRepository({ repositoryName: 'prod/api' })
  const { digest } = aws.ecr.putImage({
    repositoryName: 'prod/api',
    imageManifest: manifest('application/vnd.oci.image.config.v1+json'),
    imageTag: '1.4.2',
    pushedAt: at,
  })
  image = { account: aws.account, region: aws.region, repository: 'prod/api', digest, tags: [] }
})
beforeEach(() => aws.faults.clear())
afterAll(() => aws.close())

const put = (scan: Parameters<LocalAws['ecr']['putScan']>[2]) => aws.ecr.putScan('prod/api', image.digest, scan)
const basic = (n: number) => ({
  name: `CVE-${n}`,
  severity: 'HIGH' as const,
  attributes: [{ key: 'package_name', value: 'openssl' }],
})

describe('the result of a scan', () => {
  test('of basic scanning is read page by page, each finding once', async () => {
    const findings = Array.from({ length: 2_300 }, (_, n) => basic(n))
    put({ status: { status: 'COMPLETE' }, findings: [...findings, basic(7)], completedAt: at })
    const result = await images().scanResult(image)
    expect(result).toMatchObject({ status: 'COMPLETE', outcome: 'complete', scannedAt: '2026-11-20T08:00:00.000Z' })
    expect(result.findings).toHaveLength(2_300)
    expect(result.counts).toEqual({ HIGH: 2_301 })
    expect(aws.calls.filter(({ operation }) => operation === 'DescribeImageScanFindings')).toHaveLength(3)
  })

  test('of enhanced scanning has the other shape', async () => {
    const vulnerablePackages = [{ name: 'zlib', version: '1.2', fixedInVersion: '1.3' }]
    put({
      status: { status: 'ACTIVE', description: 'Continuous scan is selected for image.' },
      enhancedFindings: [
        {
          severity: 'CRITICAL',
          status: 'ACTIVE',
          packageVulnerabilityDetails: { vulnerabilityId: 'CVE-9', vulnerablePackages },
        },
        {
          severity: 'HIGH',
          status: 'SUPPRESSED',
          packageVulnerabilityDetails: { vulnerabilityId: 'CVE-8', vulnerablePackages },
        },
      ],
    })
    const result = await images().scanResult(image)
    expect(result).toMatchObject({ outcome: 'complete', description: 'Continuous scan is selected for image.' })
    expect(result.findings).toMatchObject([{ id: 'CVE-9', package: 'zlib', fixed: '1.3' }])
  })

  test('without findings or counts has none', async () => {
    put({ status: { status: 'IN_PROGRESS' } })
    expect(await images().scanResult(image)).toMatchObject({ outcome: 'pending', counts: {}, findings: [] })
  })
})

test('a scan that is said to be complete, and does not say what it found, is not clean: it may be read later', async () => {
  const body = JSON.stringify({ imageScanStatus: { status: 'COMPLETE' }, imageScanFindings: {} })
  aws.faults.inject({ service: 'ecr', operation: 'DescribeImageScanFindings', error: { body } })
  await expect(images().scanResult(image)).rejects.toMatchObject({
    ...{ name: 'Unreadable', permanent: false },
    message: 'ECR says that the scan is complete, and not what it found',
  })
})

describe('an image', () => {
  test('has its tags, and when it was pushed', async () => {
    expect(await images().detail(image)).toEqual({ tags: ['1.4.2'], pushedAt: '2026-11-20T08:00:00.000Z' })
  })

  test('is told from what only looks like one by its manifest', async () => {
    expect(await images().manifest(image)).toEqual({ what: 'image', described: { layers: [LAYER] } })
    const { digest } = aws.ecr.putImage({
      repositoryName: 'prod/api',
      imageManifest: manifest('application/vnd.cncf.helm.config.v1+json'),
    })
    expect(await images().manifest({ ...image, digest })).toEqual({ what: 'artifact' })
  })
})

describe('what cannot be read', () => {
  const nowhere = `sha256:${'0'.repeat(64)}`

  test.each([
    ['a repository that is not there', { repository: 'gone' }, 'ECR answered RepositoryNotFoundException'],
    ['an image that is not there', { digest: nowhere }, 'ECR answered ImageNotFoundException'],
    ['an image of another region', { region: 'eu-west-1' }, 'the image is in eu-west-1, not in ap-northeast-1'],
  ])('%s stays so', async (_, change, message) => {
    const other = { ...image, ...change }
    const { scanResult, detail, manifest: read } = images()
    for (const call of [scanResult(other), detail(other), read(other)]) {
      await expect(call).rejects.toMatchObject({ name: 'Unreadable', permanent: true, message })
    }
  })

  test('for lack of permission stays so', async () => {
    aws.faults.inject({ service: 'ecr', error: { code: 'AccessDeniedException', status: 400 } })
    await expect(images().detail(image)).rejects.toMatchObject({ permanent: true })
  })

  test.each([
    ['ThrottlingException', 400],
    ['ServerException', 500],
  ])('for %s may be read later, after three attempts', async (code, status) => {
    const before = aws.calls.length
    aws.faults.inject({ service: 'ecr', times: 3, error: { code, status } })
    await expect(images().detail(image)).rejects.toMatchObject({
      permanent: false,
      message: `ECR answered ${code}`,
    })
    expect(aws.calls.length - before).toBe(3)
  })

  test('is not taken for a clean image when ECR answers without a status', async () => {
    const { scanResult } = ecrImages(async () => ({}), aws.region)
    expect(await scanResult(image)).toMatchObject({ status: 'UNKNOWN', outcome: 'failed' })
  })

  test('is a manifest that is not JSON, for good', async () => {
    const { manifest: read } = ecrImages(async () => ({ images: [{ imageManifest: '<html>' }] }), aws.region)
    await expect(read(image)).rejects.toMatchObject({ permanent: true, message: 'its manifest is not JSON' })
  })

  test('for a dropped connection may be read later', async () => {
    aws.faults.inject({ service: 'ecr', times: Number.POSITIVE_INFINITY, error: { drop: true } })
    await expect(images().detail(image)).rejects.toMatchObject({ permanent: false })
  })
})
