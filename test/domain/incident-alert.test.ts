import * as v from 'valibot'
import { describe, expect, test } from 'vitest'
import { AlertSchema } from '../../functions/domain/alert.ts'
import { composeIncident, type Incident, type WeakenedScanning } from '../../functions/domain/incident-alert.ts'
import { DIGEST, image, policyTelling } from '../builders.ts'

const registry = { account: '123456789012', region: 'ap-northeast-1', tags: [] }

describe('the alert on a failed replication', () => {
  const failed = (account: string) =>
    composeIncident(policyTelling({ subject: image() }), {
      kind: 'replication-failed',
      destination: { account, region: 'us-east-1' },
    })

  test('says which image is missing where, and how to ask ECR for the reason', () => {
    const alert = failed('123456789012')
    expect(v.parse(AlertSchema, alert)).toMatchObject({
      kind: 'replication-failed',
      severity: 'HIGH',
      title: 'Replication of prod/api:1.4.2 to us-east-1 failed',
      summary: 'Whoever pulls it in us-east-1 gets an older image, or none.',
      items: [],
      facts: [
        { name: 'From', value: 'ap-northeast-1' },
        { name: 'To', value: 'us-east-1' },
      ],
      command: `aws ecr describe-image-replication-status --region ap-northeast-1 --repository-name prod/api --image-id '{"imageDigest":"${DIGEST}"}'`,
    })
    expect(alert.todo).toBe(
      'Ask ECR for the reason, and mend it; then push the image again, for ECR does not try again by itself.',
    )
  })

  test('names the policy that another account needs', () => {
    const { title, todo } = failed('111122223333')
    expect(title).toBe('Replication of prod/api:1.4.2 to us-east-1 of 111122223333 failed')
    expect(todo).toContain(
      'registry policy of 111122223333 in us-east-1 allow ecr:ReplicateImage and ecr:CreateRepository',
    )
  })
})

describe('the alert on a failed pull-through cache', () => {
  const subject = { ...registry, repository: 'docker-hub/library/alpine', tags: ['3.20'] }
  const failed = (change: Partial<Extract<Incident, { kind: 'cache-failed' }>> = {}) =>
    composeIncident(policyTelling({ subject }), { kind: 'cache-failed', upstream: 'registry-1.docker.io', ...change })

  test('says what ECR could not bring from where, why, and how to check the rule', () => {
    const why = 'The upstream registry answered 429.'
    expect(v.parse(AlertSchema, failed({ prefix: 'docker-hub', code: 'UpstreamTooManyRequests', why }))).toMatchObject({
      kind: 'cache-failed',
      severity: 'MEDIUM',
      title: 'Pull-through cache of docker-hub/library/alpine:3.20 failed',
      summary: 'ECR could not bring it from registry-1.docker.io: UpstreamTooManyRequests.',
      facts: [
        { name: 'Upstream', value: 'registry-1.docker.io' },
        { name: 'ECR says', value: why },
      ],
      command: 'aws ecr validate-pull-through-cache-rule --region ap-northeast-1 --ecr-repository-prefix docker-hub',
    })
  })

  test('leaves out what ECR does not say', () => {
    expect(failed().summary).toBe('ECR could not bring it from registry-1.docker.io.')
    expect(failed()).not.toHaveProperty('command')
    expect(failed().facts).toHaveLength(1)
  })
})

describe('the alert on weakened scanning', () => {
  const weakened = (...repositories: WeakenedScanning[]) =>
    composeIncident(policyTelling({ subject: registry }), { kind: 'scanning-weakened', repositories })
  const api = { repository: 'prod/api', was: 'CONTINUOUS_SCAN', is: 'SCAN_ON_PUSH' }
  const web = { repository: 'prod/web', was: 'SCAN_ON_PUSH', is: 'MANUAL' }

  test('says of one repository what is lost', () => {
    expect(v.parse(AlertSchema, weakened(api))).toMatchObject({
      kind: 'scanning-weakened',
      severity: 'HIGH',
      title: 'Scanning weakened in prod/api: CONTINUOUS_SCAN → SCAN_ON_PUSH',
      summary: 'Images are scanned when they are pushed, and not again when new vulnerabilities become known.',
      command: 'aws ecr get-registry-scanning-configuration --region ap-northeast-1',
    })
  })

  test('says of several what is lost at worst, and lists them', () => {
    const alert = weakened(api, web)
    expect(alert.title).toBe('Scanning weakened in 2 repositories')
    expect(alert.summary).toBe('What is pushed is no longer scanned by itself.')
    expect(alert.items.map(({ id, text }) => `${id} ${text}`)).toEqual([
      'prod/api CONTINUOUS_SCAN → SCAN_ON_PUSH',
      'prod/web SCAN_ON_PUSH → MANUAL',
    ])
  })

  test('has words for a frequency that nobody documented, and for none at all', () => {
    expect(weakened({ ...api, is: 'YEARLY' }).summary).toBe('Images are scanned less often than before.')
    expect(weakened().title).toBe('Scanning weakened in 0 repositories')
  })

  test('lists 200 repositories, and counts the others', () => {
    const alert = weakened(...Array.from({ length: 230 }, () => api))
    expect([alert.items.length, alert.omitted]).toEqual([200, 30])
  })
})

test('the id is that of the event and of what it says', () => {
  const idOf = (event: string, region: string) =>
    composeIncident(policyTelling({ subject: image(), events: [event] }), {
      kind: 'replication-failed',
      destination: { account: '123456789012', region },
    }).id
  expect(idOf('event-1', 'us-east-1')).toBe(idOf('event-1', 'us-east-1'))
  expect(new Set([idOf('event-1', 'us-east-1'), idOf('event-2', 'us-east-1'), idOf('event-1', 'eu-west-1')]).size).toBe(
    3,
  )
})
