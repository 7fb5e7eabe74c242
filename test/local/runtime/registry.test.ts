import { execFile, spawnSync } from 'node:child_process'
import { promisify } from 'node:util'
import { App, CfnOutput, CfnParameter, aws_ecr as ecr, Fn, RemovalPolicy, Stack } from 'aws-cdk-lib'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { type LocalAws, startLocalAws } from '../../../local/aws/server.ts'
import { type Cloud, type DeployOptions, deployLocally } from '../../../local/runtime/cloud.ts'
import { type Resources, worker, writeAssembly } from './assembly.ts'

const LIFECYCLE = JSON.stringify({
  rules: [
    {
      rulePriority: 1,
      description: 'untagged images go after a week',
      selection: { tagStatus: 'untagged', countType: 'sinceImagePushed', countUnit: 'days', countNumber: 7 },
      action: { type: 'expire' },
    },
  ],
})
const PULL = {
  Version: '2012-10-17',
  Statement: [{ Sid: 'Pull', Effect: 'Allow', Principal: { AWS: '210987654321' }, Action: ['ecr:BatchGetImage'] }],
}
const REPLICATE = {
  Version: '2012-10-17',
  Statement: [
    {
      Sid: 'Replicate',
      Effect: 'Allow',
      Principal: { AWS: '210987654321' },
      Action: ['ecr:ReplicateImage'],
      Resource: 'arn:aws:ecr:ap-northeast-1:123456789012:repository/*',
    },
  ],
}

/** A stack of everything that ECR has in CloudFormation, as CDK writes it. */
function synthesised(): string {
  const app = new App()
  const stack = new Stack(app, 'Test')
  const environment = new CfnParameter(stack, 'EnvironmentName', { default: 'dev', allowedValues: ['dev', 'prod'] })
  const project = new CfnParameter(stack, 'ProjectName', { minLength: 2 })
  const repository = new ecr.CfnRepository(stack, 'Web', {
    repositoryName: Fn.join('/', [project.valueAsString, environment.valueAsString]),
    imageTagMutability: 'IMMUTABLE_WITH_EXCLUSION',
    imageTagMutabilityExclusionFilters: [
      { imageTagMutabilityExclusionFilterType: 'WILDCARD', imageTagMutabilityExclusionFilterValue: 'dev-*' },
    ],
    imageScanningConfiguration: { scanOnPush: true },
    encryptionConfiguration: { encryptionType: 'KMS' },
    lifecyclePolicy: { lifecyclePolicyText: LIFECYCLE },
    repositoryPolicyText: PULL,
    tags: [{ key: 'owner', value: 'team-a' }],
  })
  repository.applyRemovalPolicy(RemovalPolicy.RETAIN)
  new ecr.CfnRegistryScanningConfiguration(stack, 'Scanning', {
    scanType: 'ENHANCED',
    rules: [{ scanFrequency: 'SCAN_ON_PUSH', repositoryFilters: [{ filter: '*', filterType: 'WILDCARD' }] }],
  })
  new ecr.CfnReplicationConfiguration(stack, 'Replication', {
    replicationConfiguration: { rules: [{ destinations: [{ region: 'eu-west-1', registryId: '123456789012' }] }] },
  })
  new ecr.CfnRegistryPolicy(stack, 'Policy', { policyText: REPLICATE })
  new ecr.CfnPullThroughCacheRule(stack, 'Quay', { ecrRepositoryPrefix: 'quay', upstreamRegistryUrl: 'quay.io' })
  new ecr.CfnRepositoryCreationTemplate(stack, 'Template', {
    ...{ prefix: 'quay', appliedFor: ['PULL_THROUGH_CACHE'], customRoleArn: 'arn:aws:iam::123456789012:role/births' },
    ...{
      imageTagMutability: 'IMMUTABLE',
      resourceTags: [{ key: 'owner', value: 'team-a' }],
      lifecyclePolicy: LIFECYCLE,
    },
  })
  new ecr.CfnPullTimeUpdateExclusion(stack, 'Exclusion', { principalArn: 'arn:aws:iam::123456789012:role/scanner' })
  new CfnOutput(stack, 'Uri', { value: repository.attrRepositoryUri, exportName: 'web-uri' })
  return app.synth().directory
}

const assembly = synthesised()

describe('a template of ECR alone, as CDK writes it', () => {
  let aws: LocalAws
  let cloud: Cloud
  beforeAll(async () => {
    aws = await startLocalAws()
    cloud = await deployLocally({ assembly, stack: 'Test', aws, parameters: { ProjectName: 'shop' } })
  })
  afterAll(async () => {
    await cloud.close()
    await aws.close()
  })

  const uri = '123456789012.dkr.ecr.ap-northeast-1.amazonaws.com/shop/dev'
  const web = {
    repositoryName: 'shop/dev',
    imageTagMutability: 'IMMUTABLE_WITH_EXCLUSION',
    imageTagMutabilityExclusionFilters: [{ filterType: 'WILDCARD', filter: 'dev-*' }],
    imageScanningConfiguration: { scanOnPush: true },
    encryptionConfiguration: { encryptionType: 'KMS' },
  }
  const replication = { replicationConfiguration: { rules: [{ destinations: [{ region: 'eu-west-1' }] }] } }

  test('is there, with its outputs, and nothing of it is passed over', () => {
    expect([cloud.outputs, cloud.exports, cloud.remarks]).toEqual([{ Uri: uri }, { 'web-uri': uri }, []])
    const { settings, ...stored } = aws.ecr.repository('shop/dev') ?? {}
    expect(settings).toMatchObject(web)
    expect(stored).toMatchObject({
      tags: new Map([['owner', 'team-a']]),
      lifecyclePolicyText: LIFECYCLE,
      policyText: expect.stringContaining('210987654321:root'),
    })
    expect(
      [
        'GetRegistryScanningConfiguration',
        'GetRegistryPolicy',
        'DescribeRegistry',
        'DescribePullThroughCacheRules',
        'ListPullTimeUpdateExclusions',
      ].map((operation) => aws.call('ecr', operation, {})),
    ).toMatchObject([
      { scanningConfiguration: { scanType: 'ENHANCED', rules: [{ scanFrequency: 'SCAN_ON_PUSH' }] } },
      { policyText: expect.stringContaining('ecr:ReplicateImage') },
      replication,
      { pullThroughCacheRules: [{ ecrRepositoryPrefix: 'quay' }] },
      { pullTimeUpdateExclusions: ['arn:aws:iam::123456789012:role/scanner'] },
    ])
    expect(aws.ecr.bornBy('PULL_THROUGH_CACHE', 'quay/app').imageTagMutability).toBe('IMMUTABLE')
    expect(aws.ecr.repository('quay/app')).toMatchObject({
      tags: new Map([['owner', 'team-a']]),
      lifecyclePolicyText: LIFECYCLE,
    })
    aws.call('ecr', 'DeleteRepository', { repositoryName: 'quay/app' })
  })

  const hasCli = spawnSync('aws', ['--version'], { stdio: 'ignore' }).status === 0
  test.skipIf(!hasCli)(
    `is read back by the AWS CLI${hasCli ? '' : ' (skipped: no aws on PATH)'}`,
    async () => {
      const env = { ...process.env, AWS_ACCESS_KEY_ID: 'x', AWS_SECRET_ACCESS_KEY: 'x', AWS_ENDPOINT_URL: aws.url }
      const read = async (command: string) => {
        const args = ['ecr', command, '--region', aws.region, '--output', 'json']
        return JSON.parse((await promisify(execFile)('aws', args, { env })).stdout)
      }
      const answers = await Promise.all([read('describe-repositories'), read('describe-registry')])
      expect(answers).toMatchObject([{ repositories: [web] }, replication])
    },
    90_000,
  )
})

type Given = Partial<Omit<DeployOptions, 'aws'>> & { retained?: string; outputs?: object }

/** A local AWS to which templates are deployed, one after the other. */
async function started() {
  const aws = await startLocalAws()
  onTestFinished(() => aws.close())
  async function deploy(
    resources: Resources,
    { retained, outputs = {}, stack = 'Test', ...options }: Given = {},
  ): Promise<Cloud> {
    const marked = Object.entries(resources).map(([id, one]) => [
      id,
      { ...one, ...(id === retained && { DeletionPolicy: 'Retain' }) },
    ])
    const { folder, remove } = writeAssembly({
      ...{ resources: Object.fromEntries(marked), stack },
      code: { Scan: 'exports.handler = async () => null' },
      template: { Outputs: outputs },
    })
    const cloud = await deployLocally({ assembly: folder, stack, aws, ...options }).finally(remove)
    onTestFinished(() => cloud.close())
    return cloud
  }
  return { aws, deploy }
}

const repository = (properties: object = {}) => ({
  Web: { Type: 'AWS::ECR::Repository', Properties: { RepositoryName: 'web', ...properties } },
})

const template = (properties: object) => ({
  Template: {
    Type: 'AWS::ECR::RepositoryCreationTemplate',
    Properties: { Prefix: 'ROOT', AppliedFor: ['REPLICATION'], ...properties },
  },
})

describe('a second deployment', () => {
  test('changes in place what CloudFormation changes in place, and takes back what left', async () => {
    const { aws, deploy } = await started()
    await deploy({
      ...repository({
        LifecyclePolicy: { LifecyclePolicyText: LIFECYCLE },
        RepositoryPolicyText: JSON.stringify(PULL),
        Tags: [
          { Key: 'owner', Value: 'a' },
          { Key: 'old', Value: '1' },
        ],
      }),
      Scanning: {
        Type: 'AWS::ECR::RegistryScanningConfiguration',
        Properties: { ScanType: 'ENHANCED', Rules: [] },
      },
      ...template({ LifecyclePolicy: LIFECYCLE, Description: 'first' }),
    })
    await deploy({
      ...repository({
        ImageTagMutability: 'IMMUTABLE',
        ImageScanningConfiguration: { ScanOnPush: 'true' },
        Tags: [{ Key: 'owner', Value: 'b' }],
      }),
      ...template({ ImageTagMutability: 'IMMUTABLE' }),
    })
    expect(aws.call('ecr', 'DescribeRepositoryCreationTemplates', {})).toMatchObject({
      repositoryCreationTemplates: [{ imageTagMutability: 'IMMUTABLE', lifecyclePolicy: '', description: '' }],
    })
    const { settings, tags, policyText, lifecyclePolicyText } = aws.ecr.repository('web') ?? {}
    expect(settings).toMatchObject({
      imageTagMutability: 'IMMUTABLE',
      imageScanningConfiguration: { scanOnPush: true },
    })
    expect([[...(tags ?? [])], policyText, lifecyclePolicyText]).toEqual([[['owner', 'b']], undefined, undefined])
    expect(aws.call('ecr', 'GetRegistryScanningConfiguration', {})).toMatchObject({
      scanningConfiguration: { scanType: 'BASIC' },
    })
  })

  test('refuses what CloudFormation would replace, and changes nothing then', async () => {
    const { aws, deploy } = await started()
    await deploy({ A: { Type: 'AWS::ECR::Repository', Properties: { RepositoryName: 'first' } }, ...repository() })
    const changed = deploy({
      A: { Type: 'AWS::ECR::Repository', Properties: { RepositoryName: 'first', ImageTagMutability: 'IMMUTABLE' } },
      ...repository({ EncryptionConfiguration: { EncryptionType: 'KMS' } }),
    })
    await expect(changed).rejects.toThrow(/Web.Properties.EncryptionConfiguration: .* would replace web/)
    expect(aws.ecr.repository('first')?.settings.imageTagMutability).toBe('MUTABLE')
  })

  test('leaves what is to be retained, and what is not empty, and says so', async () => {
    const { aws, deploy } = await started()
    const other = (name: string, more: object = {}) => ({
      [name]: { Type: 'AWS::ECR::Repository', Properties: { RepositoryName: name.toLowerCase(), ...more } },
    })
    await deploy(
      { ...repository(), ...other('Kept'), ...other('Full'), ...other('Emptied', { EmptyOnDelete: true }) },
      { retained: 'Kept' },
    )
    for (const repositoryName of ['full', 'emptied'])
      aws.ecr.putImage({
        repositoryName,
        imageManifest: JSON.stringify({ schemaVersion: 2, mediaType: 'application/vnd.oci.image.manifest.v1+json' }),
      })
    const cloud = await deploy(other('New'))
    expect(aws.ecr.repositories().map(({ settings }) => settings.repositoryName)).toEqual(['full', 'kept', 'new'])
    expect(cloud.remarks).toEqual([
      expect.stringMatching(/Repository full is left: .*still contains images/),
      'AWS::ECR::Repository kept is left as it is: its deletion policy is to retain it.',
    ])
    expect(await cloud.destroy()).toEqual([])
    expect(aws.ecr.repository('new')).toBeUndefined()
  })

  test('of a stack with queues, tables and functions leaves them as they are', async () => {
    const { aws, deploy } = await started()
    const table = {
      Table: {
        Type: 'AWS::DynamoDB::Table',
        Properties: {
          TableName: 'state',
          BillingMode: 'PAY_PER_REQUEST',
          AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
          KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
        },
      },
      Bucket: { Type: 'AWS::S3::Bucket' },
    }
    const first = await deploy({ ...worker('Scan'), ...table }, { start: 'first-use' })
    await first.close()
    const cloud = await deploy(
      { ...worker('Scan', { queue: { VisibilityTimeout: 400 } }), ...table },
      { start: 'first-use' },
    )
    expect(cloud.put({ source: 'Scan' }).rules).toHaveLength(1)
    const queue = aws.sqs.list().find(({ name }) => name.startsWith('Test-ScanQueue')) as { url: string }
    const { Attributes } = aws.call('sqs', 'GetQueueAttributes', {
      QueueUrl: queue.url,
      AttributeNames: ['VisibilityTimeout'],
    }) as { Attributes: object }
    expect(Attributes).toEqual({ VisibilityTimeout: '400' })
  })
})

describe('what AWS would refuse is refused with its place, and leaves nothing', () => {
  const single = (id: string) => ({ [id]: { Type: 'AWS::ECR::RegistryPolicy', Properties: { PolicyText: REPLICATE } } })
  const refused: [string, Resources, RegExp][] = [
    [
      'a name',
      repository({ RepositoryName: 'Web' }),
      /Resources.Web.Properties: InvalidParameterException.*'repositoryName'/,
    ],
    ['a lifecycle policy', repository({ LifecyclePolicy: { LifecyclePolicyText: '{}' } }), /'lifecyclePolicyText'/],
    [
      'a policy that names a resource',
      repository({ RepositoryPolicyText: REPLICATE }),
      /Invalid repository policy provided/,
    ],
    [
      'a property that there is not',
      repository({ ImageTagImmutability: true }),
      /ImageTagImmutability: .* no such property/,
    ],
    [
      'a member that there is not',
      repository({ EncryptionConfiguration: { EncryptionType: 'KMS', Key: 'x' } }),
      /Unknown parameter in input: "encryptionConfiguration.key"/,
    ],
    ['two policies of one registry', { ...single('A'), ...single('B') }, /Resources.B.Properties: a registry has one/],
  ]

  test.each(refused)('%s', async (_, resources, message) => {
    const { aws, deploy } = await started()
    const first = {
      First: { Type: 'AWS::ECR::RegistryScanningConfiguration', Properties: { ScanType: 'ENHANCED', Rules: [] } },
    }
    await expect(deploy({ ...first, ...resources })).rejects.toThrow(message)
    expect(aws.ecr.repositories()).toEqual([])
    const read = (operation: string) => aws.call('ecr', operation, {})
    expect(read('GetRegistryScanningConfiguration')).toMatchObject({ scanningConfiguration: { scanType: 'BASIC' } })
    expect(() => read('GetRegistryPolicy')).toThrow('does not exist')
    expect(aws.stacks.size).toBe(0)
  })
})

test('stacks import what others export, and may not export it again', async () => {
  const { deploy } = await started()
  const outputs = { Name: { Value: { Ref: 'Web' }, Export: { Name: 'name' } } }
  await deploy(repository(), { outputs })
  const alias = (name: string): Resources => ({
    Alias: { Type: 'AWS::KMS::Alias', Properties: { AliasName: { 'Fn::ImportValue': name } } },
  })
  const out = (more: object = {}) => ({ stack: 'Other', outputs: { Out: { Value: { Ref: 'Alias' }, ...more } } })
  expect((await deploy(alias('name'), out())).outputs).toEqual({ Out: 'web' })
  await expect(deploy(alias('nobody'), out())).rejects.toThrow(/AliasName.*: no stack exports nobody/)
  await expect(deploy(alias('name'), out({ Export: { Name: 'name' } }))).rejects.toThrow(/exports name already/)
})

test.each([
  [{ EnvironmentName: 'test' }, /Parameters.EnvironmentName: "test" must be one of dev, prod/],
  [{ ProjectName: 'x' }, /Parameters.ProjectName: "x" must have at least 2 characters/],
  [{ Owner: 'x' }, /there is no parameter Owner/],
  [{}, /the parameter ProjectName has no default/],
])('the parameters %j are refused', async (parameters, message) => {
  const aws = await startLocalAws()
  onTestFinished(() => aws.close())
  await expect(deployLocally({ assembly, stack: 'Test', aws, parameters })).rejects.toThrow(message)
})

test('a registry elsewhere takes a stack of ECR alone', async () => {
  const { aws, deploy } = await started()
  const place = { account: '210987654321', region: 'eu-west-1' }
  const cloud = await deploy(repository(), { place, outputs: { Arn: { Value: { 'Fn::GetAtt': ['Web', 'Arn'] } } } })
  expect(cloud.outputs).toEqual({ Arn: 'arn:aws:ecr:eu-west-1:210987654321:repository/web' })
  expect([aws.ecr.repositories(), aws.at(place).ecr.repositories()]).toMatchObject([[], [{}]])
  await expect(deploy({ Queue: { Type: 'AWS::SQS::Queue' } }, { place })).rejects.toThrow(/Queue: .* ECR alone/)
})

test('a resource of a type that is not known is told of', async () => {
  const { deploy } = await started()
  const cloud = await deploy({ ...repository(), Filter: { Type: 'AWS::InspectorV2::Filter' } })
  expect(cloud.remarks).toEqual([
    'AWS::InspectorV2::Filter Filter is passed over: the local run does not know the type.',
  ])
})
