import { randomUUID } from 'node:crypto'
import type { Answered } from '../aws/server.ts'
import { ecrEvent, instant, type Place } from './envelope.ts'
import { userIdentity } from './identity.ts'

/** Operations that read: EventBridge is not sent them unless a rule asks for that. */
const READS = /^(?:Get|List|Describe|Validate|BatchGet|BatchCheck)/

export const isWrite = ({ operation }: Pick<Answered, 'operation'>): boolean => !READS.test(operation)

/** `Jul 11, 2018 10:17:44 PM`: how CloudTrail writes an instant of ECR's answers. */
const longInstant = (date: Date): string =>
  date
    .toLocaleString('en-US', { dateStyle: 'medium', timeStyle: 'medium', timeZone: 'UTC' })
    .replace(/,(?= \d+:)/, '')
    .replaceAll('\u202f', ' ')

/** A value as CloudTrail keeps it: without bytes. */
function asRecorded(value: unknown): unknown {
  if (value instanceof Date) return longInstant(value)
  if (value instanceof Uint8Array) return undefined
  if (Array.isArray(value)) return value.map(asRecorded)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, asRecorded(item)]))
}

const orNull = (value: unknown): unknown =>
  typeof value === 'object' && value !== null && Object.keys(value).length > 0 ? asRecorded(value) : null

/** IAM's refusal has another name in CloudTrail than in the answer. */
const errorCodeOf = (error: string): string => (error === 'AccessDeniedException' ? 'AccessDenied' : error)

const isNamed = (input: unknown): input is { repositoryName: string } =>
  typeof input === 'object' && input !== null && 'repositoryName' in input && typeof input.repositoryName === 'string'

function resourcesOf({ input }: Answered, { account, region }: Place): object {
  if (!isNamed(input)) return {}
  const ARN = `arn:aws:ecr:${region}:${account}:repository/${input.repositoryName}`
  return { resources: [{ accountId: account, ARN }] }
}

/**
 * A call of ECR that writes, as CloudTrail sends it to EventBridge, at once and without a trail.
 * @param principal ARN of whoever called
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/logging-using-cloudtrail.html
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
 */
export function apiCallEvent(answered: Answered, principal: string, place: Place): object {
  const { operation, input, output, error, message, at } = answered
  return ecrEvent('AWS API Call via CloudTrail', place, at, {
    eventVersion: '1.11',
    userIdentity: userIdentity(principal, answered.accessKeyId, at),
    eventTime: instant(at),
    eventSource: 'ecr.amazonaws.com',
    eventName: operation,
    awsRegion: place.region,
    sourceIPAddress: answered.address,
    userAgent: answered.userAgent,
    ...(error !== undefined && { errorCode: errorCodeOf(error), errorMessage: message }),
    requestParameters: orNull(input),
    responseElements: error === undefined ? orNull(output) : null,
    requestID: answered.requestId,
    eventID: randomUUID(),
    readOnly: false,
    ...resourcesOf(answered, place),
    eventType: 'AwsApiCall',
    managementEvent: true,
    recipientAccountId: place.account,
    eventCategory: 'Management',
  })
}
