import type { Stack } from 'aws-cdk-lib'
import { describe, expect, it } from 'vitest'
import { registryKey } from '../../functions/domain/registry.ts'
import { SBOM_EXPORTS, SWEEP_PREFIX } from '../../functions/sweep/contract.ts'
import { SbomExports } from '../../infra/sbom-exports.ts'
import { sweepStore } from '../../infra/sweep-store.ts'
import { compileRole } from '../../local/runtime/iam.ts'
import { loadTemplate } from '../../local/runtime/template.ts'
import { cfnLint, hasCfnLint } from './cfn-lint.ts'
import { stackOf } from './stack-of.ts'
import type { Statement } from './synth.ts'

const [HUB, MEMBER, FOREIGN] = ['111111111111', '222222222222', '999999999999']
const REGION = 'eu-central-1'
const INSPECTOR = 'inspector2.amazonaws.com'

const storeWith = (accounts: readonly string[]) =>
  stackOf((stack: Stack) => {
    new SbomExports(stack, 'SbomExports', { store: sweepStore(stack, 'Store'), accounts })
  })

const made = storeWith([MEMBER])
const alone = storeWith([])

type Made = ReturnType<typeof storeWith>

/** What policies say of Inspector, as it is called in a region, with all that CloudFormation fills in. */
function ofInspector({ outdir }: Made, region = REGION) {
  const template = loadTemplate(outdir, { account: HUB, region, stack: 'User', endpoint: 'http://localhost' })
  const [bucket, policy, key] = ['AWS::S3::Bucket', 'AWS::S3::BucketPolicy', 'AWS::KMS::Key'].map((type) => {
    const [resource] = template.resources(type)
    if (!resource) throw new Error(`there is no ${type}`)
    return resource
  }) as [Resource, Resource, Resource]
  const allowed = (document: unknown) =>
    (document as { readonly Statement: readonly Statement[] }).Statement.filter(({ Principal }) =>
      Object.hasOwn(Principal as object, 'Service'),
    )
  return {
    bucket: String(bucket.identity.attributes.Arn),
    ofBucket: allowed(policy.properties.PolicyDocument),
    ofKey: allowed(key.properties.KeyPolicy),
  }
}

type Resource = ReturnType<ReturnType<typeof loadTemplate>['resources']>[number]

type Deed = { readonly account: string; readonly region?: string; readonly kind?: string }

/** Whether Inspector may do something for an account. */
function may(statements: readonly Statement[], action: string, resource: string, deed: Deed): boolean {
  const { account, region = REGION, kind = 'report' } = deed
  const facts = new Map([
    ['aws:sourceaccount', account],
    ['aws:sourcearn', `arn:aws:inspector2:${region}:${account}:${kind}/0a1b`],
  ])
  const Statement = statements.map(({ Principal: _, ...statement }) => statement)
  return compileRole([{ Version: '2012-10-17', Statement }]).decide({ action, resource }, facts).allowed
}

const { bucket, ofBucket, ofKey } = ofInspector(made)
const exported = (account: string): string =>
  `${bucket}/${SWEEP_PREFIX}/${SBOM_EXPORTS}${registryKey({ account, region: REGION })}/CYCLONEDX_1_4_outputs_1/a.json`

const conditions = (...accounts: readonly string[]) => ({
  StringEquals: { 'aws:SourceAccount': accounts },
  ArnLike: { 'aws:SourceArn': accounts.map((account) => `arn:aws:inspector2:${REGION}:${account}:report/*`) },
})

describe('the key', () => {
  const { Properties, DeletionPolicy } = made.one('AWS::KMS::Key')

  it('is changed by itself, and goes with the stack: what it encrypts has gone before', () => {
    expect(Properties).toMatchObject({ EnableKeyRotation: true, Description: expect.stringContaining('Inspector') })
    expect(DeletionPolicy).toBe('Delete')
  })

  it('is for Inspector, for reports of the accounts in this region', () => {
    expect(ofKey).toEqual([
      {
        ...{ Effect: 'Allow', Action: ['kms:Decrypt', 'kms:GenerateDataKey*'], Resource: '*' },
        ...{ Principal: { Service: INSPECTOR }, Condition: conditions(HUB, MEMBER) },
      },
    ])
  })
})

describe('the bucket', () => {
  it('takes from Inspector what AWS says that it does, for the same', () => {
    expect(ofBucket).toEqual([
      {
        ...{ Effect: 'Allow', Action: ['s3:AbortMultipartUpload', 's3:PutObject', 's3:PutObjectAcl'] },
        Resource: `${bucket}/sweep/packages/exports/\${aws:SourceAccount}/*`,
        ...{ Principal: { Service: INSPECTOR }, Condition: conditions(HUB, MEMBER) },
      },
    ])
  })

  it('forgets exports within 8 days, older versions too, and is encrypted as before', () => {
    const { LifecycleConfiguration, BucketEncryption } = made.one('AWS::S3::Bucket').Properties
    const { Rules } = LifecycleConfiguration as { readonly Rules: readonly object[] }
    expect(Rules).toContainEqual({
      ...{ Id: 'exports', Status: 'Enabled', Prefix: 'sweep/packages/exports/', ExpirationInDays: 7 },
      NoncurrentVersionExpiration: { NoncurrentDays: 1 },
    })
    expect(JSON.stringify(BucketEncryption)).toContain('AES256')
  })
})

describe('Inspector', () => {
  const puts = (resource: string, deed: Deed): boolean => may(ofBucket, 's3:PutObject', resource, deed)
  const encrypts = (deed: Deed): boolean => may(ofKey, 'kms:GenerateDataKeyWithoutPlaintext', '*', deed)

  it.each([HUB, MEMBER])('exports what is in %s into its folder', (account) => {
    expect([puts(exported(account), { account }), encrypts({ account })]).toEqual([true, true])
  })

  it.each([
    ['an account that is not swept', { account: FOREIGN }],
    ['another region', { account: MEMBER, region: 'us-east-1' }],
    ['what is no report', { account: MEMBER, kind: 'filter' }],
  ])('exports nothing for %s', (_, deed) => {
    expect([puts(exported(deed.account), deed), encrypts(deed)]).toEqual([false, false])
  })

  it.each([
    ['the folder of another account', exported(HUB)],
    ['an index', `${bucket}/sweep/packages/index/${MEMBER}/${REGION}.json`],
    ['a report', `${bucket}/sweep/2026-11-24t21/report.json`],
    ['the top of the bucket', `${bucket}/a.json`],
  ])('puts nothing into %s', (_, resource) => {
    expect(puts(resource, { account: MEMBER })).toBe(false)
  })

  it('reads and removes nothing', () => {
    for (const action of ['s3:GetObject', 's3:DeleteObject', 's3:ListBucket'])
      expect(may(ofBucket, action, exported(MEMBER), { account: MEMBER })).toBe(false)
  })

  it('is there for the account of the stack alone where no other is swept', () => {
    const only = ofInspector(alone)
    expect([...only.ofBucket, ...only.ofKey].map(({ Condition }) => Condition)).toEqual([
      conditions(HUB),
      conditions(HUB),
    ])
    expect(may(only.ofKey, 'kms:Decrypt', '*', { account: MEMBER })).toBe(false)
  })

  it.each([
    ['us-east-1', INSPECTOR],
    ['me-south-1', 'inspector2.me-south-1.amazonaws.com'],
    ['eu-central-2', 'inspector2.eu-central-2.amazonaws.com'],
  ])('is called in %s as AWS says: %s', (region, name) => {
    const there = ofInspector(made, region)
    expect([...there.ofBucket, ...there.ofKey].map(({ Principal }) => Principal)).toEqual([
      { Service: name },
      { Service: name },
    ])
  })
})

it.skipIf(!hasCfnLint)('passes cfn-lint (skipped where there is none on PATH)', { timeout: 180_000 }, () => {
  expect(cfnLint(made.file)).toBe('')
})
