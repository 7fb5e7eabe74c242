import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda'
import { Repository } from 'aws-cdk-lib/aws-ecr'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Answer } from '../../functions/cloudformation.ts'
import { DeploymentGate } from '../../infra/deployment-gate.ts'
import { type LocalAws, startLocalAws } from '../../local/aws/server.ts'
import { type Cloud, deployLocally, type Invocation } from '../../local/runtime/cloud.ts'
import { loadTemplate } from '../../local/runtime/template.ts'
import { stackOf } from '../infra/stack-of.ts'
import { list, statementsOf } from '../infra/synth.ts'
import { configOf } from '../local/aws/clients.ts'
import { configuration, imageManifest, indexManifest, member } from '../policy/image/manifests.ts'
import { answerBox } from './answers.ts'

const stack = stackOf((made) => {
  const repository = Repository.fromRepositoryName(made, 'Shop', 'shop')
  new DeploymentGate(made, 'Gate', { repository, tag: 'given', startScan: true })
})

let aws: LocalAws
let cloud: Cloud
let box: Awaited<ReturnType<typeof answerBox>>
let deployed: { readonly name: string; readonly stack: string; readonly properties: Readonly<Record<string, unknown>> }
const invocations: Invocation[] = []

beforeAll(async () => {
  aws = await startLocalAws()
  box = await answerBox()
  aws.ecr.createRepository({ repositoryName: 'shop' })
  cloud = await deployLocally({ assembly: stack.outdir, stack: 'User', aws })
  cloud.onInvocation((invocation) => invocations.push(invocation))
  const place = { account: aws.account, region: aws.region, stack: 'User', endpoint: aws.url }
  const template = loadTemplate(stack.outdir, place)
  const [lambda] = template.resources('AWS::Lambda::Function')
  const [resource] = template.resources('Custom::EcrStewardGate')
  deployed = {
    name: String(lambda?.identity.name),
    stack: `arn:aws:cloudformation:${aws.region}:${aws.account}:stack/User/00000000-0000-4000-8000-000000000000`,
    properties: resource?.properties ?? {},
  }
})
afterEach(() => {
  aws.faults.clear()
  aws.onAnswered = undefined
  invocations.length = 0
})
afterAll(async () => {
  await cloud.close()
  await box.close()
  await aws.close()
})

let images = 0

const finding = (name: string, severity: 'CRITICAL' | 'HIGH' | 'LOW') => ({
  ...{ name, severity, uri: `https://security.example/${name}`, description: 'It is bad.' },
  attributes: [{ key: 'package_name', value: 'openssl' }],
})

type Scanned = 'clean' | 'bad' | 'unsupported' | 'never'

/** Pushes an image with this tag, and says what its scan found. @returns its digest */
function push(tag: string, scanned: Scanned): string {
  images += 1
  const { text, digest } = imageManifest(configuration({ created: new Date(images).toISOString() }))
  aws.ecr.putImage({ repositoryName: 'shop', imageManifest: text, imageTag: tag })
  setScan(digest, scanned)
  return digest
}

function setScan(digest: string, scanned: Scanned): void {
  const completedAt = new Date(aws.clock.now())
  if (scanned === 'unsupported')
    aws.ecr.putScan('shop', digest, { status: { status: 'UNSUPPORTED_IMAGE', description: 'UnsupportedImageError' } })
  if (scanned === 'clean' || scanned === 'bad')
    aws.ecr.putScan('shop', digest, {
      ...{ status: { status: 'COMPLETE' }, completedAt },
      findings:
        scanned === 'bad'
          ? [finding('CVE-2026-1', 'CRITICAL'), finding('CVE-2026-2', 'HIGH'), finding('CVE-2026-3', 'HIGH')]
          : [finding('CVE-2026-4', 'LOW')],
    })
}

let requests = 0

/** What CloudFormation gets to hear when it asks so. */
async function ask(RequestType: 'Create' | 'Update' | 'Delete', change: object = {}): Promise<Answer> {
  requests += 1
  const RequestId = `request-${requests}`
  const { ServiceToken, ...ResourceProperties } = deployed.properties
  const event = {
    ...{ RequestType, RequestId, ResponseURL: box.addressOf(RequestId), StackId: deployed.stack },
    ...{ ResourceType: 'Custom::EcrStewardGate', LogicalResourceId: 'GateJudged', ServiceToken, ResourceProperties },
    ...(RequestType !== 'Create' && { PhysicalResourceId: 'refused-before' }),
    ...(RequestType === 'Update' && { OldResourceProperties: ResourceProperties }),
    ...change,
  }
  const client = new LambdaClient(configOf(aws.url, aws.region))
  const command = new InvokeCommand({ FunctionName: deployed.name, Payload: Buffer.from(JSON.stringify(event)) })
  const { FunctionError, Payload } = await client.send(command)
  if (FunctionError) throw new Error(Buffer.from(Payload ?? '').toString())
  const answer = box.to(RequestId)
  if (!answer) throw new Error('CloudFormation waits for ever')
  expect(Buffer.byteLength(JSON.stringify(answer))).toBeLessThan(4_096)
  const { StackId, RequestId: answered, LogicalResourceId, ...rest } = answer
  expect([StackId, answered, LogicalResourceId]).toEqual([deployed.stack, RequestId, 'GateJudged'])
  return rest
}

const tagged = (Tag: string) => ({ ResourceProperties: { ...deployed.properties, Tag } })
const stackIs = (status: string) => void aws.stacks.set(deployed.stack, status)
const logs = () => invocations.flatMap((invocation) => invocation.logs)

/** By the function. */
const called = () =>
  aws.calls.flatMap(({ service, operation }) => (service === 'lambda' ? [] : [`${service}:${operation}`]))

const passed = (tag: string, digest: string): Answer => ({
  Status: 'SUCCESS',
  PhysicalResourceId: `${aws.account}/${aws.region}/shop:${tag}@${digest}`,
  Data: { DigestHex: digest.slice('sha256:'.length) },
})

describe('a creation', () => {
  it('passes an image that is within its limits, and gives its digest', async () => {
    const digest = push('clean', 'clean')
    expect(await ask('Create', tagged('clean'))).toEqual(passed('clean', digest))
  })

  it('is refused for an image that is over them, in one sentence', async () => {
    const digest = push('bad', 'bad')
    expect(await ask('Create', tagged('bad'))).toEqual({
      ...{ Status: 'FAILED', PhysicalResourceId: `refused-request-${requests}` },
      Reason: `shop:bad (${digest}) is not deployed: of its findings count 1 CRITICAL where 0 may be, 2 HIGH where 0 may be (limits: default); see https://${aws.region}.console.aws.amazon.com/ecr/repositories/private/${aws.account}/shop/_/image/${encodeURIComponent(digest)}/details?region=${aws.region}`,
    })
  })

  it('is refused for an image that cannot be scanned, and for one that is not there', async () => {
    push('odd', 'unsupported')
    expect(await ask('Create', tagged('odd'))).toMatchObject({
      ...{ Status: 'FAILED', Reason: expect.stringMatching(/^shop:odd .* could not be judged: .*UNSUPPORTED_IMAGE/) },
    })
    const nowhere = { ResourceProperties: { ...deployed.properties, Repository: 'gone' } }
    expect(await ask('Create', nowhere)).toMatchObject({
      ...{ Status: 'FAILED', Reason: expect.stringMatching(/\/gone:given is not deployed: ECR answered AccessDenied/) },
    })
  })

  it('starts a scan where there is none, and waits for it', async () => {
    const digest = push('new', 'never')
    aws.onAnswered = ({ operation }) => {
      if (operation === 'StartImageScan') aws.clock.advanceTo(aws.clock.now() + 10_000)
    }
    expect(await ask('Create', tagged('new'))).toEqual(passed('new', digest))
    expect(logs()).toContainEqual({
      level: 'INFO',
      message: expect.objectContaining({ outcome: 'waiting', reason: expect.stringContaining('a scan was started') }),
    })
  })

  it('judges every platform of an index', async () => {
    const [good, bad] = ['amd64', 'arm64'].map((architecture) => imageManifest(configuration({ architecture })))
    if (!good || !bad) throw new Error('no platforms')
    for (const [{ text, digest }, scanned] of [
      [good, 'clean'],
      [bad, 'bad'],
    ] as const) {
      aws.ecr.putImage({ repositoryName: 'shop', imageManifest: text })
      setScan(digest, scanned)
    }
    const both = [member(good), member(bad, { platform: { os: 'linux', architecture: 'arm64' } })]
    aws.ecr.putImage({ repositoryName: 'shop', imageManifest: indexManifest(both).text, imageTag: 'multi' })
    expect(await ask('Create', tagged('multi'))).toMatchObject({ Status: 'FAILED' })
  })

  it('that comes twice gets the same answer twice', async () => {
    push('twice', 'bad')
    const reasons = [await ask('Create', tagged('twice')), await ask('Create', tagged('twice'))]
    expect(new Set(reasons.map((answer) => 'Reason' in answer && answer.Reason)).size).toBe(1)
  })
})

describe('an update', () => {
  it('is judged as a creation is, and leaves the resource what it was where it fails', async () => {
    stackIs('UPDATE_IN_PROGRESS')
    const digest = push('v1', 'clean')
    push('v2', 'bad')
    const PhysicalResourceId = `${aws.account}/${aws.region}/shop:v1@${digest}`
    expect(await ask('Update', { ...tagged('v2'), PhysicalResourceId })).toMatchObject({
      ...{ Status: 'FAILED', PhysicalResourceId },
    })
    expect(await ask('Update', { ...tagged('v1'), PhysicalResourceId })).toEqual(passed('v1', digest))
  })

  it('that takes back another is not judged again, and gets the digest of before', async () => {
    const digest = push('old', 'clean')
    setScan(digest, 'bad')
    stackIs('UPDATE_ROLLBACK_IN_PROGRESS')
    const PhysicalResourceId = `${aws.account}/${aws.region}/shop:old@${digest}`
    expect(await ask('Update', { ...tagged('old'), PhysicalResourceId })).toEqual(passed('old', digest))
    expect(logs()).toContainEqual({
      level: 'INFO',
      message: expect.objectContaining({
        outcome: 'rolling-back',
        digest,
        reason: expect.stringContaining('not judged'),
      }),
    })
    expect(await ask('Update', { ...tagged('old'), PhysicalResourceId: 'another' })).toEqual(passed('old', digest))
  })

  it('is judged where the stack cannot be read', async () => {
    aws.stacks.delete(deployed.stack)
    push('blind', 'bad')
    expect(await ask('Update', tagged('blind'))).toMatchObject({
      Status: 'FAILED',
      PhysicalResourceId: 'refused-before',
    })
  })
})

it('a deletion passes, whatever ECR and CloudFormation say, and asks neither', async () => {
  const before = called().length
  expect(await ask('Delete')).toEqual({ Status: 'SUCCESS', PhysicalResourceId: 'refused-before' })
  expect(called().length).toBe(before)
})

it('the address of the answer is in no log', async () => {
  push('quiet', 'clean')
  await ask('Create', tagged('quiet'))
  expect(JSON.stringify(logs())).not.toContain('X-Amz-Signature')
})

it('the role is allowed what was called, and nothing that was not', () => {
  const granted = statementsOf(stack.one('AWS::IAM::Policy')).flatMap(({ Action }) => list(Action))
  const own = granted.filter((action) => /^(?:ecr|cloudformation):/.test(action))
  expect([...new Set(called())].toSorted()).toEqual(own.toSorted())
})
