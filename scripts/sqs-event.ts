import { readFileSync } from 'node:fs'

/** What SQS hands to a function for messages with these bodies. */
export const sqsEvent = (bodies: readonly unknown[]): object => ({
  Records: bodies.map((body, index) => ({
    messageId: `00000000-0000-4000-8000-${String(index + 1).padStart(12, '0')}`,
    receiptHandle: `receipt-${index + 1}`,
    body: JSON.stringify(body),
    attributes: {
      ApproximateReceiveCount: '1',
      SentTimestamp: '0',
      SenderId: 'local',
      ApproximateFirstReceiveTimestamp: '0',
    },
    messageAttributes: {},
    md5OfBody: '',
    eventSource: 'aws:sqs',
    eventSourceARN: 'arn:aws:sqs:us-east-1:123456789012:local',
    awsRegion: 'us-east-1',
  })),
})

/** Prints the SQS event of the EventBridge events in the files named: one event, or a list, per file. */
function main(files: readonly string[]): number {
  if (files.length === 0) {
    console.error('Name at least one file: node scripts/sqs-event.ts events/basic-scan-critical.json')
    return 1
  }
  try {
    const bodies = files.flatMap((file): unknown => JSON.parse(readFileSync(file, 'utf8')))
    console.log(JSON.stringify(sqsEvent(bodies), undefined, 2))
    return 0
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error))
    return 1
  }
}

if (import.meta.main) process.exitCode = main(process.argv.slice(2))
