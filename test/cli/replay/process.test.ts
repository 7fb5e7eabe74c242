import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type LocalAws, startLocalAws } from '../../../local/aws/server.ts'
import { bundled } from '../cli.ts'

const ROOT = join(import.meta.dirname, '../../..')
const sample = (name: string): string => join(ROOT, 'events', name)
const cli = bundled()

let aws: LocalAws
beforeAll(async () => {
  aws = await startLocalAws()
})
afterAll(() => aws.close())

/** Credentials and an AWS are at hand: nothing of them is used. */
const env = () => ({
  ...{ ECR_STEWARD_CONFIG: join(ROOT, 'steward.yaml'), AWS_ENDPOINT_URL: aws.url, AWS_REGION: aws.region },
  ...{ AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: 'secret' },
})

test('the bundled command tells a message out of a dead-letter queue, by stdin, and calls nobody', async () => {
  const { child, ended } = cli.start(['replay', '-'], env())
  const body = readFileSync(sample('basic-scan-critical.json'), 'utf8')
  child.stdin?.end(JSON.stringify({ Messages: [{ MessageId: 'm', ReceiptHandle: 'r', Body: body }] }))
  const { code, out, err } = await ended
  expect([code, out]).toEqual([
    0,
    'alerted\tstdin\tscan-alert/BasicScan\tscan-alert\t6 critical, 17 high in prod/api:1.4.2\tsecurity\t23 at HIGH or above\n',
  ])
  expect(err).toContain('no account is asked, nothing is written or sent')
  expect(aws.calls).toEqual([])
})

test('it ends with 3 where an event is malformed, and with 2 where a file is no JSON', async () => {
  expect((await cli.run(['replay', sample('malformed-digest-missing.json')], env())).code).toBe(3)
  expect((await cli.run(['replay', sample('README.md')], env())).code).toBe(2)
})
