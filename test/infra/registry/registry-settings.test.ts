import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { App, type Environment, Stack } from 'aws-cdk-lib'
import { CfnRegistryScanningConfiguration } from 'aws-cdk-lib/aws-ecr'
import { describe, expect, it } from 'vitest'
import { RegistrySettings, type RegistrySettingsProps } from '../../../infra/registry/registry-settings.ts'
import { cfnLint, hasCfnLint } from '../cfn-lint.ts'
import { stackOf } from '../stack-of.ts'

const ROOT = join(import.meta.dirname, '../../..')
const HERE = { account: '123456789012', region: 'eu-west-1' }
const OTHER = '987654321098'
const LEAST: RegistrySettingsProps = { scanning: { type: 'BASIC' }, creationTemplates: 'none' }

const user = stackOf((stack) => void new RegistrySettings(stack, 'Registry', LEAST))

describe('the least', () => {
  it('is the scanning of every repository', () => {
    expect(Object.values(user.resources)).toEqual([
      {
        Type: 'AWS::ECR::RegistryScanningConfiguration',
        Properties: {
          ScanType: 'BASIC',
          Rules: [{ ScanFrequency: 'SCAN_ON_PUSH', RepositoryFilters: [{ Filter: '*', FilterType: 'WILDCARD' }] }],
        },
        Metadata: { 'aws:cdk:path': 'User/Registry/Scanning' },
      },
    ])
  })

  it('keeps its logical ids: another one is a second resource where there can be one alone', () => {
    expect(Object.keys(user.resources)).toMatchInlineSnapshot(`
      [
        "RegistryScanning6CEAD07B",
      ]
    `)
  })
})

describe('all of it', () => {
  const all = stackOf(
    (stack) =>
      void new RegistrySettings(stack, 'Registry', {
        creationTemplates: 'none',
        scanning: { type: 'ENHANCED', scanOnPush: ['*'], continuousScan: ['prod/*'] },
        replication: [
          { destinations: [{ region: 'eu-central-1' }, { region: 'eu-west-1', account: OTHER }], prefixes: ['prod/'] },
        ],
        replicationFrom: [{ account: '111122223333', prefixes: ['shared/'] }],
        access: [
          { may: 'pull', organisation: 'o-a1b2c3d4e5' },
          { may: 'cache', role: `arn:aws:iam::${HERE.account}:role/build`, prefixes: ['docker-hub'] },
        ],
      }),
  )
  const arnOf = (name: string) => ({
    'Fn::Join': [
      '',
      [
        ...['arn:', { Ref: 'AWS::Partition' }, ':ecr:', { Ref: 'AWS::Region' }, ':', { Ref: 'AWS::AccountId' }],
        `:repository/${name}`,
      ],
    ],
  })
  const filters = (...names: readonly string[]) => names.map((Filter) => ({ Filter, FilterType: 'WILDCARD' }))

  it('is one resource each for scanning, replication and the policy', () => {
    expect(Object.values(all.resources).map(({ Type, Properties }) => [Type, Properties])).toEqual([
      [
        'AWS::ECR::RegistryScanningConfiguration',
        {
          ScanType: 'ENHANCED',
          Rules: [
            { ScanFrequency: 'SCAN_ON_PUSH', RepositoryFilters: filters('*') },
            { ScanFrequency: 'CONTINUOUS_SCAN', RepositoryFilters: filters('prod/*') },
          ],
        },
      ],
      [
        'AWS::ECR::ReplicationConfiguration',
        {
          ReplicationConfiguration: {
            Rules: [
              {
                Destinations: [
                  { Region: 'eu-central-1', RegistryId: { Ref: 'AWS::AccountId' } },
                  { Region: 'eu-west-1', RegistryId: OTHER },
                ],
                RepositoryFilters: [{ Filter: 'prod/', FilterType: 'PREFIX_MATCH' }],
              },
            ],
          },
        },
      ],
      [
        'AWS::ECR::RegistryPolicy',
        {
          PolicyText: {
            Version: '2012-10-17',
            Statement: [
              {
                ...{ Sid: 'PullFromOrganizations', Effect: 'Allow', Principal: '*' },
                Action: ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
                Resource: [arnOf('*')],
                Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } },
              },
              {
                ...{ Sid: 'ReplicateFromAccounts', Effect: 'Allow' },
                Principal: {
                  AWS: { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':iam::111122223333:root']] },
                },
                Action: ['ecr:CreateRepository', 'ecr:ReplicateImage'],
                Resource: [arnOf('shared/*')],
              },
              {
                ...{ Sid: 'CacheFromRoles', Effect: 'Allow' },
                Principal: { AWS: `arn:aws:iam::${HERE.account}:role/build` },
                Action: ['ecr:BatchImportUpstreamImage', 'ecr:CreateRepository'],
                Resource: [arnOf('docker-hub/*')],
              },
            ],
          },
        },
      ],
    ])
  })

  it('keeps its logical ids', () => {
    expect(Object.keys(all.resources)).toMatchInlineSnapshot(`
      [
        "RegistryScanning6CEAD07B",
        "RegistryReplicationD9FDE45D",
        "RegistryPolicyA22C660A",
      ]
    `)
  })

  it.skipIf(!hasCfnLint)('passes cfn-lint (skipped where there is none on PATH)', { timeout: 180_000 }, () => {
    expect(cfnLint(all.file)).toBe('')
  })
})

describe('a second one', () => {
  const settingsIn = (app: App, stackId: string, env?: Environment): RegistrySettings =>
    new RegistrySettings(new Stack(app, stackId, env && { env }), 'Registry', LEAST)

  it('is refused in one stack', () => {
    const stack = new Stack(new App(), 'User')
    new RegistrySettings(stack, 'Registry', LEAST)
    expect(() => new RegistrySettings(stack, 'Again', LEAST)).toThrow(
      'User/Again: scope: User/Registry sets up this registry already, and an account has one in a region. Write all of it there.',
    )
  })

  it('is refused in another stack for certain of the same account and region', () => {
    const app = new App()
    settingsIn(app, 'One', HERE)
    expect(() => settingsIn(app, 'Two', HERE)).toThrow(/^Two\/Registry: scope: One\/Registry sets up/)
    expect(() => settingsIn(app, 'Elsewhere', { ...HERE, region: 'us-east-1' })).not.toThrow()
  })

  it('may be in a stack of which nobody knows where it goes', () => {
    const app = new App()
    settingsIn(app, 'One')
    expect(() => settingsIn(app, 'Two')).not.toThrow()
  })
})

it('sets the scope of the policy before the policy', () => {
  const stack = new Stack(new App(), 'User')
  const settings = new RegistrySettings(stack, 'Registry', {
    ...LEAST,
    access: [{ may: 'pull', account: OTHER }],
    accountSettings: { registryPolicyScope: 'V2' },
  })
  const policy = settings.node.findChild('Policy')
  expect(policy.node.dependencies).toContain(settings.node.findChild('AccountSettings'))
})

it('is told of what is set beside it, also if that is made later', () => {
  const app = new App()
  const stack = new Stack(app, 'User', { env: HERE })
  new RegistrySettings(stack, 'Registry', LEAST)
  new CfnRegistryScanningConfiguration(stack, 'Own', { scanType: 'BASIC', rules: [] })
  expect(() => app.synth()).toThrow(
    'User/Registry: scanning: User/Own is a second AWS::ECR::RegistryScanningConfiguration, and an account has one in a region. Write all of it here.',
  )
})

describe('docs/registry-settings.md', () => {
  const rows = readFileSync(join(ROOT, 'docs/registry-settings.md'), 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('| `'))

  /** `readonly` names in types of a file. */
  const propsOf = (file: string, types: RegExp): readonly string[] =>
    [...readFileSync(join(ROOT, 'infra/registry', file), 'utf8').matchAll(types)].flatMap(([, body]) =>
      [...String(body).matchAll(/\breadonly (\w+)\??:/g)].map(([, name]) => String(name)),
    )

  it.each([
    ['registry-settings.ts', /export type RegistrySettingsProps = ([\s\S]*?\n\})/g],
    ['account-settings.ts', /export type AccountSettingsProps = ([\s\S]*?\n\})/g],
    ['scanning.ts', /export type Scanning =([\s\S]*?\n\n)/g],
    ['upstreams.ts', /export type PullThroughCache = ([\s\S]*?\n\)\n)/g],
    ['creation-templates.ts', /export type BornRepositories =([\s\S]*?\n\n)/g],
    ['wanted-template.ts', /export type CreationTemplate = ([\s\S]*?\n\})/g],
    ['replication.ts', /export type Replication(?:Destination|Rule) = ([\s\S]*?\n\})/g],
    [
      '../../functions/domain/new-repository/registry-access.ts',
      /type (?:Account|Role|Organisation|RegistryAccess) =([\s\S]*?\n\n)/g,
    ],
  ])('has a row for each prop of %s', (file, types) => {
    const props = propsOf(file, types)
    expect(props).not.toEqual([])
    expect(props.filter((prop) => !rows.some((row) => row.includes(`\`${prop}\``)))).toEqual([])
  })
})
