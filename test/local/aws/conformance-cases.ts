import { expect } from 'vitest'
import { digestOf, OCI_INDEX, OCI_MANIFEST } from '../../../local/aws/ecr/manifest.ts'
import type { LocalAws } from '../../../local/aws/server.ts'
import { LIFECYCLE_CASES } from './conformance-lifecycle-cases.ts'
import { REGISTRY_CASES } from './conformance-registry-cases.ts'
import { WORKLOAD_CASES } from './conformance-workload-cases.ts'
import { indexOf, manifestOf } from './manifests.ts'

export type ServiceName =
  | ('ecr' | 'kms' | 'sqs' | 'sns' | 'secretsmanager' | 'dynamodb' | 's3')
  | ('ecs' | 'lambda' | 'eks' | 'inspector2' | 'apprunner' | 'codebuild' | 'batch' | 'events' | 'scheduler')
type Call = { operation: string; input: object }

/** What a server answers: some fields of the output, or the code of an error (the CLI may see another spelling). */
export type Expected = { output: object } | { error: string; cli?: string }

export type Case = {
  name: string
  service: ServiceName
  /** Brings the local AWS to where `given` brings others, where it has no calls for that. */
  seed?: (aws: LocalAws) => void
  /** Calls that come before, made with the SDK. */
  given?: (server: Server) => Call[]
  call: (server: Server) => Call
  expected: Expected
  /** Where moto answers something else: what it answers, why we do not, and where AWS says so. */
  moto?: { answers: Expected; reason: string; see: string }
}

/** What differs between servers in names. */
export type Server = { queueUrl(name: string): string; topicArn(name: string): string }

const API = 'https://docs.aws.amazon.com/AmazonECR/latest/APIReference'

const repository = (repositoryName: string, more: object = {}): Call => ({
  operation: 'CreateRepository',
  input: { repositoryName, ...more },
})

const image = (repositoryName: string, name: string, imageTag?: string): Call => ({
  operation: 'PutImage',
  input: { repositoryName, imageManifest: manifestOf(name), imageManifestMediaType: OCI_MANIFEST, imageTag },
})

const ECR: Case[] = [
  {
    name: 'a repository is made with its defaults',
    service: 'ecr',
    call: () => repository('conf/defaults'),
    expected: {
      output: {
        repository: {
          repositoryName: 'conf/defaults',
          registryId: '123456789012',
          repositoryArn: 'arn:aws:ecr:ap-northeast-1:123456789012:repository/conf/defaults',
          imageTagMutability: 'MUTABLE',
          imageScanningConfiguration: { scanOnPush: false },
          encryptionConfiguration: { encryptionType: 'AES256' },
        },
      },
    },
  },
  {
    name: 'a repository is made once',
    service: 'ecr',
    given: () => [repository('conf/twice')],
    call: () => repository('conf/twice'),
    expected: { error: 'RepositoryAlreadyExistsException' },
  },
  {
    name: 'capital letters in the name of a repository are refused',
    service: 'ecr',
    call: () => repository('Conf/Name'),
    expected: { error: 'InvalidParameterException' },
  },
  {
    name: 'a repository that is not there is not described',
    service: 'ecr',
    call: () => ({ operation: 'DescribeRepositories', input: { repositoryNames: ['conf/none'] } }),
    expected: { error: 'RepositoryNotFoundException' },
  },
  {
    name: 'a repository with images is not deleted without force',
    service: 'ecr',
    given: () => [repository('conf/full'), image('conf/full', 'a', 'v1')],
    call: () => ({ operation: 'DeleteRepository', input: { repositoryName: 'conf/full' } }),
    expected: { error: 'RepositoryNotEmptyException' },
  },
  {
    name: 'the digest of an image is that of its manifest',
    service: 'ecr',
    given: () => [repository('conf/digest')],
    call: () => image('conf/digest', 'a', 'v1'),
    expected: { output: { image: { imageId: { imageDigest: digestOf(manifestOf('a')), imageTag: 'v1' } } } },
    moto: {
      answers: { output: { image: { imageId: { imageDigest: expect.any(String), imageTag: 'v1' } } } },
      reason: 'its digest is not that of the manifest',
      see: `${API}/API_ImageIdentifier.html`,
    },
  },
  {
    name: 'the same image under the same tag exists already',
    service: 'ecr',
    given: () => [repository('conf/same'), image('conf/same', 'a', 'v1')],
    call: () => image('conf/same', 'a', 'v1'),
    expected: { error: 'ImageAlreadyExistsException' },
  },
  {
    name: 'an immutable tag does not move to another image',
    service: 'ecr',
    given: () => [repository('conf/fixed', { imageTagMutability: 'IMMUTABLE' }), image('conf/fixed', 'a', 'v1')],
    call: () => image('conf/fixed', 'b', 'v1'),
    expected: { error: 'ImageTagAlreadyExistsException' },
    moto: {
      answers: { error: 'ImageAlreadyExistsException' },
      reason: 'it has one error for an existing image and an existing tag',
      see: `${API}/API_PutImage.html#API_PutImage_Errors`,
    },
  },
  {
    name: 'an index without its children is refused',
    service: 'ecr',
    given: () => [repository('conf/index')],
    call: () => ({
      operation: 'PutImage',
      input: {
        repositoryName: 'conf/index',
        imageManifest: indexOf(manifestOf('not pushed')),
        imageManifestMediaType: OCI_INDEX,
        imageTag: 'v1',
      },
    }),
    expected: { error: 'ReferencedImagesNotFoundException' },
    moto: {
      answers: { output: { image: { imageId: { imageTag: 'v1' } } } },
      reason: 'it does not look for the children',
      see: `${API}/API_PutImage.html#API_PutImage_Errors`,
    },
  },
  {
    name: 'the size of an image is that of its configuration and layers',
    service: 'ecr',
    given: () => [repository('conf/size'), image('conf/size', 'a', 'v1')],
    call: () => ({ operation: 'DescribeImages', input: { repositoryName: 'conf/size' } }),
    expected: { output: { imageDetails: [{ imageTags: ['v1'], imageSizeInBytes: 32_100 }] } },
    moto: {
      answers: { output: { imageDetails: [{ imageTags: ['v1'], imageSizeInBytes: 100 }] } },
      reason: 'it counts the configuration alone',
      see: `${API}/API_ImageDetail.html`,
    },
  },
  {
    name: 'images come in pages of maxResults',
    service: 'ecr',
    given: () => [repository('conf/pages'), image('conf/pages', 'a', 'v1'), image('conf/pages', 'b', 'v2')],
    call: () => ({ operation: 'DescribeImages', input: { repositoryName: 'conf/pages', maxResults: 1 } }),
    expected: { output: { imageDetails: [{ imageTags: ['v1'] }], nextToken: expect.any(String) } },
    moto: {
      answers: { output: { imageDetails: [{ imageTags: ['v1'] }, { imageTags: ['v2'] }] } },
      reason: 'it knows no pages',
      see: `${API}/API_DescribeImages.html#ECR-DescribeImages-request-maxResults`,
    },
  },
  {
    name: 'more than 1,000 results are not to be had',
    service: 'ecr',
    given: () => [repository('conf/many')],
    call: () => ({ operation: 'DescribeImages', input: { repositoryName: 'conf/many', maxResults: 1001 } }),
    expected: { error: 'InvalidParameterException' },
    moto: {
      answers: { output: { imageDetails: [] } },
      reason: 'it knows no pages',
      see: `${API}/API_DescribeImages.html#ECR-DescribeImages-request-maxResults`,
    },
  },
  {
    name: 'only untagged images are listed where they are asked for',
    service: 'ecr',
    given: () => [repository('conf/untagged'), image('conf/untagged', 'a', 'v1'), image('conf/untagged', 'b')],
    call: () => ({
      operation: 'ListImages',
      input: { repositoryName: 'conf/untagged', filter: { tagStatus: 'UNTAGGED' } },
    }),
    expected: { output: { imageIds: [{ imageDigest: digestOf(manifestOf('b')) }] } },
    moto: {
      answers: { output: { imageIds: [expect.anything(), expect.anything()] } },
      reason: 'it ignores the filter',
      see: `${API}/API_ListImagesFilter.html`,
    },
  },
  {
    name: 'an image that is not there is not described',
    service: 'ecr',
    given: () => [repository('conf/noimage')],
    call: () => ({
      operation: 'DescribeImages',
      input: { repositoryName: 'conf/noimage', imageIds: [{ imageTag: 'v1' }] },
    }),
    expected: { error: 'ImageNotFoundException' },
  },
  {
    name: 'a batch read answers what it finds and what it does not',
    service: 'ecr',
    given: () => [repository('conf/get'), image('conf/get', 'a', 'v1')],
    call: () => ({
      operation: 'BatchGetImage',
      input: { repositoryName: 'conf/get', imageIds: [{ imageTag: 'v1' }, { imageTag: 'none' }] },
    }),
    expected: {
      output: {
        images: [{ imageId: { imageTag: 'v1' }, imageManifest: manifestOf('a') }],
        failures: [{ imageId: { imageTag: 'none' }, failureCode: 'ImageNotFound' }],
      },
    },
  },
  {
    name: 'a batch deletion answers what it finds and what it does not',
    service: 'ecr',
    given: () => [repository('conf/delete'), image('conf/delete', 'a', 'v1')],
    call: () => ({
      operation: 'BatchDeleteImage',
      input: { repositoryName: 'conf/delete', imageIds: [{ imageTag: 'v1' }, { imageTag: 'none' }] },
    }),
    expected: {
      output: {
        imageIds: [{ imageDigest: digestOf(manifestOf('a')), imageTag: 'v1' }],
        failures: [{ imageId: { imageTag: 'none' }, failureCode: 'ImageNotFound' }],
      },
    },
    moto: {
      answers: { output: { imageIds: [{ imageTag: 'v1' }], failures: [{ failureCode: 'ImageNotFound' }] } },
      reason: 'its digest is not that of the manifest',
      see: `${API}/API_ImageIdentifier.html`,
    },
  },
  {
    name: 'an image that was never scanned has no findings to describe',
    service: 'ecr',
    given: () => [repository('conf/noscan'), image('conf/noscan', 'a', 'v1')],
    call: () => ({
      operation: 'DescribeImageScanFindings',
      input: { repositoryName: 'conf/noscan', imageId: { imageTag: 'v1' } },
    }),
    expected: { error: 'ScanNotFoundException' },
  },
  {
    name: 'a scan that was started is in progress',
    service: 'ecr',
    given: () => [repository('conf/scan'), image('conf/scan', 'a', 'v1')],
    call: () => ({ operation: 'StartImageScan', input: { repositoryName: 'conf/scan', imageId: { imageTag: 'v1' } } }),
    expected: { output: { imageScanStatus: { status: 'IN_PROGRESS' } } },
  },
  {
    name: 'an image is scanned once a day',
    service: 'ecr',
    given: () => [
      repository('conf/rescan'),
      image('conf/rescan', 'a', 'v1'),
      { operation: 'StartImageScan', input: { repositoryName: 'conf/rescan', imageId: { imageTag: 'v1' } } },
    ],
    call: () => ({
      operation: 'StartImageScan',
      input: { repositoryName: 'conf/rescan', imageId: { imageTag: 'v1' } },
    }),
    expected: { error: 'LimitExceededException' },
  },
  {
    name: 'a repository without a lifecycle policy says so',
    service: 'ecr',
    given: () => [repository('conf/nolife')],
    call: () => ({ operation: 'GetLifecyclePolicy', input: { repositoryName: 'conf/nolife' } }),
    expected: { error: 'LifecyclePolicyNotFoundException' },
  },
  {
    name: 'a repository without a policy says so',
    service: 'ecr',
    given: () => [repository('conf/nopolicy')],
    call: () => ({ operation: 'GetRepositoryPolicy', input: { repositoryName: 'conf/nopolicy' } }),
    expected: { error: 'RepositoryPolicyNotFoundException' },
  },
  {
    name: 'the tags of a repository are listed',
    service: 'ecr',
    given: () => [repository('conf/tags', { tags: [{ Key: 'team', Value: 'a & b' }] })],
    call: () => ({
      operation: 'ListTagsForResource',
      input: { resourceArn: 'arn:aws:ecr:ap-northeast-1:123456789012:repository/conf/tags' },
    }),
    expected: { output: { tags: [{ Key: 'team', Value: 'a & b' }] } },
  },
]

const queue = (QueueName: string, Attributes: object = {}): Call => ({
  operation: 'CreateQueue',
  input: { QueueName, Attributes },
})

const OTHERS: Case[] = [
  {
    name: 'a key that is not there has no public half',
    service: 'kms',
    call: () => ({ operation: 'GetPublicKey', input: { KeyId: 'alias/conf-none' } }),
    expected: { error: 'NotFoundException' },
  },
  {
    name: 'a queue that is not there is not found',
    service: 'sqs',
    call: () => ({ operation: 'GetQueueUrl', input: { QueueName: 'conf-none' } }),
    expected: { error: 'QueueDoesNotExist', cli: 'AWS.SimpleQueueService.NonExistentQueue' },
  },
  {
    name: 'a message is answered with the MD5 of its body and of its attributes',
    service: 'sqs',
    given: () => [queue('conf-md5')],
    call: ({ queueUrl }) => ({
      operation: 'SendMessage',
      input: {
        QueueUrl: queueUrl('conf-md5'),
        MessageBody: '世界 <&>',
        MessageAttributes: {
          kind: { DataType: 'String', StringValue: 'ü' },
          count: { DataType: 'Number', StringValue: '7' },
        },
      },
    }),
    expected: {
      output: {
        MD5OfMessageBody: '15c132e95ce02c4d2e91c81ed7b11786',
        MD5OfMessageAttributes: 'a3882ab62b5b30a8189484a90dbcb840',
        MessageId: expect.any(String),
      },
    },
  },
  {
    name: 'a message is received with its count',
    service: 'sqs',
    given: ({ queueUrl }) => [
      queue('conf-receive'),
      { operation: 'SendMessage', input: { QueueUrl: queueUrl('conf-receive'), MessageBody: 'hello' } },
    ],
    call: ({ queueUrl }) => ({
      operation: 'ReceiveMessage',
      input: { QueueUrl: queueUrl('conf-receive'), AttributeNames: ['ApproximateReceiveCount'] },
    }),
    expected: { output: { Messages: [{ Body: 'hello', Attributes: { ApproximateReceiveCount: '1' } }] } },
  },
  {
    name: 'an unknown attribute of a queue is refused',
    service: 'sqs',
    call: () => queue('conf-attribute', { Colour: 'red' }),
    expected: { error: 'InvalidAttributeName' },
    moto: {
      answers: { output: { QueueUrl: expect.any(String) } },
      reason: 'it takes any attribute',
      see: 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_CreateQueue.html#API_CreateQueue_Errors',
    },
  },
  {
    name: 'a queue with other attributes is not made again',
    service: 'sqs',
    given: () => [queue('conf-again', { VisibilityTimeout: '30' })],
    call: () => queue('conf-again', { VisibilityTimeout: '31' }),
    expected: { error: 'QueueNameExists', cli: 'QueueAlreadyExists' },
  },
  {
    name: 'an empty batch is refused',
    service: 'sqs',
    given: () => [queue('conf-empty')],
    call: ({ queueUrl }) => ({
      operation: 'SendMessageBatch',
      input: { QueueUrl: queueUrl('conf-empty'), Entries: [] },
    }),
    expected: { error: 'EmptyBatchRequest', cli: 'AWS.SimpleQueueService.EmptyBatchRequest' },
  },
  {
    name: 'a topic that is not there is not found',
    service: 'sns',
    call: ({ topicArn }) => ({ operation: 'Publish', input: { TopicArn: topicArn('conf-none'), Message: 'm' } }),
    expected: { error: 'NotFoundException', cli: 'NotFound' },
  },
  {
    name: 'a structured message needs a default',
    service: 'sns',
    given: () => [{ operation: 'CreateTopic', input: { Name: 'conf-structure' } }],
    call: ({ topicArn }) => ({
      operation: 'Publish',
      input: { TopicArn: topicArn('conf-structure'), Message: '{"sqs":"x"}', MessageStructure: 'json' },
    }),
    expected: { error: 'InvalidParameterException', cli: 'InvalidParameter' },
    moto: {
      answers: { output: { MessageId: expect.any(String) } },
      reason: 'it does not look into the message',
      see: 'https://docs.aws.amazon.com/sns/latest/api/API_Publish.html',
    },
  },
  {
    name: 'a subject of more than 100 characters is refused',
    service: 'sns',
    given: () => [{ operation: 'CreateTopic', input: { Name: 'conf-subject' } }],
    call: ({ topicArn }) => ({
      operation: 'Publish',
      input: { TopicArn: topicArn('conf-subject'), Message: 'm', Subject: 'x'.repeat(101) },
    }),
    expected: { error: 'InvalidParameterException', cli: 'InvalidParameter' },
  },
  {
    name: 'a batch of messages is answered entry by entry',
    service: 'sns',
    given: () => [{ operation: 'CreateTopic', input: { Name: 'conf-batch' } }],
    call: ({ topicArn }) => ({
      operation: 'PublishBatch',
      input: {
        TopicArn: topicArn('conf-batch'),
        PublishBatchRequestEntries: [
          { Id: 'one', Message: 'a', MessageAttributes: { kind: { DataType: 'String', StringValue: '<&>' } } },
          { Id: 'two', Message: 'b' },
        ],
      },
    }),
    expected: { output: { Successful: [{ Id: 'one' }, { Id: 'two' }] } },
  },
  {
    name: 'a topic is listed with its attributes',
    service: 'sns',
    given: () => [{ operation: 'CreateTopic', input: { Name: 'conf-topic' } }],
    call: ({ topicArn }) => ({ operation: 'GetTopicAttributes', input: { TopicArn: topicArn('conf-topic') } }),
    expected: { output: { Attributes: { Owner: '123456789012', SubscriptionsConfirmed: '0' } } },
  },
  {
    name: 'a secret is read as it was written',
    service: 'secretsmanager',
    given: () => [{ operation: 'CreateSecret', input: { Name: 'conf/read', SecretString: 'wörd <&> "x"' } }],
    call: () => ({ operation: 'GetSecretValue', input: { SecretId: 'conf/read' } }),
    expected: { output: { Name: 'conf/read', SecretString: 'wörd <&> "x"', VersionStages: ['AWSCURRENT'] } },
  },
  {
    name: 'a secret that is not there is not found',
    service: 'secretsmanager',
    call: () => ({ operation: 'GetSecretValue', input: { SecretId: 'conf/none' } }),
    expected: { error: 'ResourceNotFoundException' },
  },
  {
    name: 'a table that is not there is not found',
    service: 'dynamodb',
    call: () => ({ operation: 'GetItem', input: { TableName: 'conf-none', Key: { pk: { S: 'a' } } } }),
    expected: { error: 'ResourceNotFoundException' },
  },
]

export const CASES: readonly Case[] = [...ECR, ...REGISTRY_CASES, ...WORKLOAD_CASES, ...LIFECYCLE_CASES, ...OTHERS]
