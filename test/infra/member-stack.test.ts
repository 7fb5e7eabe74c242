import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { compilePattern } from '../../cli/replay/pattern/matcher.ts'
import { READS_OF_EVIDENCE } from '../../functions/contract.ts'
import { IN_USE_ACTIONS } from '../../functions/in-use/contract.ts'
import { READS, READS_OF_REGISTRY, SBOM_EXPORT_ACTIONS } from '../../functions/sweep/contract.ts'
import { writeMemberTemplate } from '../../infra/member-app.ts'
import { config, list, type Statement, synthesise } from './synth.ts'

const outdir = mkdtempSync(join(tmpdir(), 'steward-member-'))
afterAll(() => rmSync(outdir, { recursive: true }))

type Document = { readonly Statement: readonly (Statement & { readonly Condition?: unknown })[] }
type Made = {
  readonly Type: string
  readonly Condition?: string
  readonly Properties: {
    readonly EventPattern: object
    readonly PrincipalArn: unknown
    readonly Targets: readonly { readonly Arn: unknown }[]
    readonly AssumeRolePolicyDocument: Document
    readonly Policies: readonly { readonly PolicyDocument: Document }[]
  }
}

const text = (value: unknown): string => JSON.stringify(value)
const path = writeMemberTemplate(outdir)
const template = JSON.parse(readFileSync(path, 'utf8'))
const { Parameters, Conditions } = template
const resources = template.Resources as Readonly<Record<string, Made>>
const rules = Object.values(resources).filter(({ Type }) => Type === 'AWS::Events::Rule')
const { ReadRole, EnforceRole, Forwarder, ReadsAreNoPulls } = resources

/** What a role may do, and who may take it: a statement each. */
function statementsIn(role: Made | undefined): {
  readonly may: Statement
  readonly trust: Document['Statement'][number]
} {
  const [may] = role?.Properties.Policies[0]?.PolicyDocument.Statement ?? []
  const [trust] = role?.Properties.AssumeRolePolicyDocument.Statement ?? []
  if (may && trust) return { may, trust }
  throw new Error('there is no such role')
}

describe('the template', () => {
  it('is plain CloudFormation, as StackSets take it: no assets, no bootstrap, no account and no region', () => {
    expect(readdirSync(outdir).filter((file) => /asset/.test(file))).toEqual([])
    expect(template.Rules).toBeUndefined()
    expect(text(template)).not.toMatch(/bootstrap|cdk-hnb|Fn::ImportValue|\b\d{12}\b|[a-z]{2}-[a-z]+-\d\b/)
    expect(text(template).length).toBeLessThan(51_200)
  })

  it('leaves no finding of cdk-nag without a reason', () => {
    const { pluginReports } = JSON.parse(readFileSync(join(outdir, 'validation-report.json'), 'utf8'))
    expect(pluginReports.filter(({ conclusion }: { conclusion: string }) => conclusion !== 'success')).toEqual([])
  })

  it('asks for the hub, and takes what can be one', () => {
    const takes = (name: string, value: string) => new RegExp(`^(?:${Parameters[name].AllowedPattern})$`).test(value)
    expect(Object.keys(Parameters).filter((name) => Parameters[name].Default === undefined)).toEqual([
      ...['HubAccount', 'HubRegion', 'RoleRegion'],
    ])
    expect([takes('HubAccount', '111111111111'), takes('HubAccount', '1')]).toEqual([true, false])
    expect([takes('HubRegion', 'us-gov-west-1'), takes('HubRegion', 'mars')]).toEqual([true, false])
    expect([takes('ExternalId', ''), takes('ExternalId', 'a:b'), takes('ExternalId', 'a b')]).toEqual([
      true,
      true,
      false,
    ])
    expect([
      takes('OrganisationId', ''),
      takes('OrganisationId', 'o-a1b2c3d4e5'),
      takes('OrganisationId', '*'),
    ]).toEqual([...[true, true, false]])
  })
})

describe('the role that reads', () => {
  const { may, trust } = statementsIn(ReadRole)

  it('may do what the sweep and the clean-up read with, and nothing else', () => {
    const reads = [...READS, ...READS_OF_EVIDENCE, ...READS_OF_REGISTRY].map((operation) => `ecr:${operation}`)
    const ofInspector = ['inspector2:ListCoverage', 'inspector2:ListFindings']
    const all = [...reads, ...ofInspector, ...Object.values(IN_USE_ACTIONS).flat()]
    expect(list(may.Action)).toEqual([...new Set(all)].toSorted())
    expect(list<string>(may.Action).filter((action) => !/:(?:Batch(?:Get)|Describe|Get|List)/.test(action))).toEqual([])
  })

  it('is for the hub account alone, on the terms of the parameters', () => {
    expect(text(trust.Principal)).toBe(
      '{"AWS":{"Fn::Join":["",["arn:",{"Ref":"AWS::Partition"},":iam::",{"Ref":"HubAccount"},":root"]]}}',
    )
    const given = (name: string) => ({ 'Fn::If': [`Has${name}`, { Ref: name }, { Ref: 'AWS::NoValue' }] })
    expect(trust.Condition).toEqual({
      'Fn::If': [
        'HasTerms',
        { StringEquals: { 'sts:ExternalId': given('ExternalId'), 'aws:PrincipalOrgID': given('OrganisationId') } },
        { Ref: 'AWS::NoValue' },
      ],
    })
    expect(Conditions.HasTerms).toEqual({
      'Fn::Or': [{ Condition: 'HasExternalId' }, { Condition: 'HasOrganisationId' }],
    })
  })

  it('has the name that is assumed, and is made once, in one region of an account that is not the hub', () => {
    expect(ReadRole).toMatchObject({ Condition: 'MakesRole', Properties: { RoleName: 'ecr-steward-read' } })
    expect(Conditions.MakesRole).toEqual({
      'Fn::And': [{ Condition: 'IsMember' }, { 'Fn::Equals': [{ Ref: 'RoleRegion' }, { Ref: 'AWS::Region' }] }],
    })
    expect(Conditions.IsMember).toEqual({
      'Fn::Not': [{ 'Fn::Equals': [{ Ref: 'HubAccount' }, { Ref: 'AWS::AccountId' }] }],
    })
  })

  it('may ask Inspector for exports of SBOMs only where the owner of the account wants them', () => {
    expect(Parameters.SbomExports).toMatchObject({ Default: 'no', AllowedValues: ['yes', 'no'] })
    const { Condition, Properties } = template.Resources.ReadRoleSbomExports
    expect(Condition).toBe('MakesSbomExports')
    expect(Conditions.MakesSbomExports).toEqual({
      'Fn::And': [...Conditions.MakesRole['Fn::And'], { 'Fn::Equals': [{ Ref: 'SbomExports' }, 'yes'] }],
    })
    expect(Properties.RoleName).toEqual({ Ref: 'ReadRole' })
    expect(Properties.PolicyDocument.Statement).toEqual([
      { Effect: 'Allow', Action: [...SBOM_EXPORT_ACTIONS], Resource: '*' },
    ])
  })

  it('reads without a pull, in every region', () => {
    expect(ReadsAreNoPulls).toMatchObject({ Condition: 'IsMember', DependsOn: ['ReadRole'] })
    expect(text(ReadsAreNoPulls?.Properties.PrincipalArn)).toContain(':role/ecr-steward-read')
  })
})

describe('the role that puts right', () => {
  const { may, trust } = statementsIn(EnforceRole)

  it('is made only where the owner of the account asks for it, beside the role that reads', () => {
    expect(Parameters.Enforce).toMatchObject({ Default: 'no', AllowedValues: ['yes', 'no'] })
    expect(EnforceRole).toMatchObject({
      Condition: 'MakesEnforceRole',
      Properties: { RoleName: 'ecr-steward-enforce' },
    })
    expect(Conditions.MakesEnforceRole).toEqual({
      'Fn::And': [...Conditions.MakesRole['Fn::And'], { 'Fn::Equals': [{ Ref: 'Enforce' }, 'yes'] }],
    })
  })

  it('may change what the rules in enforce change, on repositories of the account alone, and delete no image', () => {
    expect(may.Action).toEqual([
      'ecr:DeleteRepositoryPolicy',
      'ecr:PutImageScanningConfiguration',
      'ecr:PutImageTagMutability',
      'ecr:PutLifecyclePolicy',
      'ecr:SetRepositoryPolicy',
      'ecr:TagResource',
    ])
    expect(text(may.Resource)).toBe(
      '{"Fn::Join":["",["arn:",{"Ref":"AWS::Partition"},":ecr:*:",{"Ref":"AWS::AccountId"},":repository/*"]]}',
    )
  })

  it('may move tags of images only where its owner asks for that too', () => {
    expect(Parameters.Quarantine).toMatchObject({ Default: 'no', AllowedValues: ['yes', 'no'] })
    const { Condition, Properties } = template.Resources.EnforceRoleQuarantine
    expect(Condition).toBe('MakesQuarantine')
    expect(Conditions.MakesQuarantine).toEqual({
      'Fn::And': [...Conditions.MakesEnforceRole['Fn::And'], { 'Fn::Equals': [{ Ref: 'Quarantine' }, 'yes'] }],
    })
    expect(Properties.RoleName).toEqual({ Ref: 'EnforceRole' })
    const [statement] = Properties.PolicyDocument.Statement
    expect(statement.Action).toEqual(['ecr:BatchDeleteImage', 'ecr:PutImage'])
    expect(statement.Resource).toEqual(may.Resource)
  })

  it('is for whom the role that reads is for', () => {
    expect(trust).toEqual(statementsIn(ReadRole).trust)
  })
})

describe('the rules', () => {
  const isForwarded = (event: object) =>
    rules.some(({ Properties: { EventPattern } }) => compilePattern(EventPattern)(event))
  const sample = (file: string) => {
    const events = JSON.parse(readFileSync(join(import.meta.dirname, '../../events', file), 'utf8'))
    return Array.isArray(events) ? events[0] : events
  }

  it.each([
    ...['basic-scan-critical.json', 'enhanced-scan-and-findings.json', 'enhanced-finding-new-cve.json'],
    ...['push-of-index.json', 'call-put-image-tag-mutability.json', 'call-create-repository.json'],
  ])('forward %s', (file) => {
    expect(isForwarded(sample(file))).toBe(true)
  })

  it.each(['enhanced-scan-of-lambda-function.json', 'enhanced-finding-closed.json'])('leave %s where it is', (file) => {
    expect(isForwarded(sample(file))).toBe(false)
  })

  it('leave deletions where they are, and pushes that did not succeed', () => {
    const push = sample('push-of-index.json')
    const changed = (change: object) => ({ ...push, detail: { ...push.detail, ...change } })
    expect(isForwarded(changed({}))).toBe(true)
    expect(isForwarded(changed({ 'action-type': 'DELETE' }))).toBe(false)
    expect(isForwarded(changed({ result: 'FAILURE' }))).toBe(false)
  })

  it('put events on the bus of the hub, with a role that may do that alone', () => {
    const bus = text(rules[0]?.Properties.Targets[0]?.Arn)
    expect(bus).toContain('{"Ref":"HubRegion"},":",{"Ref":"HubAccount"},":event-bus/default"')
    for (const { Properties } of rules)
      expect(Properties.Targets).toEqual([
        { Id: 'Hub', Arn: JSON.parse(bus), RoleArn: { 'Fn::GetAtt': ['Forwarder', 'Arn'] } },
      ])
    const { may } = statementsIn(Forwarder)
    expect([may.Action, text(may.Resource)]).toEqual([['events:PutEvents'], bus])
  })

  it('are not in the region of the hub itself, where events would go round', () => {
    expect([...rules, Forwarder].map((one) => one?.Condition)).toEqual(Array(rules.length + 1).fill('IsNotHub'))
    expect(Conditions.IsNotHub).toEqual({
      'Fn::Or': [
        { 'Fn::Not': [{ 'Fn::Equals': [{ Ref: 'HubAccount' }, { Ref: 'AWS::AccountId' }] }] },
        { 'Fn::Not': [{ 'Fn::Equals': [{ Ref: 'HubRegion' }, { Ref: 'AWS::Region' }] }] },
      ],
    })
  })
})

describe('the hub', () => {
  const sweep = {
    ...{ schedule: 'rate(1 day)', slack: [], ownerTag: 'Owner', sla: {}, securityHub: false, regions: [] },
    accounts: ['222222222222', '333333333333'],
  }

  it('lets the accounts that it sweeps, and no others, put events on its bus', () => {
    const admitted = (accounts: readonly string[]) =>
      synthesise({ ...config, sweep: { ...sweep, accounts } })
        .ofType('AWS::Events::EventBusPolicy')
        .map(([, { Properties }]) => Properties)
    expect(admitted([])).toEqual([])
    const [policy] = admitted(sweep.accounts)
    expect(policy).toMatchObject({
      StatementId: 'EcrStewardMembers',
      Statement: {
        Effect: 'Allow',
        Action: 'events:PutEvents',
        Principal: { AWS: [expect.anything(), expect.anything()] },
      },
    })
    expect(text(policy)).toMatch(/:iam::222222222222:root.*:iam::333333333333:root.*:event-bus\/default"/)
    expect(policy).not.toHaveProperty('EventBusName')
  })
})
