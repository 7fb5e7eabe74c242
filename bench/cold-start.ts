import { spawnSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Comparison } from './comparison.ts'
import { type Contender, paired } from './paired.ts'
import { type Bench, SAMPLE } from './world.ts'

const HERE = import.meta.dirname
const INVOKE = join(HERE, 'invoke.cjs')

/** The interpreter itself, not a launcher in front of it; undefined where it or one of the modules is missing. */
function pythonWith(modules: string): string | undefined {
  const { status, stdout } = spawnSync('python3', ['-c', `import sys, ${modules}; print(sys.executable)`], {
    encoding: 'utf8',
  })
  return status === 0 ? stdout.trim() : undefined
}

/** Resolves with the next Slack message. */
const nextMessage =
  ({ world }: Bench) =>
  (): Promise<void> =>
    new Promise((resolve) => {
      const stop = world.slack.onMessage(() => {
        stop()
        resolve()
      })
    })

/** Resolves once one more alert is on the topic. */
const nextAlert =
  ({ world }: Bench) =>
  (): Promise<void> => {
    const before = world.aws.sns.published().length
    return new Promise((resolve) => {
      const look = setInterval(() => {
        if (world.aws.sns.published().length === before) return
        clearInterval(look)
        resolve()
      }, 0.5)
    })
  }

/** A batch with an alert that was never posted, made anew for each start. */
function freshAlert(bench: Bench): () => readonly string[] {
  return () => [
    process.execPath,
    INVOKE,
    bench.bundle('notify'),
    bench.batch(JSON.stringify({ ...bench.alert, id: randomUUID() })),
  ]
}

async function notify(bench: Bench, rounds: number): Promise<Comparison> {
  const name = 'notify: process start → first Slack message'
  const goal = '≥ 2.0 × the guide’s Python'
  const python = pythonWith('urllib3')
  if (!python) return { name, goal, result: 'skipped: needs python3 with urllib3' }
  const webhook = bench.world.slack.webhook('bench')
  const guide: Contender = {
    name: 'guide',
    command: () => [python, join(HERE, 'guide.py'), SAMPLE],
    env: { SLACK_WEBHOOK_URL: webhook },
    arrival: nextMessage(bench),
  }
  const ours: Contender = { name: 'notify', command: freshAlert(bench), env: bench.env, arrival: nextMessage(bench) }
  return { name, goal, result: await paired(guide, ours, rounds) }
}

async function scanAlert(bench: Bench, rounds: number): Promise<Comparison> {
  const name = 'scan-alert: process start → alert published'
  const goal = '≥ 2.0 × boto3 making the same calls'
  const python = pythonWith('boto3')
  if (!python) return { name, goal, result: 'skipped: needs python3 with boto3' }
  const event = readFileSync(SAMPLE, 'utf8')
  const boto: Contender = {
    name: 'boto3',
    command: () => [python, join(HERE, 'boto.py'), SAMPLE],
    env: bench.env,
    arrival: nextAlert(bench),
  }
  const ours: Contender = {
    name: 'scan-alert',
    command: () => [process.execPath, INVOKE, bench.bundle('scan-alert'), bench.batch(event)],
    env: bench.env,
    before: () => forget(bench),
    arrival: nextAlert(bench),
  }
  return { name, goal, result: await paired(boto, ours, rounds) }
}

/** Makes every image one that was never told. */
async function forget({ world, env }: Bench): Promise<void> {
  const { DeleteItemCommand, DynamoDBClient, ScanCommand } = await import('@aws-sdk/client-dynamodb')
  const client = new DynamoDBClient({
    endpoint: world.aws.url,
    region: world.aws.region,
    credentials: { accessKeyId: 'x', secretAccessKey: 'x' },
  })
  const { Items = [] } = await client.send(new ScanCommand({ TableName: env.STEWARD_TABLE }))
  for (const { pk } of Items) {
    if (pk) await client.send(new DeleteItemCommand({ TableName: env.STEWARD_TABLE, Key: { pk } }))
  }
}

/** Both cold starts, each against what a user of the guide would have. */
export const coldStarts = async (bench: Bench, rounds: number): Promise<Comparison[]> => [
  await notify(bench, rounds),
  await scanAlert(bench, rounds),
]
