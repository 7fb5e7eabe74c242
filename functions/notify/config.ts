import { ENV_TABLE } from '../contract.ts'
import { ENV_PACE_MS, ENV_QUEUE_URL, ENV_SLACK_ENDPOINT, type NotifyConfig, PACE_MS } from './contract.ts'

/** Put here by the bundler, from `steward.yaml`. */
declare const STEWARD_CONFIG: NotifyConfig

/** Channel → name of the secret that holds its webhook. */
export const secrets: ReadonlyMap<string, string> = new Map(
  Object.entries(STEWARD_CONFIG.channels).map(([channel, { secret }]) => [channel, secret]),
)

export type Environment = {
  readonly table: string
  readonly queueUrl: string
  /** Origin that a webhook may have beside Slack's. */
  readonly slackEndpoint?: string | undefined
  /** Milliseconds between two posts to one webhook. */
  readonly pace: number
}

/** @throws {Error} naming every variable that is missing or not what it should be */
export function environment(env: NodeJS.ProcessEnv = process.env): Environment {
  const table = env[ENV_TABLE] ?? ''
  const queueUrl = env[ENV_QUEUE_URL] ?? ''
  const slackEndpoint = env[ENV_SLACK_ENDPOINT] || undefined
  const pace = Number(env[ENV_PACE_MS] || PACE_MS)
  const faults = [
    ...(table ? [] : [`${ENV_TABLE} is missing: expected the name of the state table`]),
    ...(URL.canParse(queueUrl) ? [] : [`${ENV_QUEUE_URL} is missing or no URL: expected the URL of the queue`]),
    ...(slackEndpoint === undefined || URL.canParse(slackEndpoint)
      ? []
      : [`${ENV_SLACK_ENDPOINT} is no URL: expected an origin such as http://127.0.0.1:3000`]),
    ...(pace >= 0 ? [] : [`${ENV_PACE_MS} is no number: expected milliseconds`]),
  ]
  if (faults.length > 0) throw new Error(`environment of notify: ${faults.join('; ')}`)
  return { table, queueUrl, slackEndpoint, pace }
}
