import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { App, CfnParameter, Stack } from 'aws-cdk-lib'
import { describe, expect, it } from 'vitest'
import { ACCOUNT_SETTINGS } from '../../../functions/account-settings/contract.ts'
import type { AccountSettingsProps } from '../../../infra/registry/account-settings.ts'
import { RegistrySettings } from '../../../infra/registry/registry-settings.ts'
import { BUDGETS } from '../../../scripts/budgets.ts'
import { stackOf } from '../stack-of.ts'
import { arnOf, list, refTo, statementsOf } from '../synth.ts'

const ROOT = join(import.meta.dirname, '../../..')

const settingsIn = (stack: Stack, accountSettings: AccountSettingsProps, id = 'Registry'): RegistrySettings =>
  new RegistrySettings(stack, id, { scanning: { type: 'BASIC' }, creationTemplates: 'none', accountSettings })

const ALL: AccountSettingsProps = {
  ...{ basicScanTypeVersion: 'AWS_NATIVE', registryPolicyScope: 'V2', blobMounting: 'ENABLED' },
}
const user = stackOf((stack) => {
  new RegistrySettings(stack, 'Registry', {
    ...{ scanning: { type: 'BASIC' }, creationTemplates: 'none', accountSettings: ALL },
    access: [{ may: 'pull', account: '210987654321' }],
  })
})
const ServiceToken = arnOf('EcrAccountSettings')

describe('each setting', () => {
  it('is noted, and then put, by two resources of one function', () => {
    const [noted] = user.ofType('Custom::EcrStewardSettingBefore').slice(-1)
    const [put] = user.ofType('Custom::EcrStewardSetting').slice(-1)
    expect(noted?.Properties).toEqual({ ServiceToken, ServiceTimeout: '420', Name: 'BLOB_MOUNTING' })
    expect(put?.Properties).toEqual({
      ...{ ServiceToken, ServiceTimeout: '420', Name: 'BLOB_MOUNTING', Value: 'ENABLED' },
      Before: refTo('EcrBlobMountingBefore'),
    })
    expect(user.ofType('AWS::Lambda::Function')).toHaveLength(1)
  })

  it('is put before the policy of the registry, which depends on its scope', () => {
    expect(user.one('AWS::ECR::RegistryPolicy')).toMatchObject({
      DependsOn: expect.arrayContaining(['EcrRegistryPolicyScope']),
    })
  })

  it('that is not asked for is left as it is, and one may be known only when the stack is deployed', () => {
    const { one } = stackOf((stack) => {
      const { valueAsString } = new CfnParameter(stack, 'Mounting')
      settingsIn(stack, { blobMounting: valueAsString as 'ENABLED' })
    })
    expect(one('Custom::EcrStewardSetting').Properties).toMatchObject({
      Name: 'BLOB_MOUNTING',
      Value: refTo('Mounting'),
    })
  })

  it('keeps its logical id, and that of its function, wherever the construct stands', () => {
    const ids = (resources: object) => Object.keys(resources).filter((id) => id.startsWith('Ecr'))
    expect(ids(user.resources)).toMatchInlineSnapshot(`
      [
        "EcrAccountSettings",
        "EcrBasicScanTypeVersionBefore",
        "EcrBasicScanTypeVersion",
        "EcrRegistryPolicyScopeBefore",
        "EcrRegistryPolicyScope",
        "EcrBlobMountingBefore",
        "EcrBlobMounting",
      ]
    `)
    const moved = stackOf((stack) => void settingsIn(stack, ALL, 'Elsewhere'))
    expect(ids(moved.resources)).toEqual(ids(user.resources))
  })
})

describe('the function', () => {
  const [queueId = ''] = Object.entries(user.resources).find(([, { Type }]) => Type === 'AWS::SQS::Queue') ?? []

  it('is tried until shortly before CloudFormation gives up, and never after that', () => {
    const { Properties } = user.one('AWS::Lambda::EventInvokeConfig')
    expect(Properties).toMatchObject({
      ...{ MaximumRetryAttempts: 2, MaximumEventAgeInSeconds: 300 },
      DestinationConfig: { OnFailure: { Destination: arnOf(queueId) } },
    })
    const { Timeout } = user.one('AWS::Lambda::Function').Properties
    expect(Number(Properties.MaximumEventAgeInSeconds) + Number(Timeout)).toBeLessThan(420)
  })

  it('has its rights and its retries before it is asked for anything', () => {
    const [invokeId] =
      Object.entries(user.resources).find(([, { Type }]) => Type === 'AWS::Lambda::EventInvokeConfig') ?? []
    const [policyId] = Object.entries(user.resources).find(([, { Type }]) => Type === 'AWS::IAM::Policy') ?? []
    for (const noted of user.ofType('Custom::EcrStewardSettingBefore'))
      expect(noted).toMatchObject({ DependsOn: expect.arrayContaining([invokeId]) })
    expect(user.one('AWS::Lambda::Function')).toMatchObject({ DependsOn: expect.arrayContaining([policyId]) })
  })

  it('may read and put settings of the account, write its log, and keep what failed', () => {
    const granted = statementsOf(user.one('AWS::IAM::Policy')).flatMap(({ Action, Resource }) =>
      list(Action).map((action) => [action, Resource]),
    )
    const log = arnOf(Object.entries(user.resources).find(([, { Type }]) => Type === 'AWS::Logs::LogGroup')?.[0] ?? '')
    expect(Object.fromEntries(granted)).toEqual({
      ...{ 'ecr:GetAccountSetting': '*', 'ecr:PutAccountSetting': '*', 'sqs:SendMessage': arnOf(queueId) },
      ...{ 'logs:CreateLogStream': log, 'logs:PutLogEvents': log },
    })
  })

  it('is one file within its budget', () => {
    const asset = join(user.outdir, String(user.one('AWS::Lambda::Function').Metadata['aws:asset:path']))
    expect(readdirSync(asset)).toEqual(['index.js'])
    expect(statSync(join(asset, 'index.js')).size).toBeLessThanOrEqual((BUDGETS['account-settings'] ?? 0) * 1_024)
  })
})

describe('what is refused at synthesis', () => {
  it.each<[string, object, string]>([
    ['nothing', {}, 'basicScanTypeVersion, registryPolicyScope, blobMounting: none is given. Write at least one, or'],
    [
      'CLAIR',
      { basicScanTypeVersion: 'CLAIR' },
      'it is "CLAIR", which ECR does not take for BASIC_SCAN_TYPE_VERSION. Write \'AWS_NATIVE\'.',
    ],
    [
      'V1',
      { registryPolicyScope: 'V1' },
      'it is "V1", which ECR does not take for REGISTRY_POLICY_SCOPE. Write \'V2\'.',
    ],
    [
      'another word',
      { blobMounting: 'on' },
      "blobMounting: it is \"on\", which ECR does not take for BLOB_MOUNTING. Write 'ENABLED' or 'DISABLED'.",
    ],
    ['another setting', { blobs: 'ENABLED' }, 'blobs: ECR has no such setting. Write basicScanTypeVersion, or'],
  ])('%s', (_, props, message) => {
    const refused = () => settingsIn(new Stack(new App(), 'User'), props)
    expect(refused).toThrow(message)
    expect(refused).toThrow(/^User\/Registry\/AccountSettings: /)
  })
})

describe('docs/registry-settings.md', () => {
  const text = readFileSync(join(ROOT, 'docs/registry-settings.md'), 'utf8')

  it('has every value that a setting takes, and each action of the function', () => {
    const values = Object.values(ACCOUNT_SETTINGS).flatMap((setting) => setting.values.map((value) => `\`'${value}'\``))
    for (const word of [...values, '`ecr:GetAccountSetting`', '`ecr:PutAccountSetting`']) expect(text).toContain(word)
  })
})
