import { AwsError } from '../error.ts'
import type { QueueSettings, StoredQueue } from '../queue.ts'

const DAY = 24 * 60 * 60

/** Whole-number attributes: default, smallest and largest value, as documented for SetQueueAttributes. */
const NUMBERS = {
  DelaySeconds: [0, 0, 900],
  MaximumMessageSize: [1_048_576, 1024, 1_048_576],
  MessageRetentionPeriod: [4 * DAY, 60, 14 * DAY],
  ReceiveMessageWaitTimeSeconds: [0, 0, 20],
  VisibilityTimeout: [30, 0, 43_200],
} as const

/** Kept and answered, without an effect of their own. */
const KEPT = new Set([
  'Policy',
  'RedriveAllowPolicy',
  'KmsMasterKeyId',
  'KmsDataKeyReusePeriodSeconds',
  'SqsManagedSseEnabled',
])

export type QueueAttributes = Readonly<Record<string, string>>

const isNumber = (name: string): name is keyof typeof NUMBERS => name in NUMBERS

const numberOf = (attributes: QueueAttributes, name: keyof typeof NUMBERS): number =>
  Number(attributes[name] ?? NUMBERS[name][0])

const refuse = (name: string): AwsError =>
  new AwsError('InvalidAttributeValue', `Invalid value for the parameter ${name}.`)

function checkRedrive(text: string, exists: (arn: string) => boolean): void {
  const { deadLetterTargetArn, maxReceiveCount } = redriveOf(text)
  const isCount = Number.isInteger(maxReceiveCount) && maxReceiveCount >= 1 && maxReceiveCount <= 1000
  if (!isCount || !deadLetterTargetArn) throw refuse('RedrivePolicy')
  if (!exists(deadLetterTargetArn))
    throw new AwsError(
      'InvalidParameterValueException',
      `Value ${text} for parameter RedrivePolicy is invalid. Reason: Dead letter target does not exist.`,
    )
}

function redriveOf(text: string): { deadLetterTargetArn: string; maxReceiveCount: number } {
  try {
    const { deadLetterTargetArn, maxReceiveCount } = JSON.parse(text) as Record<string, unknown>
    return { deadLetterTargetArn: String(deadLetterTargetArn), maxReceiveCount: Number(maxReceiveCount) }
  } catch {
    throw refuse('RedrivePolicy')
  }
}

/**
 * Checks attributes as CreateQueue and SetQueueAttributes take them. Empty values remove a policy.
 * @throws AwsError InvalidAttributeName, InvalidAttributeValue, InvalidParameterValueException
 */
export function checkAttributes(attributes: QueueAttributes, exists: (arn: string) => boolean): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (isNumber(name)) {
      const [, least, most] = NUMBERS[name]
      if (!/^\d+$/.test(value) || Number(value) < least || Number(value) > most) throw refuse(name)
    } else if (name === 'RedrivePolicy') {
      if (value !== '') checkRedrive(value, exists)
    } else if (!KEPT.has(name)) {
      throw new AwsError('InvalidAttributeName', `Unknown Attribute ${name}.`)
    }
  }
}

/** What the attributes mean for the queue. */
export const settingsOf = (attributes: QueueAttributes): QueueSettings => ({
  visibilityTimeoutSeconds: numberOf(attributes, 'VisibilityTimeout'),
  delaySeconds: numberOf(attributes, 'DelaySeconds'),
  retentionSeconds: numberOf(attributes, 'MessageRetentionPeriod'),
  waitSeconds: numberOf(attributes, 'ReceiveMessageWaitTimeSeconds'),
  maximumMessageBytes: numberOf(attributes, 'MaximumMessageSize'),
  redrive: attributes.RedrivePolicy ? redriveOf(attributes.RedrivePolicy) : undefined,
})

/** All attributes as GetQueueAttributes answers them; `times` in seconds since 1970. */
export function describeAttributes(
  queue: StoredQueue,
  attributes: QueueAttributes,
  times: { created: number; modified: number },
): Record<string, string> {
  const { visible, hidden } = queue.depth()
  const delayed = queue.delayed()
  const numbers = Object.keys(NUMBERS).filter(isNumber)
  return {
    QueueArn: queue.arn,
    ApproximateNumberOfMessages: String(visible),
    ApproximateNumberOfMessagesNotVisible: String(hidden - delayed),
    ApproximateNumberOfMessagesDelayed: String(delayed),
    CreatedTimestamp: String(times.created),
    LastModifiedTimestamp: String(times.modified),
    ...Object.fromEntries(numbers.map((name) => [name, String(numberOf(attributes, name))])),
    ...Object.fromEntries(Object.entries(attributes).filter(([name, value]) => !isNumber(name) && value !== '')),
  }
}
