import { beforeAll, describe, expect, test } from 'vitest'
import type { Environment } from '../../functions/notify/config.ts'

let environment: (env: NodeJS.ProcessEnv) => Environment
const FINE = { STEWARD_TABLE: 'steward', STEWARD_NOTIFY_QUEUE_URL: 'https://sqs.eu-central-1.amazonaws.com/1/q' }

beforeAll(async () => {
  Object.assign(globalThis, { STEWARD_CONFIG: { channels: {} } })
  environment = (await import('../../functions/notify/config.ts')).environment
})

describe('the environment', () => {
  test('needs table and queue; the pace has a default', () => {
    expect(environment(FINE)).toEqual({ table: 'steward', queueUrl: FINE.STEWARD_NOTIFY_QUEUE_URL, pace: 2_000 })
  })

  test('takes a pace of nought and a local Slack', () => {
    const env = { ...FINE, STEWARD_SLACK_PACE_MS: '0', STEWARD_SLACK_ENDPOINT: 'http://127.0.0.1:3000' }
    expect(environment(env)).toMatchObject({ pace: 0, slackEndpoint: 'http://127.0.0.1:3000' })
  })

  test('has all its faults named at once', () => {
    expect(() => environment({ STEWARD_SLACK_PACE_MS: 'fast', STEWARD_SLACK_ENDPOINT: 'here' })).toThrow(
      'environment of notify: STEWARD_TABLE is missing: expected the name of the state table; ' +
        'STEWARD_NOTIFY_QUEUE_URL is missing or no URL: expected the URL of the queue; ' +
        'STEWARD_SLACK_ENDPOINT is no URL: expected an origin such as http://127.0.0.1:3000; ' +
        'STEWARD_SLACK_PACE_MS is no number: expected milliseconds',
    )
  })
})
