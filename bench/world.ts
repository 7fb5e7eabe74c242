import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadConfig } from '../config/load.ts'
import { ENV_TABLE, ENV_TOPIC } from '../functions/contract.ts'
import type { Alert } from '../functions/domain/alert.ts'
import { ENV_PACE_MS, ENV_QUEUE_URL, ENV_SLACK_ENDPOINT } from '../functions/notify/contract.ts'
import { ensureAssembly } from '../local/assembly.ts'
import { startWorld, type World } from '../local/world.ts'

const ROOT = join(import.meta.dirname, '..')

/** The sample whose 42 findings everything here is about. */
export const SAMPLE = join(ROOT, 'events/basic-scan-critical.json')

/** A push whose image is there. */
export const PUSH = join(ROOT, 'events/push-with-tag.json')

export type Bench = {
  readonly world: World
  readonly env: Readonly<Record<string, string>>
  /** The alert on the sample, as scan-alert published it. */
  readonly alert: Alert
  /** Path of the bundle of a function, as it would be deployed. */
  bundle(name: string): string
  /** Writes a batch of records with these bodies; returns the file. */
  batch(...bodies: readonly string[]): string
}

type Template = {
  Resources: Record<string, { Properties: Record<string, unknown>; Metadata?: Record<string, string> }>
}

function bundleOf(assembly: string, name: string): string {
  const template: Template = JSON.parse(readFileSync(join(assembly, 'Steward.template.json'), 'utf8'))
  const found = Object.values(template.Resources).find(({ Properties }) =>
    String(Properties.Description ?? '').startsWith(`${name}:`),
  )
  const asset = found?.Metadata?.['aws:asset:path']
  if (!asset) throw new Error(`no function ${name} in the template`)
  return join(assembly, asset, 'index.js')
}

const record = (body: string, index: number) => ({
  messageId: `bench-${index}`,
  receiptHandle: 'bench',
  body,
  attributes: { ApproximateReceiveCount: '1', SentTimestamp: '0' },
  messageAttributes: {},
  eventSource: 'aws:sqs',
  eventSourceARN: 'arn:aws:sqs:ap-northeast-1:123456789012:bench',
  awsRegion: 'ap-northeast-1',
})

async function alertOn({ aws, cloud }: World): Promise<Alert> {
  cloud.put(JSON.parse(readFileSync(SAMPLE, 'utf8')))
  await cloud.settle()
  const [published] = aws.sns.published()
  if (!published) throw new Error(`${SAMPLE} was not told`)
  return JSON.parse(JSON.parse(published.message).default)
}

/** The local AWS with the stack in it, and what it takes to start one of its functions by hand. */
export async function startBench(): Promise<Bench> {
  const { folder } = await ensureAssembly(ROOT)
  const config = loadConfig(join(ROOT, 'steward.yaml'), () => {})
  const world = await startWorld({ assembly: folder, config, start: Date.now() })
  const alert = await alertOn(world)
  const files = mkdtempSync(join(tmpdir(), 'ecr-steward-bench-'))
  const { AlertsTopicArn = '', StateTableName = '', NotifyQueueUrl = '' } = world.cloud.outputs
  let written = 0
  return {
    world,
    alert,
    env: {
      AWS_ENDPOINT_URL: world.aws.url,
      AWS_REGION: world.aws.region,
      AWS_DEFAULT_REGION: world.aws.region,
      AWS_ACCESS_KEY_ID: 'AKIABENCHBENCHBENCH0',
      AWS_SECRET_ACCESS_KEY: 'bench',
      [ENV_TABLE]: StateTableName,
      [ENV_TOPIC]: AlertsTopicArn,
      [ENV_QUEUE_URL]: NotifyQueueUrl,
      [ENV_SLACK_ENDPOINT]: world.slack.url,
      [ENV_PACE_MS]: '0',
    },
    bundle: (name) => bundleOf(folder, name),
    batch(...bodies) {
      const file = join(files, `batch-${written++}.json`)
      writeFileSync(file, JSON.stringify({ Records: bodies.map(record) }))
      return file
    },
  }
}
