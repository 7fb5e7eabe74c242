import type { LocalAws } from '../aws/server.ts'
import { seedImage } from './images.ts'
import { findingsOf, type SeedScan } from './scans.ts'

/** Makes the result of a scan what ECR says of the image, as of an instant in milliseconds. */
export function putScan({ account, region, ecr }: LocalAws, scan: SeedScan, at: number): void {
  const { repository, digest } = seedImage(scan.image)
  const completedAt = new Date(at)
  ecr.putScan(repository, digest, {
    status: { status: scan.status, ...(scan.description && { description: scan.description }) },
    completedAt,
    ...findingsOf(scan, { account, region, at: completedAt }),
  })
}
