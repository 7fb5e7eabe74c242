import * as v from 'valibot'
import type { ForeignEvent, ScanEvent } from '../domain/event.ts'
import type { ImageRef } from '../domain/image.ts'
import { scanOutcome } from '../domain/scan-status.ts'
import { isEcrArn, parseRepositoryArn, serviceOf } from './arn.ts'
import { counts } from './counts.ts'
import { digest, headOf, isRepositoryName, peek, repository, shape, tags, text, toHead, word } from './fields.ts'
import { check } from './invalid-event.ts'

const detail = {
  'scan-status': word,
  'image-digest': digest,
  'image-tags': tags,
  'finding-severity-counts': v.nullish(counts),
}

const BasicScan = shape({ ...headOf('ecr'), detail: shape({ ...detail, 'repository-name': repository }) })

const nameOrArn = text(
  'a repository name or ARN',
  (value) => parseRepositoryArn(value) !== undefined || isRepositoryName(value),
)
const EnhancedScan = shape({ ...headOf('inspector'), detail: shape({ ...detail, 'repository-name': nameOrArn }) })
const OtherScan = shape(headOf('inspector'))

type Sent = v.InferOutput<typeof BasicScan> | v.InferOutput<typeof EnhancedScan>

function toScan(event: Sent, scanner: ScanEvent['scanner'], image: Omit<ImageRef, 'digest' | 'tags'>): ScanEvent {
  const { detail } = event
  const outcome = scanOutcome(detail['scan-status'])
  const counts = detail['finding-severity-counts']
  return {
    ...toHead(event),
    type: 'scan',
    scanner,
    image: { ...image, digest: detail['image-digest'], tags: detail['image-tags'] },
    status: detail['scan-status'],
    outcome,
    counts: counts ?? {},
    ...(outcome === 'complete' && !counts && { uncounted: true as const }),
  }
}

/** `ECR Image Scan`. @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/ecr-eventbridge.html */
export function parseBasicScan(value: unknown): ScanEvent {
  const event = check(BasicScan, value)
  return toScan(event, 'basic', {
    account: event.account,
    region: event.region,
    repository: event.detail['repository-name'],
  })
}

/**
 * `Inspector2 Scan`: names the repository by its ARN, which tells account and region of the image. Also sent for
 * Lambda functions and EC2 instances.
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-scanning-enhanced-events.html
 */
export function parseEnhancedScan(value: unknown): ScanEvent | ForeignEvent {
  const resources = peek(value, 'resources')
  if (Array.isArray(resources) && resources.length > 0 && !resources.some(isEcrArn)) {
    return { ...toHead(check(OtherScan, value)), type: 'foreign', about: serviceOf(resources[0]) }
  }
  const event = check(EnhancedScan, value)
  const name = event.detail['repository-name']
  const { account, region, repository } = parseRepositoryArn(name) ?? { ...toHead(event), repository: name }
  return toScan(event, 'enhanced', { account, region, repository })
}
