import {
  DescribeImageScanFindingsCommand,
  type DescribeImageScanFindingsCommandInput,
  type ECRClient,
  StartImageScanCommand,
} from '@aws-sdk/client-ecr'
import { describe, expect, test } from 'vitest'
import type { LocalAws } from '../../../local/aws/server.ts'
import { errorOf, withLocalAws } from './clients.ts'

const repositoryName = 'app'
const COMPLETED = new Date('2026-03-01T00:00:00Z')

const withImage = (body: (aws: LocalAws, ecr: ECRClient, imageDigest: string) => Promise<void>): Promise<void> =>
  withLocalAws(async (aws, { ecr }) => {
    aws.ecr.createRepository({ repositoryName })
    const { digest } = aws.ecr.putImage({ repositoryName, imageManifest: '{}', imageTag: 'v1' })
    await body(aws, ecr, digest)
  })

const findings = (ecr: ECRClient, input: Partial<DescribeImageScanFindingsCommandInput> = {}) =>
  ecr.send(new DescribeImageScanFindingsCommand({ repositoryName, imageId: { imageTag: 'v1' }, ...input }))

const start = (ecr: ECRClient) => ecr.send(new StartImageScanCommand({ repositoryName, imageId: { imageTag: 'v1' } }))

describe('scan findings', () => {
  test('of basic scanning come by page with the counts of all of them', () =>
    withImage(async (aws, ecr, imageDigest) => {
      const found = Array.from({ length: 7 }, (_, i) => ({
        name: `CVE-2026-000${i}`,
        severity: i < 2 ? ('CRITICAL' as const) : ('LOW' as const),
        attributes: [{ key: 'package_name', value: 'openssl' }],
      }))
      aws.ecr.putScan(repositoryName, imageDigest, {
        status: { status: 'COMPLETE' },
        findings: found,
        completedAt: COMPLETED,
      })
      const names: (string | undefined)[] = []
      let nextToken: string | undefined
      do {
        const page = await findings(ecr, { maxResults: 3, nextToken })
        expect(page.imageScanStatus?.status).toBe('COMPLETE')
        expect(page.imageId).toEqual({ imageDigest, imageTag: 'v1' })
        expect(page.imageScanFindings).toMatchObject({
          findingSeverityCounts: { CRITICAL: 2, LOW: 5 },
          imageScanCompletedAt: COMPLETED,
        })
        expect(page.imageScanFindings?.enhancedFindings).toBeUndefined()
        names.push(...(page.imageScanFindings?.findings ?? []).map(({ name }) => name))
        nextToken = page.nextToken
      } while (nextToken)
      expect(names).toEqual(found.map(({ name }) => name))
    }))

  test('of enhanced scanning come in their own list', () =>
    withImage(async (aws, ecr, imageDigest) => {
      const updatedAt = new Date('2026-02-28T12:00:00Z')
      const enhancedFindings = [{ title: 'CVE-2026-1', severity: 'HIGH', score: 8.1, updatedAt }]
      aws.ecr.putScan(repositoryName, imageDigest, { status: { status: 'ACTIVE' }, enhancedFindings })
      const { imageScanFindings, imageScanStatus } = await findings(ecr)
      expect(imageScanStatus?.status).toBe('ACTIVE')
      expect(imageScanFindings?.findings).toBeUndefined()
      expect(imageScanFindings).toMatchObject({ enhancedFindings, findingSeverityCounts: { HIGH: 1 } })
    }))

  test('are absent, and not empty, where a scan failed', () =>
    withImage(async (aws, ecr, imageDigest) => {
      const status = { status: 'FAILED', description: 'UnsupportedImageError: not supported' }
      aws.ecr.putScan(repositoryName, imageDigest, { status })
      const answer = await findings(ecr)
      expect(answer.imageScanStatus).toEqual(status)
      expect(answer.imageScanFindings).toBeUndefined()
    }))

  test('of an image that was never scanned are not found', () =>
    withImage(async (_, ecr) => {
      expect(await errorOf(findings(ecr))).toMatchObject({
        name: 'ScanNotFoundException',
        message:
          "Image scan does not exist for the image with '{imageDigest:'null', imageTag:'v1'}' in the repository with name 'app' in the registry with id '123456789012'",
      })
      expect((await errorOf(findings(ecr, { imageId: { imageTag: 'v2' } }))).name).toBe('ImageNotFoundException')
      expect((await errorOf(findings(ecr, { repositoryName: 'none' }))).name).toBe('RepositoryNotFoundException')
    }))
})

describe('starting a scan', () => {
  test('it runs for a while and then tells what is known of the image', () =>
    withImage(async (aws, ecr, imageDigest) => {
      const found = [{ name: 'CVE-2026-1', severity: 'HIGH' as const }]
      aws.ecr.putScan(repositoryName, imageDigest, { status: { status: 'COMPLETE' }, findings: found })
      expect((await start(ecr)).imageScanStatus?.status).toBe('IN_PROGRESS')
      const running = await findings(ecr)
      expect([running.imageScanStatus?.status, running.imageScanFindings]).toEqual(['IN_PROGRESS', undefined])
      aws.clock.advanceTo(aws.clock.now() + 60_000)
      expect((await findings(ecr)).imageScanFindings?.findings).toEqual(found)
    }))

  test('one image is scanned once a day', () =>
    withImage(async (aws, ecr) => {
      await start(ecr)
      expect((await errorOf(start(ecr))).name).toBe('LimitExceededException')
      aws.clock.advanceTo(aws.clock.now() + 25 * 3_600_000)
      await start(ecr)
    }))

  test('enhanced scanning cannot be started by hand', () =>
    withImage(async (aws, ecr) => {
      aws.ecr.setScanType('ENHANCED')
      expect(await errorOf(start(ecr))).toMatchObject({
        name: 'ValidationException',
        message: 'This feature is disabled',
      })
    }))

  test('an index cannot be scanned', () =>
    withImage(async (aws, ecr, digest) => {
      const imageManifest = JSON.stringify({ manifests: [{ digest }] })
      aws.ecr.putImage({ repositoryName, imageManifest, imageTag: 'all' })
      const call = ecr.send(new StartImageScanCommand({ repositoryName, imageId: { imageTag: 'all' } }))
      expect((await errorOf(call)).name).toBe('UnsupportedImageTypeException')
    }))
})
