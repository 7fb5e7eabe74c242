import {
  BatchDeleteImageCommand,
  CreateRepositoryCommand,
  DescribeRepositoriesCommand,
  type ECRClient,
  PutImageCommand,
  PutImageTagMutabilityCommand,
  PutRegistryScanningConfigurationCommand,
  TagResourceCommand,
  UploadLayerPartCommand,
} from '@aws-sdk/client-ecr'
import { expect, test } from 'vitest'
import { peek } from '../../../functions/events/fields.ts'
import { parseEvent } from '../../../functions/events/parse.ts'
import { announce } from '../../../local/announce/announce.ts'
import { digestOf } from '../../../local/aws/ecr/manifest.ts'
import type { LocalAws } from '../../../local/aws/server.ts'
import { clientsOf, errorOf, withLocalAws } from '../aws/clients.ts'
import { manifestOf } from '../aws/manifests.ts'

const repositoryName = 'prod/app'
const NOW = Date.parse('2026-11-20T09:00:00Z')

const announced = (body: (ecr: ECRClient, events: object[], aws: LocalAws) => Promise<void>): Promise<void> =>
  withLocalAws(async (aws, { ecr }) => {
    aws.ecr.createRepository({ repositoryName })
    aws.clock.set(NOW)
    const events: object[] = []
    announce(aws, (event) => events.push(event))
    await body(ecr, events, aws)
  })

const push = (ecr: ECRClient, imageManifest: string, imageTag?: string) =>
  ecr.send(new PutImageCommand({ repositoryName, imageManifest, imageTag }))

const calls = (events: readonly object[]) => events.map((event) => peek(event, 'detail', 'eventName')).filter(Boolean)
const actions = (events: readonly object[]) => events.filter((event) => peek(event, 'detail', 'action-type'))

test('a change of a setting is announced as CloudTrail does, with who, how and what', () =>
  announced(async (ecr, events) => {
    await ecr.send(new PutImageTagMutabilityCommand({ repositoryName, imageTagMutability: 'MUTABLE' }))
    const parameters = { repositoryName, imageTagMutability: 'MUTABLE' }
    expect(events).toEqual([
      {
        version: '0',
        id: expect.stringMatching(/^[0-9a-f-]{36}$/),
        'detail-type': 'AWS API Call via CloudTrail',
        source: 'aws.ecr',
        account: '123456789012',
        time: expect.stringMatching(/^2026-11-20T09:00:0\dZ$/),
        region: 'ap-northeast-1',
        resources: [],
        detail: {
          eventVersion: '1.11',
          userIdentity: {
            type: 'IAMUser',
            principalId: expect.stringMatching(/^AIDA[0-9A-F]{17}$/),
            arn: 'arn:aws:iam::123456789012:user/AKIDTEST',
            accountId: '123456789012',
            accessKeyId: 'AKIDTEST',
            userName: 'AKIDTEST',
          },
          eventTime: expect.stringMatching(/^2026-11-20T09:00:0\dZ$/),
          eventSource: 'ecr.amazonaws.com',
          eventName: 'PutImageTagMutability',
          awsRegion: 'ap-northeast-1',
          sourceIPAddress: '127.0.0.1',
          userAgent: expect.stringContaining('aws-sdk-js'),
          requestParameters: parameters,
          responseElements: { registryId: '123456789012', ...parameters },
          requestID: expect.any(String),
          eventID: expect.any(String),
          readOnly: false,
          resources: [
            { accountId: '123456789012', ARN: 'arn:aws:ecr:ap-northeast-1:123456789012:repository/prod/app' },
          ],
          eventType: 'AwsApiCall',
          managementEvent: true,
          recipientAccountId: '123456789012',
          eventCategory: 'Management',
        },
      },
    ])
  }))

test('a session of a role is announced with its role', () =>
  announced(async (_, events, aws) => {
    aws.principals.assume('ASIAROBOT', 'Steward-Role', 'Steward-Function')
    const { ecr } = clientsOf(aws.url, aws.region, 'ASIAROBOT')
    const resourceArn = aws.ecr.repository(repositoryName)?.settings.repositoryArn
    await ecr.send(new TagResourceCommand({ resourceArn, tags: [{ Key: 'owner', Value: 'team-a' }] }))
    expect(events[0]).toMatchObject({
      detail: {
        responseElements: null,
        userIdentity: {
          type: 'AssumedRole',
          principalId: expect.stringMatching(/^AROA[0-9A-F]{17}:Steward-Function$/),
          arn: 'arn:aws:sts::123456789012:assumed-role/Steward-Role/Steward-Function',
          sessionContext: { sessionIssuer: { arn: 'arn:aws:iam::123456789012:role/Steward-Role' } },
        },
      },
    })
  }))

test('a push is announced by ECR for each tag, and by CloudTrail', () =>
  announced(async (ecr, events) => {
    await push(ecr, manifestOf('a'), '1.0.0')
    await push(ecr, manifestOf('b'))
    expect(actions(events)).toMatchObject([
      {
        'detail-type': 'ECR Image Action',
        detail: {
          'action-type': 'PUSH',
          result: 'SUCCESS',
          'repository-name': repositoryName,
          'image-digest': digestOf(manifestOf('a')),
          'image-tag': '1.0.0',
        },
      },
      { detail: { 'image-digest': digestOf(manifestOf('b')) } },
    ])
    expect(peek(actions(events)[1], 'detail')).not.toHaveProperty('image-tag')
    expect(calls(events)).toEqual(['PutImage', 'PutImage'])
  }))

test('what refers to another image is announced as a referrer', () =>
  announced(async (ecr, events) => {
    await push(ecr, manifestOf('a'), '1.0.0')
    const subject = {
      mediaType: 'application/vnd.oci.image.manifest.v1+json',
      size: 7,
      digest: digestOf(manifestOf('a')),
    }
    await push(ecr, JSON.stringify({ schemaVersion: 2, artifactType: 'application/spdx+json', subject, layers: [] }))
    expect(actions(events)[1]).toMatchObject({
      'detail-type': 'ECR Referrer Action',
      detail: { 'action-type': 'PUSH', 'artifact-media-type': 'application/spdx+json' },
    })
  }))

test('a deletion is announced for each tag that went', () =>
  announced(async (ecr, events) => {
    await push(ecr, manifestOf('a'), '1.0.0')
    await push(ecr, manifestOf('a'), 'latest')
    events.length = 0
    const imageIds = [{ imageDigest: digestOf(manifestOf('a')) }, { imageTag: 'none' }]
    await ecr.send(new BatchDeleteImageCommand({ repositoryName, imageIds }))
    expect(actions(events).map((event) => peek(event, 'detail', 'image-tag'))).toEqual(['1.0.0', 'latest'])
    expect(calls(events)).toEqual(['BatchDeleteImage'])
  }))

test('a call that was refused is announced with the error alone', () =>
  announced(async (ecr, events, aws) => {
    await push(ecr, manifestOf('a'), '1.0.0')
    events.length = 0
    await errorOf(push(ecr, manifestOf('a'), '1.0.0'))
    aws.authorize = () => ({ allowed: false, reason: 'of the test' })
    await errorOf(push(ecr, manifestOf('b'), '1.0.0'))
    expect(events.map((event) => peek(event, 'detail', 'errorCode'))).toEqual([
      'ImageAlreadyExistsException',
      'AccessDenied',
    ])
    for (const event of events) expect(event).toMatchObject({ detail: { responseElements: null } })
  }))

test('nothing is announced of what reads, of what never arrived, or of what is done in process', () =>
  announced(async (ecr, events, aws) => {
    await ecr.send(new DescribeRepositoriesCommand({}))
    aws.faults.inject({ service: 'ecr', error: { drop: true } })
    await errorOf(push(ecr, manifestOf('a'), '1.0.0'))
    aws.ecr.putImage({ repositoryName, imageManifest: manifestOf('a') })
    aws.call('ecr', 'PutImageTagMutability', { repositoryName, imageTagMutability: 'IMMUTABLE' })
    aws.sqs.create('in')
    expect(events).toEqual([])
  }))

test('scanning that changes is announced by ECR for each repository, where it is enhanced', () =>
  announced(async (ecr, events) => {
    const put = (scanType: 'BASIC' | 'ENHANCED', scanFrequency: 'SCAN_ON_PUSH' | 'CONTINUOUS_SCAN', filter: string) => {
      const rules = [{ scanFrequency, repositoryFilters: [{ filter, filterType: 'WILDCARD' as const }] }]
      return ecr.send(new PutRegistryScanningConfigurationCommand({ scanType, rules }))
    }
    await put('BASIC', 'SCAN_ON_PUSH', '*')
    await put('ENHANCED', 'CONTINUOUS_SCAN', 'prod/*')
    await put('ENHANCED', 'CONTINUOUS_SCAN', '*')
    await put('ENHANCED', 'CONTINUOUS_SCAN', 'dev/*')
    const change = (now: string, before: string) => ({
      'detail-type': 'ECR Scan Resource Change',
      detail: {
        'scan-type': 'ENHANCED',
        repositories: [
          {
            'repository-name': repositoryName,
            'repository-arn': 'arn:aws:ecr:ap-northeast-1:123456789012:repository/prod/app',
            'scan-frequency': now,
            'previous-scan-frequency': before,
          },
        ],
      },
    })
    expect(actions(events)).toMatchObject([
      change('CONTINUOUS_SCAN', 'SCAN_ON_PUSH'),
      change('MANUAL', 'CONTINUOUS_SCAN'),
    ])
  }))

test('instants are written as CloudTrail does, and bytes are left out', () =>
  announced(async (ecr, events) => {
    await ecr.send(new CreateRepositoryCommand({ repositoryName: 'prod/other' }))
    const part = { uploadId: '00000000-0000-4000-8000-000000000000', partFirstByte: 0, partLastByte: 0 }
    await errorOf(ecr.send(new UploadLayerPartCommand({ repositoryName, ...part, layerPartBlob: Buffer.from('a') })))
    const created = peek(events[0], 'detail', 'responseElements', 'repository', 'createdAt')
    expect(created).toMatch(/^Nov 20, 2026 9:00:0\d AM$/)
    expect(peek(events[1], 'detail', 'requestParameters')).toEqual({ repositoryName, ...part })
  }))

test('every event is one that the product reads', () =>
  announced(async (ecr, events) => {
    await ecr.send(new CreateRepositoryCommand({ repositoryName: 'prod/other', tags: [{ Key: 'owner', Value: 'x' }] }))
    await push(ecr, manifestOf('a'), '1.0.0')
    await ecr.send(new BatchDeleteImageCommand({ repositoryName, imageIds: [{ imageTag: '1.0.0' }] }))
    expect(events.map((event) => parseEvent(JSON.parse(JSON.stringify(event))).type)).toEqual([
      'api-call',
      'push',
      'api-call',
      'deletion',
      'api-call',
    ])
  }))
