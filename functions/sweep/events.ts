import { createHash } from 'node:crypto'
import { LOOK } from '../domain/drift.ts'
import type { RepositoryRef } from '../domain/facts/repository-facts.ts'
import { repositoryArn } from '../domain/registry.ts'
import { type Severity, type SeverityCounts, tally } from '../domain/severity.ts'
import type { ImageRecord, RecordedException, RecordedFinding, RecordedVerdict } from '../domain/sweep/record.ts'
import { findingsToTell, isUndone, verdictsToTell } from '../domain/sweep/tellable.ts'
import type { QueuedEvent } from './ports.ts'

/** Tags that an event names: whoever gets it reads them again. */
const TAGS = 50

/** Something to tell, and what it is told apart by from what was told before. */
export type Tellable = { readonly signature: string; readonly events: readonly QueuedEvent[] }

/** Where and in which sweep something was found. @property at ISO 8601 instant at which that began */
export type FoundIn = { readonly id: string; readonly at: string; readonly repository: RepositoryRef }

const hashOf = (content: unknown): string =>
  createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, 32)

/** An exception that ended makes it news again. */
const endOf = ({ exception }: { readonly exception?: RecordedException }): string => exception?.expires ?? ''

/** The head of an event. Its id is the same when a batch is judged again in the same sweep. @param time ISO 8601 instant */
const headOf = ({ id, repository }: FoundIn, time: string, content: unknown) => ({
  version: '0',
  id: `sweep-${hashOf([id, repository, content])}`,
  account: repository.account,
  time: `${time.slice(0, 19)}Z`,
  region: repository.region,
})

/**
 * That of an event on an image. Its time is that of the push: what is read of the image by now is believed at once, and a push
 * that came since is not undone in the memory of tags.
 */
const headOfImage = (found: FoundIn, { digest, pushedAt }: ImageRecord, content: unknown) =>
  headOf(found, pushedAt, [digest, content])

/** Whether a scanner of Inspector says it: basic scanning knows nothing of these. */
const isEnhanced = (findings: readonly RecordedFinding[]): boolean =>
  findings.some(({ fixed, exploit, epss, layer }) => [fixed, exploit, epss, layer].some((value) => value !== undefined))

type Scan = { readonly status: string; readonly counts: SeverityCounts; readonly enhanced: boolean }

/**
 * `ECR Image Scan` or `Inspector2 Scan`, as AWS sends them.
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/ecr-eventbridge.html
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-scanning-enhanced-events.html
 */
function scanEvent(found: FoundIn, image: ImageRecord, digest: string, scan: Scan): QueuedEvent {
  const arn = repositoryArn(found.repository)
  const head = headOfImage(found, { ...image, digest }, ['scan', scan])
  const detail = {
    'scan-status': scan.status,
    'repository-name': scan.enhanced ? arn : found.repository.repository,
    'finding-severity-counts': scan.counts,
    'image-digest': digest,
    'image-tags': image.tags.slice(0, TAGS),
  }
  const [type, source] = scan.enhanced ? ['Inspector2 Scan', 'aws.inspector2'] : ['ECR Image Scan', 'aws.ecr']
  return { ...head, 'detail-type': type, source, resources: [arn], detail } as QueuedEvent
}

/** As ECR spells what ended without a result. */
const UNDONE: Readonly<Partial<Record<ImageRecord['scan'], string>>> = {
  failed: 'FAILED',
  unsupported: 'UNSUPPORTED_IMAGE',
}

/** What there is to tell of the scan of an image: findings at or above the threshold that count, or that it failed. */
export function scanOf(found: FoundIn, image: ImageRecord, threshold: Severity): Tellable | undefined {
  const undone = isUndone(image) ? UNDONE[image.scan] : undefined
  const findings = findingsToTell(image, threshold)
  if (undone === undefined && findings.length === 0) return undefined
  const scan: Scan = {
    status: undone ?? (isEnhanced(image.findings) ? 'INITIAL_SCAN_COMPLETE' : 'COMPLETE'),
    counts: undone === undefined ? tally(findings.map(({ severity }) => severity)) : {},
    enhanced: undone === undefined && isEnhanced(image.findings),
  }
  const content = findings.map((one) => [one.id, one.package, one.severity, endOf(one)].join('|')).toSorted()
  const digests = image.scanned ?? [image.digest]
  return {
    signature: hashOf([scan.status, content]),
    events: digests.map((digest) => scanEvent(found, image, digest, scan)),
  }
}

/** What is told of verdicts; undefined where none is open. */
export function signatureOf(verdicts: readonly RecordedVerdict[]): string | undefined {
  const open = verdictsToTell(verdicts)
  if (open.length === 0) return undefined
  return hashOf(open.map((one) => [one.rule, one.outcome, one.severity, endOf(one)].join('|')).toSorted())
}

/**
 * `ECR Image Action` of a push, as AWS sends it: whoever gets it judges the image and its repository.
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/ecr-eventbridge.html
 */
export function pushEvent(found: FoundIn, image: ImageRecord, signature: string): QueuedEvent {
  const [tag] = image.tags
  const detail = {
    result: 'SUCCESS',
    'repository-name': found.repository.repository,
    'image-digest': image.digest,
    'action-type': 'PUSH',
    ...(tag !== undefined && { 'image-tag': tag }),
  }
  const head = headOfImage(found, image, ['push', signature])
  return { ...head, 'detail-type': 'ECR Image Action', source: 'aws.ecr', resources: [], detail } as QueuedEvent
}

/**
 * `AWS API Call via CloudTrail`, as AWS sends it for a change: whoever gets it judges the repository. What it names is the look
 * of the sweep itself, since who made it so is not known.
 * @see https://docs.aws.amazon.com/eventbridge/latest/ref/events-ref-ecr.html
 */
export function lookEvent(found: FoundIn, signature: string): QueuedEvent {
  const { account, repository } = found.repository
  const detail = {
    eventSource: 'ecr.amazonaws.com',
    eventName: LOOK,
    userIdentity: { type: 'AWSService', invokedBy: 'ecr-steward' },
    requestParameters: { registryId: account, repositoryName: repository },
  }
  const head = headOf(found, found.at, ['look', signature])
  return {
    ...head,
    'detail-type': 'AWS API Call via CloudTrail',
    source: 'aws.ecr',
    resources: [],
    detail,
  } as QueuedEvent
}
