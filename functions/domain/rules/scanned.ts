import type { PlatformScan } from '../facts/image-facts.ts'
import type { ImageRef } from '../image.ts'
import { awsCommand } from '../rule/aws-command.ts'
import { type Evidence, type Fix, fail, type Judgement, pass } from '../rule/judgement.ts'
import { imageRule } from '../rule/rule.ts'
import { graceMinutes, judgeScans } from '../rule/scans.ts'
import { scanRemedy } from '../scan-status.ts'

const startOf = ({ digest }: PlatformScan, { repository, region }: ImageRef): string =>
  awsCommand('StartImageScan', { repositoryName: repository, imageId: { imageDigest: digest } }, region)

/** Statuses after which another scan of the same kind would end the same way. */
const FINAL: ReadonlySet<string> = new Set(['UNSUPPORTED_IMAGE', 'LIMIT_EXCEEDED', 'SCAN_ELIGIBILITY_EXPIRED'])

const SAID: Readonly<Record<string, string>> = {
  UNSUPPORTED_IMAGE: 'The scanner does not support it.',
  SCAN_ELIGIBILITY_EXPIRED: 'It was scanned once, and is watched no longer.',
  FINDINGS_UNAVAILABLE: 'It was scanned once, and what was found is kept no longer.',
}

function judgeFailed(scan: PlatformScan, status: string, ref: ImageRef): Judgement {
  const evidence: Evidence[] = [
    { name: 'Scan', value: status },
    ...(scan.description ? [{ name: 'Scanner says', value: scan.description }] : []),
  ]
  const fix: Fix = { text: scanRemedy(status), ...(!FINAL.has(status) && { command: startOf(scan, ref) }) }
  return fail(SAID[status] ?? `Its scan ended as ${status}.`, fix, evidence)
}

function judgeScan(scan: PlatformScan, ref: ImageRef): Judgement {
  const { outcome, status = 'never' } = scan
  const evidence = [{ name: 'Scan', value: status }]
  if (outcome === 'complete') return pass('It was scanned.', evidence)
  if (outcome === 'failed') return judgeFailed(scan, status, ref)
  const fix = { text: scanRemedy(status), command: startOf(scan, ref) }
  const reason = outcome === 'never' ? 'It was never scanned.' : `Its scan is still ${status}.`
  return fail(reason, fix, evidence)
}

export const scanned = imageRule({
  id: 'scanned',
  severity: 'HIGH',
  summary: 'Every image was scanned, and its findings are kept up to date.',
  why: 'An image that nobody scanned is not clean, only unknown. When Inspector stops to watch an image, it closes all findings of it.',
  see: 'https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_ImageScanStatus.html',
  needs: ['scan', 'detail'],
  parameters: { graceMinutes },
  judge: ({ scan, detail }, { graceMinutes: minutes }, { ref, now }) =>
    judgeScans(scan, { detail, graceMinutes: minutes, now }, (one) => judgeScan(one, ref)),
})
