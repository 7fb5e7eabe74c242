import { afterEach, expect, test, vi } from 'vitest'
import { ENV_TOPIC } from '../../functions/contract.ts'
import {
  ENV_BUCKET,
  ENV_CHANGE_QUEUE,
  ENV_EXTERNAL_ID,
  ENV_PUSH_QUEUE,
  ENV_SBOM_KEY,
  ENV_SCAN_QUEUE,
} from '../../functions/sweep/contract.ts'
import { settings } from '../../functions/sweep/settings.ts'
import { reportIn, shareOf } from '../../functions/sweep/steps.ts'

afterEach(() => vi.unstubAllEnvs())

test('settings are those of the environment, and what is empty there is not there', () => {
  vi.stubEnv(ENV_BUCKET, 'sweeps')
  vi.stubEnv(ENV_TOPIC, 'arn:topic')
  vi.stubEnv(ENV_SCAN_QUEUE, 'https://scans')
  vi.stubEnv(ENV_PUSH_QUEUE, '')
  vi.stubEnv(ENV_CHANGE_QUEUE, 'https://changes')
  vi.stubEnv(ENV_EXTERNAL_ID, undefined)
  vi.stubEnv(ENV_SBOM_KEY, 'arn:key')
  expect(settings()).toEqual({
    ...{ bucket: 'sweeps', topic: 'arn:topic', externalId: undefined, sbomKey: 'arn:key' },
    queues: { scans: 'https://scans', pushes: undefined, changes: 'https://changes' },
  })
})

test('all that is missing is named', () => {
  vi.stubEnv(ENV_BUCKET, '')
  vi.stubEnv(ENV_TOPIC, undefined)
  expect(settings).toThrow(`missing environment variables: ${ENV_BUCKET}, ${ENV_TOPIC}`)
})

test('each of the batches that are judged at once has its share of the rate', () => {
  expect([shareOf(50), shareOf(undefined)]).toEqual([5, undefined])
})

test('a report is found in the console', () => {
  expect(reportIn('sweeps', { account: '1', region: 'eu-west-1' })('2026-11-28t21')).toBe(
    'https://eu-west-1.console.aws.amazon.com/s3/object/sweeps?region=eu-west-1&prefix=sweep/2026-11-28t21/report.html',
  )
})
