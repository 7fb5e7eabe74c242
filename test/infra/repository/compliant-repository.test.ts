import { App, CfnParameter, Fn, RemovalPolicy, Stack, Token } from 'aws-cdk-lib'
import { Annotations, Match } from 'aws-cdk-lib/assertions'
import { Repository } from 'aws-cdk-lib/aws-ecr'
import { ContainerImage, FargateTaskDefinition } from 'aws-cdk-lib/aws-ecs'
import { AccountPrincipal } from 'aws-cdk-lib/aws-iam'
import { Key } from 'aws-cdk-lib/aws-kms'
import { describe, expect, it } from 'vitest'
import { policyText } from '../../../functions/domain/lifecycle/policy-text.ts'
import { PRESETS } from '../../../functions/domain/new-repository/new-repository.ts'
import { DeploymentGate } from '../../../infra/deployment-gate.ts'
import { CompliantRepository, type CompliantRepositoryProps } from '../../../infra/repository/compliant-repository.ts'
import { cfnLint, hasCfnLint } from '../cfn-lint.ts'
import { stackOf } from '../stack-of.ts'
import { type Resource, statementsOf } from '../synth.ts'

const env = { account: '123456789012', region: 'eu-west-1' }
const web: CompliantRepositoryProps = { repositoryName: 'team-a/web', owner: 'team-a' }
const ROLE = 'arn:aws:iam::987654321098:role/run'
const PULL = ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer']
const PUSH = ['ecr:CompleteLayerUpload', 'ecr:InitiateLayerUpload', 'ecr:PutImage', 'ecr:UploadLayerPart']

const text = policyText(PRESETS.untagged.rules)
const [untagged] = JSON.parse(text).rules
const archive = {
  rules: [
    {
      rulePriority: 1,
      selection: {
        ...{ tagStatus: 'tagged', tagPatternList: ['v*.*'], storageClass: 'standard' },
        ...{ countType: 'sinceImagePulled', countUnit: 'days', countNumber: 90 },
      },
      action: { type: 'transition', targetStorageClass: 'archive' },
    },
    {
      rulePriority: 2,
      selection: {
        ...{ tagStatus: 'tagged', tagPatternList: ['v*.*'], storageClass: 'archive' },
        ...{ countType: 'sinceImageTransitioned', countUnit: 'days', countNumber: 365 },
      },
      action: { type: 'expire' },
    },
  ],
}

/** Every prop and every grant, in one stack: synthesis takes longer than all that is looked at. */
const made = stackOf(
  (stack) => {
    new CompliantRepository(stack, 'Web', web)
    const named = new CompliantRepository(stack, 'Named', {
      ...{
        ...web,
        repositoryName: 'team--a/b__c',
        environment: 'prod',
        project: 'shop',
        tags: { 'cost-centre': '42' },
      },
      ...{ tagMutability: 'MUTABLE', tagExclusions: ['v*', 'release-*'], scanOnPush: false, lifecycle: archive },
      ...{ encryption: 'KMS_DSSE', encryptionKey: 'new', removalPolicy: RemovalPolicy.DESTROY, exportAs: 'my-app' },
    })
    named
      .grantPullFromAccount('987654321098')
      .grantPullFromRole(ROLE)
      .grantPullFromOrganization('o-a1b2c3d4e5')
      .grantPushFromCi('arn:aws:iam::111222333444:role/ci/push')
    named.grantPull(new AccountPrincipal('555566667777'))
    named.grantPullFromAccount('111122223333').grantPullFromAccount('987654321098')
    named.grantPullFromOrganization('o-z9y8x7w6v5')
    const key = Key.fromKeyArn(
      stack,
      'Given',
      'arn:aws:kms:eu-west-1:123456789012:key/1a2b3c4d-0000-0000-0000-000000000000',
    )
    new CompliantRepository(stack, 'Keyed', {
      ...web,
      repositoryName: 'team-a/keyed',
      alerts: {},
      encryptionKey: key,
      lifecycle: 'none',
    })
    const project = new CfnParameter(stack, 'ProjectName', { type: 'String', default: 'my-app' })
    const days = new CfnParameter(stack, 'Days', { type: 'Number', default: 30 })
    const later = new CompliantRepository(stack, 'Later', {
      ...{ repositoryName: Fn.sub(`\${${project.logicalId}}/web`), owner: project.valueAsString },
      lifecycle: { rules: [{ ...untagged, selection: { ...untagged.selection, countNumber: days.valueAsNumber } }] },
      ...{ exportAs: project.valueAsString, encryption: 'AES256', tagExclusions: [Fn.importValue('channel')] },
    })
    later.grantPullFromAccount(Fn.importValue('prod')).grantPullFromRole(Token.asString(Fn.importValue('role')))
    const task = new FargateTaskDefinition(stack, 'Task')
    const gate = new DeploymentGate(stack, 'Gate', { repository: later, tag: '1.4.2' })
    task.addContainer('Api', { image: ContainerImage.fromEcrRepository(later, gate.digest), environment: {} })
  },
  ['AwsSolutions-ECS7', 'AwsSolutions-IAM5[Resource::*]'],
)

const at = (id: string): Resource => {
  const found = Object.values(made.resources).find(({ Metadata }) => Metadata['aws:cdk:path'] === `User/${id}/Resource`)
  if (!found) throw new Error(`nothing at ${id}`)
  return found
}
const ref = (id: string) => Object.keys(made.resources).find((key) => key.startsWith(id))

it.skipIf(!hasCfnLint)('passes cfn-lint (skipped where there is none on PATH)', { timeout: 180_000 }, () => {
  expect(cfnLint(made.file)).toBe('')
})

describe('a repository with a name and an owner alone', () => {
  it('is, whole, what the rules ask for', () => {
    const { Metadata, ...resource } = at('Web')
    expect(resource).toEqual({
      Type: 'AWS::ECR::Repository',
      Properties: {
        RepositoryName: 'team-a/web',
        EncryptionConfiguration: { EncryptionType: 'KMS' },
        ImageScanningConfiguration: { ScanOnPush: true },
        ImageTagMutability: 'IMMUTABLE',
        LifecyclePolicy: { LifecyclePolicyText: text },
        Tags: [{ Key: 'Owner', Value: 'team-a' }],
      },
      DeletionPolicy: 'RetainExceptOnCreate',
      UpdateReplacePolicy: 'Retain',
    })
  })

  it('tells its URI and its ARN, and exports neither', () => {
    const outputs = Object.entries(made.outputs).filter(([id]) => id.startsWith('WebRepository'))
    expect(outputs.map(([, { Value }]) => Value)).toEqual([
      { 'Fn::GetAtt': [ref('Web'), 'RepositoryUri'] },
      { 'Fn::GetAtt': [ref('Web'), 'Arn'] },
    ])
    expect(JSON.stringify(outputs)).not.toContain('Export')
  })

  it('keeps the ids of its resources and outputs through upgrades', () => {
    const ids = [...Object.keys(made.resources), ...Object.keys(made.outputs)]
    expect(ids.filter((id) => /^(?:Web|Named|Keyed)/.test(id))).toMatchInlineSnapshot(`
      [
        "Web3C8945DB",
        "NamedD2F31604",
        "NamedKey8D9A2E72",
        "Keyed8E80E2FB",
        "KeyedAlertsKey0AB3360E",
        "KeyedAlertsTopic6EFC5945",
        "KeyedAlertsTopicPolicy59020DAA",
        "KeyedAlertsUndelivered20A55386",
        "KeyedAlertsUndeliveredPolicyB4C999A7",
        "KeyedAlertsRule4A74CFF1",
        "WebRepositoryUri0B3D760D",
        "WebRepositoryArn6683BAD5",
        "NamedRepositoryUri97F60789",
        "NamedRepositoryArn1018CBA3",
        "KeyedRepositoryUri117EC7FE",
        "KeyedRepositoryArnF1982A43",
      ]
    `)
  })
})

describe('each property', () => {
  const named = at('Named')

  it('is on the resource', () => {
    expect(named).toMatchObject({
      DeletionPolicy: 'Delete',
      Properties: {
        RepositoryName: 'team--a/b__c',
        ImageTagMutability: 'MUTABLE_WITH_EXCLUSION',
        ImageTagMutabilityExclusionFilters: ['v*', 'release-*'].map((filter) => ({
          ImageTagMutabilityExclusionFilterType: 'WILDCARD',
          ImageTagMutabilityExclusionFilterValue: filter,
        })),
        ImageScanningConfiguration: { ScanOnPush: false },
        EncryptionConfiguration: { EncryptionType: 'KMS_DSSE', KmsKey: { 'Fn::GetAtt': [ref('NamedKey'), 'Arn'] } },
        Tags: [
          { Key: 'cost-centre', Value: '42' },
          { Key: 'Environment', Value: 'prod' },
          { Key: 'Owner', Value: 'team-a' },
          { Key: 'Project', Value: 'shop' },
        ],
      },
    })
  })

  it('lets a policy have patterns, pulls and the archive, which CDK has no words for', () => {
    const { LifecyclePolicyText } = named.Properties.LifecyclePolicy as { LifecyclePolicyText: string }
    expect(JSON.parse(LifecyclePolicyText)).toEqual(archive)
  })

  it('makes a key that rotates, and goes when the repository does', () => {
    const key = at('Named/Key')
    expect(key).toMatchObject({ DeletionPolicy: 'Delete', Properties: { EnableKeyRotation: true } })
    expect(statementsOf({ ...key, Properties: { PolicyDocument: key.Properties.KeyPolicy } })).toHaveLength(1)
  })

  it('takes a key that is there, and no policy', () => {
    const { Properties } = at('Keyed')
    expect(Properties.EncryptionConfiguration).toEqual({
      EncryptionType: 'KMS',
      KmsKey: 'arn:aws:kms:eu-west-1:123456789012:key/1a2b3c4d-0000-0000-0000-000000000000',
    })
    expect(Properties).not.toHaveProperty('LifecyclePolicy')
  })

  it('exports under the names of the guide', () => {
    const exports = Object.values(made.outputs).flatMap((output) => (output as { Export?: unknown }).Export ?? [])
    expect(exports).toEqual([
      { Name: 'my-app-ECRRepositoryUri' },
      { Name: 'my-app-ECRRepositoryArn' },
      { Name: { 'Fn::Join': ['', [{ Ref: 'ProjectName' }, '-ECRRepositoryUri']] } },
      { Name: { 'Fn::Join': ['', [{ Ref: 'ProjectName' }, '-ECRRepositoryArn']] } },
    ])
  })

  it('may be known at deployment alone', () => {
    expect(at('Later').Properties).toMatchObject({
      RepositoryName: { 'Fn::Sub': `\${ProjectName}/web` },
      EncryptionConfiguration: { EncryptionType: 'AES256' },
      ImageTagMutability: 'IMMUTABLE_WITH_EXCLUSION',
      LifecyclePolicy: {
        LifecyclePolicyText: {
          'Fn::Join': ['', [expect.stringMatching(/"countNumber":$/), { Ref: 'Days' }, expect.anything()]],
        },
      },
      Tags: [{ Key: 'Owner', Value: { Ref: 'ProjectName' } }],
    })
  })
})

describe('whom it lets in', () => {
  const statements = (id: string) => (at(id).Properties.RepositoryPolicyText as { Statement: unknown }).Statement

  it('has a statement for each kind, beside those of CDK, whenever it was granted', () => {
    const root = (account: string) => ({
      'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:iam::${account}:root`]],
    })
    const cdk = expect.objectContaining({ Principal: { AWS: expect.anything() } })
    expect(statements('Named')).toEqual([
      {
        ...{ Sid: 'PullFromAccounts', Effect: 'Allow', Action: PULL },
        Principal: { AWS: [root('111122223333'), root('987654321098')] },
      },
      { Sid: 'PullFromRoles', Effect: 'Allow', Action: PULL, Principal: { AWS: ROLE } },
      {
        ...{ Sid: 'PullFromOrganizations', Effect: 'Allow', Action: PULL, Principal: '*' },
        Condition: { StringEquals: { 'aws:PrincipalOrgID': ['o-a1b2c3d4e5', 'o-z9y8x7w6v5'] } },
      },
      {
        ...{ Sid: 'PushFromCi', Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::111222333444:role/ci/push' } },
        Action: [...PULL, ...PUSH].toSorted(),
      },
      cdk,
    ])
  })

  it('takes what is known at deployment alone', () => {
    expect(statements('Later')).toMatchObject([
      {
        Principal: {
          AWS: {
            'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':iam::', { 'Fn::ImportValue': 'prod' }, ':root']],
          },
        },
      },
      { Principal: { AWS: { 'Fn::ImportValue': 'role' } } },
    ])
  })
})

it('is taken for a repository by whatever takes one', () => {
  expect(made.one('Custom::EcrStewardGate').Properties.Repository).toEqual({ Ref: ref('Later') })
  expect(JSON.stringify(made.one('AWS::ECS::TaskDefinition').Properties)).toContain('DigestHex')
})

describe('what is refused at synthesis', () => {
  const user = () => new Stack(new App(), 'User', { env })
  const made = (props: object) => () => new CompliantRepository(user(), 'Web', { ...web, ...props })
  const rule = (rulePriority: number, selection: object) => ({ rulePriority, selection, action: { type: 'expire' } })
  const aged = { tagStatus: 'any', countType: 'sinceImagePushed', countUnit: 'days', countNumber: 30 }
  const releases = { tagStatus: 'tagged', tagPrefixList: ['v', 'release-'], countType: 'imageCountMoreThan' }

  it.each<[string, object, RegExp]>([
    ['a wrong name', { repositoryName: 'Team/Web' }, /repositoryName: "Team\/Web" is no name of a repository/],
    ['a short name', { repositoryName: 'a' }, /repositoryName: "a" has 1 characters\. Write 2 to 256 of them/],
    ['no owner', { owner: undefined }, /owner: it is empty/],
    ['a blank owner', { owner: ' ' }, /owner: it is empty, and nobody would answer for the images\. Write a team/],
    ['a wrong owner', { owner: 'a<b' }, /owner: "a<b" is no value of a tag\. Write at most 256/],
    ['a wrong environment', { environment: '{}' }, /environment: "\{\}" is no value/],
    ['a tag twice', { tags: { Owner: 'b' } }, /tags\.Owner: owner says it, too\. Write the one or the other/],
    [
      '51 tags',
      { tags: Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`key-${index}`, 'x'])) },
      /tags: there are 51\. Write at most 50/,
    ],
    [
      'six exclusions',
      { tagExclusions: ['a', 'b', 'c', 'd', 'e', 'f'] },
      /tagExclusions: there are 6\. Write at most 5/,
    ],
    ['a key with AES256', { encryption: 'AES256', encryptionKey: 'new' }, /encryptionKey: encryption is AES256/],
    [
      'a key elsewhere',
      { encryptionKey: Key.fromKeyArn(user(), 'K', 'arn:aws:kms:us-east-1:123456789012:key/1a') },
      /encryptionKey: it is in us-east-1, and the repository in eu-west-1/,
    ],
    [
      'no preset',
      { lifecycle: 'relases' },
      /lifecycle: "relases" is none\. Write one of untagged, releases, .*, none\./,
    ],
    [
      'a policy that ECR refuses',
      { lifecycle: { rules: [rule(1, releases)] } },
      /lifecycle: rule 1, selection\.countNumber/,
    ],
    ['a long policy', { lifecycle: { text: ' '.repeat(30_721) } }, /lifecycle: the text has 30,721 characters/],
    [
      'an error of the linter',
      { lifecycle: { rules: [rule(4, { ...releases, countNumber: 100 }), rule(5, aged)] } },
      /lifecycle: rule 4, .*needs-all-tags/,
    ],
    ['a name of an export', { exportAs: 'my app' }, /exportAs: "my app" is no beginning of the name of an export/],
    ['a long export', { exportAs: 'a'.repeat(239) }, /exportAs: .*Write 1 to 238 letters/],
  ])('%s', (_, props, message) => {
    expect(made(props)).toThrow(message)
    expect(made(props)).toThrow(/^User\/Web: /)
  })

  it.each<[string, (repository: CompliantRepository) => unknown, RegExp]>([
    ['an account', (one) => one.grantPullFromAccount('1234'), /grantPullFromAccount: "1234" is none\. Write twelve/],
    ['a role', (one) => one.grantPullFromRole('run'), /grantPullFromRole: "run" is none\. Write arn:aws:iam/],
    ['CI', (one) => one.grantPushFromCi('ci'), /grantPushFromCi: "ci" is none/],
    ['an organisation', (one) => one.grantPullFromOrganization('acme'), /grantPullFromOrganization: "acme" is none/],
    ['a rule more', (one) => one.addLifecycleRule(), /addLifecycleRule: .*Write all rules as lifecycle/],
  ])('%s', (_, act, message) => {
    const repository = made({})()
    expect(repository).toBeInstanceOf(Repository)
    expect(() => act(repository)).toThrow(message)
  })

  it('but not what may be meant: that is a warning', () => {
    const stack = user()
    new CompliantRepository(stack, 'Web', { ...web, lifecycle: { rules: [rule(1, aged)] } })
    Annotations.fromStack(stack).hasWarning(
      '/User/Web',
      Match.stringLikeRegexp('lifecycle: rule 1, .*ecr-steward:lifecycle'),
    )
  })
})
