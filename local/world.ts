import type { StewardConfig } from '../config/load.ts'
import { ENV_PACE_MS, ENV_SLACK_ENDPOINT } from '../functions/notify/contract.ts'
import { SWEEP_PREFIX } from '../functions/sweep/contract.ts'
import { announce } from './announce/announce.ts'
import { type LocalAws, startLocalAws } from './aws/server.ts'
import { createClock } from './clock.ts'
import { type Cloud, deployLocally } from './runtime/cloud.ts'
import { seed } from './seed/seed.ts'
import { type SlackSink, startSlackSink } from './slack/sink.ts'

/** Everything that a run needs: the emulated AWS with the stack in it, and a Slack that keeps what it is sent. */
export type World = {
  readonly aws: LocalAws
  readonly slack: SlackSink
  readonly cloud: Cloud
  close(): Promise<void>
}

export type WorldOptions = {
  readonly assembly: string
  readonly config: StewardConfig
  /** Instant (ms) at which the story begins; the images were pushed before. */
  readonly start: number
  /** Of the emulated AWS and of the Slack page; 0 is any. */
  readonly ports?: { readonly aws?: number; readonly slack?: number }
  /** Whether calls of ECR are announced on the bus, those of the functions too, as AWS does. Default: no. */
  readonly announces?: boolean
}

/** The page of the newest sweep in any bucket. */
function lastReport({ s3 }: LocalAws): string | undefined {
  const reports = s3
    .buckets()
    .flatMap((bucket) =>
      s3.keys(bucket, `${SWEEP_PREFIX}/`).flatMap((key) => (key.endsWith('/report.html') ? [{ bucket, key }] : [])),
    )
  const last = reports.toSorted((a, b) => (a.key < b.key ? -1 : 1)).at(-1)
  return last && Buffer.from(s3.read(last.bucket, last.key) ?? '').toString()
}

/** Starts the emulated AWS and Slack, seeds the registry, and deploys the synthesised stack. Leaves nothing up when it fails. */
export async function startWorld(options: WorldOptions): Promise<World> {
  const { assembly, config, start, ports = {}, announces = false } = options
  const open: { close(): Promise<void> }[] = []
  const keep = <T extends { close(): Promise<void> }>(part: T): T => {
    open.unshift(part)
    return part
  }
  const close = async (): Promise<void> => {
    for (const part of open.splice(0)) await part.close()
  }
  try {
    const clock = createClock(start)
    const slack = keep(await startSlackSink({ port: ports.slack ?? 0, clock, report: () => lastReport(aws) }))
    const aws = keep(await startLocalAws({ port: ports.aws ?? 0, clock }))
    await seed(aws, start)
    for (const [name, { secret }] of Object.entries(config.channels)) aws.secrets.put(secret, slack.webhook(name))
    const environment = { [ENV_SLACK_ENDPOINT]: slack.url, [ENV_PACE_MS]: '0' }
    const cloud = keep(await deployLocally({ assembly, stack: 'Steward', aws, environment }))
    if (announces) announce(aws, (event) => void cloud.put(event))
    return { aws, slack, cloud, close }
  } catch (error) {
    await close()
    throw error
  }
}
