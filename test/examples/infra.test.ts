import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { App, Validations } from 'aws-cdk-lib'
import featureFlags from 'aws-cdk-lib/recommended-feature-flags.json' with { type: 'json' }
import { AwsSolutionsChecks } from 'cdk-nag'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { examplesApp } from '../../examples/infra/app.ts'
import { parsePolicy } from '../../functions/domain/lifecycle/parse-policy.ts'
import { policyText } from '../../functions/domain/lifecycle/policy-text.ts'
import { PRESETS } from '../../functions/domain/new-repository/new-repository.ts'
import { type LocalAws, startLocalAws } from '../../local/aws/server.ts'
import { type Cloud, deployLocally } from '../../local/runtime/cloud.ts'
import { cfnLint, hasCfnLint } from '../infra/cfn-lint.ts'
import { hasCli, startCli, withCli } from '../local/aws/aws-cli.ts'

type Json = Readonly<Record<string, unknown>>
type Template = {
  readonly Parameters: Record<string, Json>
  readonly Resources: Record<
    string,
    { readonly Type: string; readonly Properties: Json; readonly DeletionPolicy?: string }
  >
  readonly Outputs: Record<string, { readonly Value: unknown; readonly Export?: { readonly Name: unknown } }>
}

const outdir = mkdtempSync(join(tmpdir(), 'steward-examples-'))
afterAll(() => rmSync(outdir, { recursive: true }))

// The synthesis fails where cdk-nag finds something that nobody has answered for.
const app = new App({ outdir, analyticsReporting: false, context: featureFlags })
Validations.of(app).addPlugins(new AwsSolutionsChecks(app))
const stacks = examplesApp(app).synth().stacks
const files = stacks.map(({ templateFullPath }) => templateFullPath)
const templateOf = (name: string): Template => JSON.parse(readFileSync(join(outdir, `${name}.template.json`), 'utf8'))
const { Parameters, Resources, Outputs } = templateOf('Repository')

const only = (type: string, from = Resources) => {
  const found = Object.values(from).filter((one) => one.Type === type)
  expect(found).toHaveLength(1)
  return found[0] as Template['Resources'][string]
}

const PROJECT = { Ref: 'ProjectName' }
const ENVIRONMENT = { Ref: 'EnvironmentName' }

/** The template of the guide, resource by resource; where ours is another one, a test says why. */
describe('the repository stack, beside the template of the guide', () => {
  it('has its parameters', () => {
    expect(Parameters.EnvironmentName).toMatchObject({
      ...{ Type: 'String', Default: 'prod', AllowedValues: ['dev', 'stg', 'prod'] },
    })
    expect(Parameters.ProjectName).toMatchObject({ Type: 'String', Default: 'my-app' })
  })

  it('has its repository: named, scanned, immutable and encrypted as there', () => {
    const { Properties } = only('AWS::ECR::Repository')
    expect(Properties).toMatchObject({
      RepositoryName: PROJECT,
      ImageScanningConfiguration: { ScanOnPush: true },
      ImageTagMutability: 'IMMUTABLE',
      EncryptionConfiguration: { EncryptionType: 'AES256' },
    })
  })

  it('has its tags, and an owner, since without one nobody is told', () => {
    expect(only('AWS::ECR::Repository').Properties.Tags).toEqual([
      { Key: 'Environment', Value: ENVIRONMENT },
      { Key: 'Owner', Value: PROJECT },
      { Key: 'Project', Value: PROJECT },
    ])
  })

  it('has its two lifecycle rules, releases first: no other rule can take one', () => {
    const { LifecyclePolicy } = only('AWS::ECR::Repository').Properties as {
      LifecyclePolicy: { LifecyclePolicyText: string }
    }
    expect(parsePolicy(LifecyclePolicy.LifecyclePolicyText).rules).toMatchObject([
      { tagStatus: 'tagged', prefixes: ['v'], count: { type: 'imageCountMoreThan', images: 50 }, action: 'expire' },
      { tagStatus: 'untagged', count: { type: 'sinceImagePushed', days: 7 }, action: 'expire' },
    ])
  })

  it('lets the account pull, as there', () => {
    const { RepositoryPolicyText } = only('AWS::ECR::Repository').Properties as {
      RepositoryPolicyText: { Statement: readonly Json[] }
    }
    expect(RepositoryPolicyText.Statement).toMatchObject([
      {
        Effect: 'Allow',
        Principal: {
          AWS: { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':iam::', { Ref: 'AWS::AccountId' }, ':root']] },
        },
        Action: ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
      },
    ])
  })

  it('stays when the stack goes, which the one there does not', () => {
    expect(only('AWS::ECR::Repository')).toMatchObject({
      ...{ DeletionPolicy: 'RetainExceptOnCreate', UpdateReplacePolicy: 'Retain' },
    })
  })

  it('has its rule on scans of the repository, to a topic: of both kinds of scanning, of those that matter, and of those that failed', () => {
    const { EventPattern, Targets } = only('AWS::Events::Rule').Properties as {
      EventPattern: {
        source: string[]
        'detail-type': string[]
        detail: { 'repository-name': unknown[]; $or: unknown[] }
      }
      Targets: readonly { InputTransformer: { InputPathsMap: Json } }[]
    }
    const [repositoryId] = Object.entries(Resources).find(([, { Type }]) => Type === 'AWS::ECR::Repository') ?? []
    expect(EventPattern.source).toEqual(['aws.ecr', 'aws.inspector2'])
    expect(EventPattern['detail-type']).toEqual(['ECR Image Scan', 'Inspector2 Scan'])
    expect(EventPattern.detail['repository-name']).toContainEqual({ Ref: repositoryId })
    expect(EventPattern.detail.$or).toHaveLength(3)
    expect(Targets).toHaveLength(1)
    only('AWS::SNS::Topic')
  })

  it('exports the URI as there, and the ARN too', () => {
    const exported = Object.values(Outputs).flatMap(({ Export }) => (Export ? [JSON.stringify(Export.Name)] : []))
    expect(exported.toSorted()).toEqual(
      ['-ECRRepositoryArn', '-ECRRepositoryUri'].map((end) => JSON.stringify({ 'Fn::Join': ['', [PROJECT, end]] })),
    )
  })
})

describe('the registries of an organisation', () => {
  const [fallback, production, build] = ['FallbackRegistry', 'ProductionRegistry', 'BuildRegistry'].map(templateOf)

  it('are replicated into from the one that builds, of another account where that allows it', () => {
    const { ReplicationConfiguration } = only('AWS::ECR::ReplicationConfiguration', build?.Resources).Properties
    expect(ReplicationConfiguration).toEqual({
      Rules: [
        {
          Destinations: [
            { Region: 'eu-central-1', RegistryId: '111122223333' },
            { Region: 'eu-west-1', RegistryId: '444455556666' },
          ],
          RepositoryFilters: [{ Filter: 'prod/', FilterType: 'PREFIX_MATCH' }],
        },
      ],
    })
    const allowed = JSON.stringify(only('AWS::ECR::RegistryPolicy', production?.Resources).Properties)
    expect(allowed).toContain('ecr:ReplicateImage')
    expect(allowed).toContain('111122223333')
    expect(JSON.stringify(only('AWS::ECR::RegistryPolicy', fallback?.Resources).Properties)).not.toContain('Replicate')
  })

  it('make their repositories as the rules want them', () => {
    for (const template of [fallback, production, build])
      expect(
        Object.values(template?.Resources ?? {}).filter(({ Type }) => Type === 'AWS::ECR::RepositoryCreationTemplate')
          .length,
      ).toBeGreaterThan(0)
  })
})

it.skipIf(!hasCfnLint)(
  'the templates pass cfn-lint (skipped where there is none on PATH)',
  { timeout: 180_000 },
  () => {
    expect(cfnLint(...files)).toBe('')
  },
)

describe('the repository stack, deployed with its parameters', () => {
  let aws: LocalAws
  let cloud: Cloud
  beforeAll(async () => {
    aws = await startLocalAws()
    const parameters = { EnvironmentName: 'stg', ProjectName: 'shop' }
    cloud = await deployLocally({ assembly: outdir, stack: 'Repository', aws, parameters })
  })
  afterAll(async () => {
    await cloud.close()
    await aws.close()
  })

  it('is a repository with tags and outputs by the parameters', () => {
    expect(Object.fromEntries(aws.ecr.repository('shop')?.tags ?? [])).toEqual({
      ...{ Environment: 'stg', Owner: 'shop', Project: 'shop' },
    })
    expect(Object.values(cloud.outputs)).toContain(`${aws.account}.dkr.ecr.${aws.region}.amazonaws.com/shop`)
  })

  it.skipIf(!hasCli)(withCli('is read back by the AWS CLI as it was written'), async () => {
    const env = { PATH: process.env.PATH, AWS_ACCESS_KEY_ID: 'AKIDTEST', AWS_SECRET_ACCESS_KEY: 'none' }
    const cli = startCli({ ...env, AWS_ENDPOINT_URL: aws.url, AWS_DEFAULT_REGION: aws.region })
    const read = async (operation: string, ...words: readonly string[]) =>
      JSON.parse((await cli.run('ecr', operation, '--output', 'json', ...words)).stdout)
    const { repositories } = await read('describe-repositories', '--repository-names', 'shop')
    expect(repositories).toMatchObject([
      {
        ...{ repositoryName: 'shop', imageTagMutability: 'IMMUTABLE' },
        ...{ imageScanningConfiguration: { scanOnPush: true }, encryptionConfiguration: { encryptionType: 'AES256' } },
      },
    ])
    const lifecycle = await read('get-lifecycle-policy', '--repository-name', 'shop')
    expect(lifecycle.lifecyclePolicyText).toBe(policyText(PRESETS.releases.rules))
    const policy = await read('get-repository-policy', '--repository-name', 'shop')
    expect(JSON.parse(policy.policyText).Statement).toMatchObject([
      { Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${aws.account}:root` } },
    ])
    cli.close()
  })
})
