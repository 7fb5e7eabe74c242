import * as v from 'valibot'
import type { ForeignEvent, RecognisedEvent } from '../domain/event.ts'
import { isEcrArn, serviceOf } from './arn.ts'
import { digest, headOf, peek, repository, shape, text, toHead, word } from './fields.ts'
import { check } from './invalid-event.ts'

const tag = v.nullish(text('a tag'))
const ofImage = { 'repository-name': repository, 'image-digest': digest, 'image-tag': tag }

/**
 * The core of each event that a later consumer will read, in the words of AWS's samples.
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/ecr-eventbridge.html
 */
const DETAILS = {
  'ECR Image Action': shape({ ...ofImage, 'action-type': word, result: word }),
  'ECR Referrer Action': shape({ ...ofImage, 'action-type': word, result: word }),
  'ECR Replication Action': shape({ ...ofImage, 'action-type': word, result: word }),
  /** A pull that failed has no digest to name. */
  'ECR Pull Through Cache Action': shape({ ...ofImage, 'image-digest': v.nullish(digest), 'sync-status': word }),
  'ECR Scan Resource Change': shape({
    'action-type': word,
    repositories: v.nullish(v.array(shape({ 'repository-name': repository }), 'a list of repositories')),
  }),
  /** In AWS's list of events; no sample of it was ever published. */
  'ECR Artifact Action': shape({}),
} as const

type DetailType = keyof typeof DETAILS

const read = (detail: unknown, key: string): string | undefined => {
  const value = peek(detail, key)
  return typeof value === 'string' ? value : undefined
}

const parser =
  (type: DetailType) =>
  (value: unknown): RecognisedEvent => {
    const event = check(shape({ ...headOf('ecr'), detail: DETAILS[type] }), value)
    return {
      ...toHead(event),
      type: 'recognised',
      action: read(event.detail, 'action-type'),
      result: read(event.detail, 'result') ?? read(event.detail, 'sync-status'),
      repository: read(event.detail, 'repository-name'),
      digest: read(event.detail, 'image-digest'),
      tag: read(event.detail, 'image-tag'),
    }
  }

const Coverage = shape({
  ...headOf('inspector'),
  detail: shape({ scanStatus: shape({ statusCodeValue: word, reason: word }) }),
})

/**
 * `Inspector2 Coverage`: an image, an instance or a function is no longer scanned, or is again.
 * @see https://docs.aws.amazon.com/inspector/latest/user/eventbridge-integration.html
 */
function parseCoverage(value: unknown): RecognisedEvent | ForeignEvent {
  const { resources, detail, ...event } = check(Coverage, value)
  if (resources.length > 0 && !resources.some(isEcrArn)) {
    return { ...toHead(event), type: 'foreign', about: serviceOf(resources[0]) }
  }
  const { statusCodeValue, reason } = detail.scanStatus
  return { ...toHead(event), type: 'recognised', action: statusCodeValue, result: reason }
}

/** Inspector could not be enabled for an organisation's member: sent to its administrator. */
const parseAutoEnable = (value: unknown): ForeignEvent => ({
  ...toHead(check(shape(headOf('inspector')), value)),
  type: 'foreign',
  about: 'inspector2',
})

/** A parser for each detail type that is known but has no consumer yet. */
export const RECOGNISED: Readonly<Record<string, (value: unknown) => RecognisedEvent | ForeignEvent>> = {
  'ECR Image Action': parser('ECR Image Action'),
  'ECR Referrer Action': parser('ECR Referrer Action'),
  'ECR Replication Action': parser('ECR Replication Action'),
  'ECR Pull Through Cache Action': parser('ECR Pull Through Cache Action'),
  'ECR Scan Resource Change': parser('ECR Scan Resource Change'),
  'ECR Artifact Action': parser('ECR Artifact Action'),
  'Inspector2 Coverage': parseCoverage,
  'Inspector2 AutoEnable': parseAutoEnable,
}
