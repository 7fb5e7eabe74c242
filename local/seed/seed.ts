import type { LocalAws } from '../aws/server.ts'
import { IMAGES, seedImage } from './images.ts'
import { putScan } from './put-scan.ts'
import { REPOSITORIES } from './repositories.ts'
import { EARLIER_SCANS, SCANS } from './scans.ts'
import { scanStages } from './stages.ts'

/** Milliseconds that a scan takes from the push to its end. */
const SCAN_MS = 45_000
const CREATED = Date.parse('2026-01-13T02:00:00Z')

function createRepositories({ ecr }: LocalAws): void {
  for (const { name, team, mutability, scanOnPush, kmsKey } of REPOSITORIES) {
    ecr.createRepository({
      repositoryName: name,
      imageTagMutability: mutability,
      imageScanningConfiguration: { scanOnPush },
      encryptionConfiguration: kmsKey ? { encryptionType: 'KMS', kmsKey } : { encryptionType: 'AES256' },
      tags: [{ Key: 'team', Value: team }],
    })
  }
}

function pushImages({ ecr }: LocalAws): void {
  for (const { repository, tags, text, mediaType, pushed } of IMAGES) {
    const image = {
      repositoryName: repository,
      imageManifest: text,
      imageManifestMediaType: mediaType,
      pushedAt: new Date(pushed),
    }
    if (tags.length === 0) ecr.putImage(image)
    for (const imageTag of tags) ecr.putImage({ ...image, imageTag })
  }
}

/**
 * Fills an empty registry: repositories and images as they were in November 2026, and the scan results that were in
 * force at `at`. Later results come with the events that announce them: see `applyStage`. Leaves the clock at `at`.
 * @param at instant in milliseconds
 * @throws AwsError where the registry already has one of them
 */
export async function seed(aws: LocalAws, at: number): Promise<void> {
  aws.clock.set(CREATED)
  createRepositories(aws)
  pushImages(aws)
  for (const scan of EARLIER_SCANS) putScan(aws, scan, Date.parse(seedImage(scan.image).pushed) + SCAN_MS)
  for (const { time, scan } of scanStages) if (Date.parse(time) < at) putScan(aws, SCANS[scan], Date.parse(time))
  aws.clock.set(at)
}
