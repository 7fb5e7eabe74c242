import { spawnSync } from 'node:child_process'
import { DescribeImagesCommand, ECRClient } from '@aws-sdk/client-ecr'
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns'
import { type LocalAws, startLocalAws } from '../local/aws/server.ts'

const CALLS = 2_000
const IMAGES = 100
const STARTS = 9
const MESSAGES = 10_000

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0

/** A fresh process each time, because the second start in one process has its modules already. ms */
function startUp(): { process: number; server: number } {
  const script = `const a = performance.now(); const { startLocalAws } = await import(${JSON.stringify(new URL('../local/aws/server.ts', import.meta.url).href)}); const b = performance.now(); const aws = await startLocalAws(); console.log(performance.now() - b); await aws.close()`
  const runs = Array.from({ length: STARTS }, () => {
    const began = performance.now()
    const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' })
    return { process: performance.now() - began, server: Number(stdout) }
  })
  return { process: median(runs.map((run) => run.process)), server: median(runs.map((run) => run.server)) }
}

async function perSecond(call: () => Promise<unknown>): Promise<number> {
  for (let i = 0; i < 200; i++) await call()
  const began = performance.now()
  for (let i = 0; i < CALLS; i++) await call()
  return (CALLS * 1000) / (performance.now() - began)
}

/** Sends, receives and deletes in process. Messages per second. */
function queuePerSecond(aws: LocalAws): number {
  const queue = aws.sqs.create('measure-queue')
  const began = performance.now()
  for (let i = 0; i < MESSAGES; i++) queue.send('x')
  while (queue.depth().visible > 0) for (const { receiptHandle } of queue.receive(10)) queue.delete(receiptHandle)
  return (MESSAGES * 1000) / (performance.now() - began)
}

async function main(): Promise<void> {
  const started = startUp()
  const aws = await startLocalAws()
  const config = {
    endpoint: aws.url,
    region: aws.region,
    credentials: { accessKeyId: 'AKID', secretAccessKey: 'none' },
  }
  const [ecr, sns] = [new ECRClient(config), new SNSClient(config)]
  const repositoryName = 'measure'
  aws.ecr.createRepository({ repositoryName })
  for (let i = 0; i < IMAGES; i++)
    aws.ecr.putImage({ repositoryName, imageManifest: JSON.stringify({ i }), imageTag: `v${i}` })
  const TopicArn = aws.sns.createTopic('measure')
  aws.sns.subscribe(TopicArn, { protocol: 'sqs', endpoint: aws.sqs.create('measure').arn, raw: true })
  const describe = await perSecond(() => ecr.send(new DescribeImagesCommand({ repositoryName })))
  const publish = await perSecond(() => sns.send(new PublishCommand({ TopicArn, Message: 'm' })))
  const queue = queuePerSecond(aws)
  console.log(`start: ${started.process.toFixed(0)} ms from process to exit, of which ${started.server.toFixed(1)} ms startLocalAws()
DescribeImages, a page of ${IMAGES}: ${describe.toFixed(0)} per second, one SDK client, one call at a time
SNS Publish to a queue: ${publish.toFixed(0)} per second, the same
queue in process: ${queue.toFixed(0)} messages per second sent, received and deleted`)
  await aws.close()
}

await main()
