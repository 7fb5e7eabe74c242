import { describe, expect, it } from 'vitest'
import { parseEvent } from '../../functions/events/parse.ts'
import { ARN, ecrEvent } from './samples.ts'

const CALL = 'AWS API Call via CloudTrail'

const assumed = (arn: string) => ({ type: 'AssumedRole', arn, accountId: '123456789012' })

const call = (detail: Record<string, unknown>) =>
  parseEvent(
    ecrEvent(CALL, {
      eventSource: 'ecr.amazonaws.com',
      eventName: 'PutImageTagMutability',
      eventTime: '2026-11-20T02:36:41Z',
      userIdentity: assumed('arn:aws:sts::123456789012:assumed-role/Admin/alice'),
      sourceIPAddress: '203.0.113.7',
      requestParameters: { repositoryName: 'prod/api', imageTagMutability: 'MUTABLE' },
      ...detail,
    }),
  )

describe('a call of the API', () => {
  it('says what was called about which repository, by whom, when and from where', () => {
    expect(call({})).toMatchObject({
      type: 'api-call',
      call: 'PutImageTagMutability',
      by: 'Admin/alice',
      at: '2026-11-20T02:36:41Z',
      from: '203.0.113.7',
      registry: '123456789012',
      repository: 'prod/api',
      error: undefined,
    })
  })

  it('about a resource names the repository by its ARN', () => {
    const tagged = call({ eventName: 'TagResource', requestParameters: { resourceArn: ARN, tags: [] } })
    expect(tagged).toMatchObject({ registry: '123456789012', repository: 'prod/api' })
  })

  it.each([null, undefined, {}, { resourceArn: 'arn:aws:s3:::bucket' }])('about %j names no repository', (asked) => {
    expect(call({ requestParameters: asked })).toMatchObject({ repository: undefined, registry: '123456789012' })
  })

  it('on the registry of another account says so', () => {
    expect(call({ requestParameters: { repositoryName: 'prod/api', registryId: '210987654321' } })).toMatchObject({
      registry: '210987654321',
    })
  })

  it('that was refused says why, and may have asked for anything', () => {
    const refused = { errorCode: 'InvalidParameterException', requestParameters: { repositoryName: '<!channel>' } }
    expect(call(refused)).toMatchObject({ error: 'InvalidParameterException', repository: undefined })
    expect(call({ errorCode: 'a\nb' })).toMatchObject({ error: 'a\ufffdb' })
  })

  it('about a repository whose name is none is refused', () => {
    expect(() => call({ requestParameters: { repositoryName: '<!channel>' } })).toThrow(
      'detail.requestParameters.repositoryName: expected a repository name',
    )
  })

  it('of another service is refused', () => {
    expect(() => parseEvent(ecrEvent(CALL, { eventName: 'PutObject' }, { source: 'aws.s3' }))).toThrow('source')
  })
})

describe('who called', () => {
  it.each<[string, unknown, string]>([
    ['a user', { type: 'IAMUser', arn: 'arn:aws:iam::123456789012:user/ops/bob' }, 'ops/bob'],
    ['the root of the account', { type: 'Root', arn: 'arn:aws:iam::123456789012:root' }, 'root'],
    [
      'a role of another account',
      assumed('arn:aws-cn:sts::210987654321:assumed-role/CI/run'),
      'CI/run of 210987654321',
    ],
    [
      'a session that only its issuer names',
      { type: 'AssumedRole', sessionContext: { sessionIssuer: { arn: 'arn:aws:iam::123456789012:role/Admin' } } },
      'Admin',
    ],
    ['a service', { type: 'AWSService', invokedBy: 'cloudformation.amazonaws.com' }, 'cloudformation.amazonaws.com'],
    ['somebody of another account', { type: 'AWSAccount', accountId: '210987654321' }, 'AWSAccount of 210987654321'],
    ['nobody that can be read', 7, 'unknown'],
    ['nobody at all', undefined, 'unknown'],
    ['a name with a line break', { arn: 'arn:aws:iam::123456789012:user/a\u202eb' }, 'a\ufffdb'],
  ])('is %s', (_, userIdentity, by) => {
    expect(call({ userIdentity })).toMatchObject({ by })
  })

  it('is cut where the name is absurdly long', () => {
    const by = Reflect.get(call({ userIdentity: { arn: `arn:aws:iam::123456789012:user/${'x'.repeat(9_000)}` } }), 'by')
    expect(by).toBe(`${'x'.repeat(200)}…`)
  })

  it('at an instant that cannot be read is dated by the event', () => {
    expect(call({ eventTime: 'yesterday' })).toMatchObject({ at: '2026-11-20T02:36:48Z' })
  })
})
