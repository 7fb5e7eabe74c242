import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { App, CfnOutput, Duration, Stack } from 'aws-cdk-lib'
import { Repository } from 'aws-cdk-lib/aws-ecr'
import { ContainerImage, FargateTaskDefinition } from 'aws-cdk-lib/aws-ecs'
import { Topic } from 'aws-cdk-lib/aws-sns'
import { afterAll, describe, expect, it } from 'vitest'
import { DeploymentGate, type DeploymentGateProps } from '../../infra/deployment-gate.ts'
import { gateAsks } from '../../infra/gate-asks.ts'
import { stackOf } from './stack-of.ts'
import { list, type Resource, statementsOf } from './synth.ts'

const SHOP = 'arn:aws:ecr:eu-west-1:123456789012:repository/shop'
const DIGEST = `sha256:${'4a'.repeat(32)}`
const URI = '123456789012.dkr.ecr.eu-west-1.amazonaws.com/shop'

const folder = mkdtempSync(join(tmpdir(), 'steward-gate-'))
afterAll(() => rmSync(folder, { recursive: true }))

function gateIn(stack: Stack, props: DeploymentGateProps = {}): DeploymentGate {
  const named = props.imageUri === undefined && !('repository' in props)
  const repository = named ? { repository: Repository.fromRepositoryArn(stack, 'Shop', SHOP) } : {}
  return new DeploymentGate(stack, 'Gate', { ...repository, ...props })
}

const synthesised = (props: DeploymentGateProps = { tag: '1.4.2' }) => stackOf((stack) => void gateIn(stack, props))

const refusal = (props: DeploymentGateProps) => () =>
  gateIn(new Stack(new App(), 'User', { env: { account: '123456789012', region: 'eu-west-1' } }), props)

const user = synthesised()
const judged = user.one('Custom::EcrStewardGate')
const bundleOf = ({ Metadata }: Resource): string =>
  readFileSync(join(user.outdir, String(Metadata['aws:asset:path']), 'index.js'), 'utf8')

describe('the custom resource', () => {
  it('names the image, and gives up soon after the function has', () => {
    expect(judged.Properties).toEqual({
      ServiceToken: { 'Fn::GetAtt': [expect.stringMatching(/^GateFunction/), 'Arn'] },
      ServiceTimeout: '780',
      ...{ Account: '123456789012', Region: 'eu-west-1', Repository: 'shop', Tag: '1.4.2' },
      Asked: expect.stringMatching(/^[0-9a-f]{16}$/),
    })
    expect(user.one('AWS::Lambda::Function').Properties).toMatchObject({ Timeout: 660, Runtime: 'nodejs24.x' })
  })

  it('asks again as soon as something else is asked', () => {
    const asked = (props: DeploymentGateProps) => synthesised(props).one('Custom::EcrStewardGate').Properties.Asked
    expect(asked({ tag: '1.4.2' })).toBe(judged.Properties.Asked)
    expect(asked({ tag: '1.4.2', limits: { CRITICAL: 1 } })).not.toBe(judged.Properties.Asked)
  })

  it('takes a digest, or a whole URI', () => {
    const ofDigest = synthesised({ digest: DIGEST }).one('Custom::EcrStewardGate').Properties
    expect(ofDigest).toMatchObject({ Repository: 'shop', Digest: DIGEST })
    expect(ofDigest).not.toHaveProperty('Tag')
    const ofUri = synthesised({ imageUri: `${URI}:1.4.2` }).one('Custom::EcrStewardGate').Properties
    expect(ofUri).toMatchObject({ Account: '123456789012', Region: 'eu-west-1', Repository: 'shop', Tag: '1.4.2' })
    const both = synthesised({ imageUri: `${URI}:1.4.2@${DIGEST}` }).one('Custom::EcrStewardGate').Properties
    expect(both).toMatchObject({ Repository: 'shop', Digest: DIGEST })
  })

  it.each([
    ['aws-cn', 'cn-north-1', 'amazonaws.com.cn'],
    ['aws-us-gov', 'us-gov-west-1', 'amazonaws.com'],
  ])('takes a URI of the partition %s', (partition, region, suffix) => {
    const { one } = synthesised({ imageUri: `123456789012.dkr.ecr.${region}.${suffix}/team/shop:1.4.2` })
    expect(one('Custom::EcrStewardGate').Properties).toMatchObject({ Region: region, Repository: 'team/shop' })
    const resources = statementsOf(one('AWS::IAM::Policy')).map(({ Resource }) => Resource)
    expect(resources).toContain(`arn:${partition}:ecr:${region}:123456789012:repository/team/shop`)
  })

  it('waits for as long as a function can', () => {
    const { one } = synthesised({ tag: '1', timeout: Duration.minutes(14) })
    expect(one('AWS::Lambda::Function').Properties.Timeout).toBe(900)
    expect(one('Custom::EcrStewardGate').Properties.ServiceTimeout).toBe('1020')
  })
})

describe('what is deployed', () => {
  const stack = stackOf(
    (made) => {
      const gate = gateIn(made, { tag: '1.4.2' })
      new CfnOutput(made, 'Digest', { value: gate.digest })
      new CfnOutput(made, 'Image', { value: gate.imageUri })
      const repository = Repository.fromRepositoryArn(made, 'Again', SHOP)
      const task = new FargateTaskDefinition(made, 'Task')
      task.addContainer('Api', { image: ContainerImage.fromEcrRepository(repository, gate.digest), environment: {} })
      const topic = new Topic(made, 'Orders', { enforceSSL: true })
      expect(gate.blocks(topic)).toBe(gate)
    },
    ['AwsSolutions-ECS7', 'AwsSolutions-SNS2', 'AwsSolutions-IAM5[Resource::*]'],
  )
  const [judgedId = ''] =
    Object.entries(stack.resources).find(([, { Type }]) => Type === 'Custom::EcrStewardGate') ?? []
  const hex = { 'Fn::GetAtt': [judgedId, 'DigestHex'] }

  it('is what was judged, by its digest, whoever takes it', () => {
    const suffix = { Ref: 'AWS::URLSuffix' }
    const uri = ['', ['123456789012.dkr.ecr.eu-west-1.', suffix, '/shop@sha256:', hex]]
    expect(stack.outputs.Digest?.Value).toEqual({ 'Fn::Join': ['', ['sha256:', hex]] })
    expect(stack.outputs.Image?.Value).toEqual({ 'Fn::Join': uri })
    expect(stack.one('AWS::ECS::TaskDefinition').Properties).toMatchObject({
      ContainerDefinitions: [{ Image: { 'Fn::Join': uri } }],
    })
  })

  it('waits for the gate where it does not take the digest, too', () => {
    expect(stack.one('AWS::SNS::Topic')).toMatchObject({ DependsOn: expect.arrayContaining([judgedId]) })
  })
})

describe('what the function may do', () => {
  const granted = (props?: DeploymentGateProps) =>
    Object.fromEntries(
      statementsOf(synthesised(props).one('AWS::IAM::Policy')).flatMap(({ Action, Resource }) =>
        list(Action).map((action) => [action, Resource] as const),
      ),
    )
  const log = { 'Fn::GetAtt': [expect.stringMatching(/^GateFunctionLogs/), 'Arn'] }

  it('is to read this repository, its findings and its own stack, and to write its log', () => {
    expect(granted()).toEqual({
      ...{ 'ecr:BatchGetImage': SHOP, 'ecr:DescribeImageScanFindings': SHOP, 'ecr:DescribeImages': SHOP },
      ...{ 'inspector2:ListCoverage': '*', 'inspector2:ListFindings': '*' },
      'cloudformation:DescribeStacks': { Ref: 'AWS::StackId' },
      ...{ 'logs:CreateLogStream': log, 'logs:PutLogEvents': log },
    })
  })

  it('is to start a scan where that is asked for', () => {
    expect(granted({ tag: '1', startScan: true })).toMatchObject({ 'ecr:StartImageScan': SHOP })
  })
})

describe('what is asked', () => {
  const yaml = `
alerts: [{ repositories: ["**"], threshold: HIGH, to: [sns] }]
policy:
  - repositories: ["legacy/**"]
    rules: { vulnerabilities: { mode: off } }
  - repositories: ["shop", "team/**"]
    rules: { vulnerabilities: { mode: report, limits: { CRITICAL: 2 }, fixable-only: true } }
exceptions:
  - { finding: CVE-2026-1111, repositories: ["shop"], reason: Not reachable, owner: security@example.com, expires: 2099-01-01 }
  - { rule: healthcheck, repositories: ["shop"], reason: Watched from outside, owner: security@example.com, expires: 2099-01-01 }
  - { rule: vulnerabilities, repositories: ["shop"], reason: Scanned elsewhere, owner: security@example.com, expires: 2099-01-01 }
`
  const file = join(folder, 'steward.yaml')
  writeFileSync(file, yaml)

  it('is baked in: exceptions on findings and on the rule, and the rule for whatever the repository is called', () => {
    const { outdir, one } = synthesised({ tag: '1', config: file, onUnknown: 'pass', startScan: true })
    const { Metadata } = one('AWS::Lambda::Function')
    const code = readFileSync(join(outdir, String(Metadata['aws:asset:path']), 'index.js'), 'utf8')
    expect(code).toContain('CVE-2026-1111')
    expect(code).toContain('Scanned elsewhere')
    expect(code).not.toContain('Watched from outside')
    expect(code).toMatch(/lenient:!0/)
    expect(code).toMatch(/startScan:"missing"/)
    expect(code).toMatch(/limitsFrom:"steward\.yaml line \d+"/)
  })

  const entry = (repositories: string[], mode: 'off' | 'report', line: number) => ({
    repositories,
    rules: [{ rule: 'vulnerabilities', mode, parameters: { limits: { CRITICAL: 2 }, fixableOnly: true }, line }],
  })
  const policy = [entry(['legacy/**'], 'off', 5), entry(['team/**'], 'report', 7)]

  it('is the rule of each entry in turn, the usual limits where it is off, and for all others', () => {
    const usual = { limits: { CRITICAL: 0, HIGH: 0 }, limitsFrom: 'default', fixableOnly: false }
    expect(gateAsks('User/Gate', { config: '/x/steward.yaml' }, { policy })).toEqual([
      { ...usual, repositories: ['legacy/**'] },
      {
        ...{ repositories: ['team/**'], limits: { CRITICAL: 2 }, limitsFrom: 'steward.yaml line 7', fixableOnly: true },
        limitsRule: { severity: 'HIGH', line: 7 },
      },
      { ...usual, repositories: ['**'] },
    ])
    expect(gateAsks('User/Gate', {}, undefined)).toEqual([{ ...usual, repositories: ['**'] }])
  })

  it('is what the properties say, whatever the rule says', () => {
    expect(gateAsks('User/Gate', { limits: { HIGH: 3 }, fixableOnly: true }, { policy })).toEqual([
      { repositories: ['**'], limits: { HIGH: 3 }, limitsFrom: 'limits of User/Gate', fixableOnly: true },
    ])
    expect(gateAsks('User/Gate', { fixableOnly: false }, { policy })[1]?.fixableOnly).toBe(false)
  })
})

describe('what is refused at synthesis', () => {
  it.each<[string, DeploymentGateProps, RegExp]>([
    ['no image', {}, /tag: neither it nor digest says which image/],
    [
      'two images',
      { tag: '1', digest: DIGEST },
      /tag: digest says which image it is, too\. Write the one or the other/,
    ],
    ['no tag', { tag: 'a b' }, /tag: it is "a b", which is no tag/],
    ['no digest', { digest: 'sha256:4a' }, /digest: it is "sha256:4a"\. Write sha256: and 64/],
    ['no repository', { repository: undefined, tag: '1' } as never, /repository: it is missing, and so is imageUri/],
    ['a URI and a tag', { imageUri: `${URI}:1`, tag: '1' }, /imageUri: repository, tag and digest say which image/],
    [
      'another registry',
      { imageUri: 'docker.io/library/node:24' },
      /imageUri: it is "docker.io.*names no image of ECR/,
    ],
    ['a URI of nothing', { imageUri: URI }, /imageUri: it has neither a tag nor a digest/],
    [
      'a URI known later',
      { imageUri: `\${Token[TOKEN.7]}` },
      /known only when the stack is deployed\. Write repository and tag/,
    ],
    [
      'another region',
      { imageUri: `${URI.replace('eu-west-1', 'us-east-1')}:1` },
      /imageUri: it is in us-east-1, and the stack in eu-west-1/,
    ],
    ['a short time', { tag: '1', timeout: Duration.seconds(10) }, /timeout: it is 10 seconds/],
    [
      'a long time',
      { tag: '1', timeout: Duration.minutes(15) },
      /timeout: it is 900 seconds, and a function runs for at most 15 minutes/,
    ],
    ['half a finding', { tag: '1', limits: { HIGH: 0.5 } }, /limits\.HIGH: it is 0\.5/],
    ['less than nothing', { tag: '1', limits: { HIGH: -1 } }, /limits\.HIGH: it is -1/],
  ])('%s', (_, props, message) => {
    expect(refusal(props)).toThrow(message)
    expect(refusal(props)).toThrow(/^User\/Gate: /)
  })
})

describe('the bundle', () => {
  it('is one file of at most 150 KiB', () => {
    const asset = join(user.outdir, String(user.one('AWS::Lambda::Function').Metadata['aws:asset:path']))
    expect(readdirSync(asset)).toEqual(['index.js'])
    expect(statSync(join(asset, 'index.js')).size).toBeLessThanOrEqual(150 * 1_024)
  })

  it('has no rules, no finder of secrets and no SDK in it', () => {
    expect(bundleOf(user.one('AWS::Lambda::Function'))).not.toMatch(/secretlint|@aws-sdk|non-root-user/)
  })
})
