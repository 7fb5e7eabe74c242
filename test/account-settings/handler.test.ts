import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda'
import { Rule } from 'aws-cdk-lib/aws-events'
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { BEFORE, SETTING } from '../../functions/account-settings/contract.ts'
import { accountSettings } from '../../functions/adapters/account-settings.ts'
import { AwsError, signedAws } from '../../functions/adapters/signed-aws.ts'
import { AccountSettings } from '../../infra/registry/account-settings.ts'
import { type LocalAws, startLocalAws } from '../../local/aws/server.ts'
import { type Cloud, deployLocally, type Invocation } from '../../local/runtime/cloud.ts'
import { loadTemplate } from '../../local/runtime/template.ts'
import { envOf } from '../adapters/env.ts'
import { answerBox } from '../gate/answers.ts'
import { stackOf } from '../infra/stack-of.ts'
import { list, statementsOf } from '../infra/synth.ts'
import { configOf } from '../local/aws/clients.ts'
import { type Ask, stackOfSettings } from './cloudformation.ts'

const stack = stackOf((made) => {
  const { function: target } = new AccountSettings(made, 'Settings', { blobMounting: 'ENABLED' })
  // Lambda gets a request of CloudFormation as it gets an event of a rule: nobody waits for it.
  const rule = new Rule(made, 'Asynchronously', { eventPattern: { source: ['test'] } })
  rule.addTarget(new LambdaFunction(target))
})

let aws: LocalAws
let cloud: Cloud
let box: Awaited<ReturnType<typeof answerBox>>
let functionName: string
const invocations: Invocation[] = []

beforeAll(async () => {
  aws = await startLocalAws()
  box = await answerBox()
  cloud = await deployLocally({ assembly: stack.outdir, stack: 'User', aws })
  cloud.onInvocation((invocation) => invocations.push(invocation))
  const place = { account: aws.account, region: aws.region, stack: 'User', endpoint: aws.url }
  const [lambda] = loadTemplate(stack.outdir, place).resources('AWS::Lambda::Function')
  functionName = String(lambda?.identity.name)
})
afterEach(() => {
  aws.faults.clear()
  for (const [name, value] of Object.entries(USUAL)) aws.call('ecr', 'PutAccountSetting', { name, value })
  invocations.length = 0
})
afterAll(async () => {
  await cloud.close()
  await box.close()
  await aws.close()
})

const USUAL = { BASIC_SCAN_TYPE_VERSION: 'AWS_NATIVE', BLOB_MOUNTING: 'DISABLED' }
const [BLOBS, SCANS] = ['BLOB_MOUNTING', 'BASIC_SCAN_TYPE_VERSION'] as const
const Name = BLOBS

let requests = 0

const requestOf = (bare: Parameters<Ask>[0]) => {
  requests += 1
  const RequestId = `request-${requests}`
  return {
    ...{ RequestId, ResponseURL: box.addressOf(RequestId), LogicalResourceId: 'EcrBlobMounting', ...bare },
    StackId: `arn:aws:cloudformation:${aws.region}:${aws.account}:stack/User/00000000-0000-4000-8000-000000000000`,
  }
}

/** What CloudFormation gets to hear when it asks so. */
const ask: Ask = async (bare) => {
  const request = requestOf(bare)
  const client = new LambdaClient(configOf(aws.url, aws.region))
  const command = new InvokeCommand({ FunctionName: functionName, Payload: Buffer.from(JSON.stringify(request)) })
  const { FunctionError, Payload } = await client.send(command)
  if (FunctionError) throw new Error(Buffer.from(Payload ?? '').toString())
  const answer = box.to(request.RequestId)
  if (!answer) throw new Error('CloudFormation waits for ever')
  const { StackId, RequestId, LogicalResourceId, ...rest } = answer
  expect([StackId, RequestId, LogicalResourceId]).toEqual([request.StackId, request.RequestId, 'EcrBlobMounting'])
  return rest
}

const create: Parameters<Ask>[0] = {
  ...{ ResourceType: SETTING, RequestType: 'Create' },
  ResourceProperties: { Name, Value: 'ENABLED', Before: `${Name}=DISABLED` },
}
const settingOf = (name: string) => (aws.call('ecr', 'GetAccountSetting', { name }) as { value: string }).value
const logs = () => invocations.flatMap((invocation) => invocation.logs)
const put = (name: string) => ({
  ...{ service: 'ecr', operation: 'PutAccountSetting' },
  when: (input: Readonly<Record<string, unknown>>) => input.name === name,
})

describe('a stack', () => {
  it('whose second setting fails has put back the first in the end, at its creation and later', async () => {
    const stackOfThem = stackOfSettings(ask)
    const denied = {
      code: 'AccessDeniedException',
      message: 'with an explicit deny in a service control policy',
      status: 400,
    }
    aws.faults.inject({ ...put(SCANS), error: denied })
    expect(await stackOfThem.deploy({ [BLOBS]: 'ENABLED', [SCANS]: 'AWS_NATIVE' })).toBe(false)
    expect(stackOfThem.answers).toContainEqual({
      ...{ Status: 'FAILED', PhysicalResourceId: SCANS },
      Reason: `${SCANS} cannot be set to AWS_NATIVE: ECR answered AccessDeniedException to ecr:PutAccountSetting (with an explicit deny in a service control policy). The role of the function allows it: look for a service control policy, a permissions boundary, or a Deny in the policy of the registry.`,
    })
    expect(settingOf(BLOBS)).toBe('DISABLED')
    expect(await stackOfThem.deploy({ [BLOBS]: 'ENABLED' })).toBe(true)
    aws.faults.inject({ ...put(SCANS), error: denied })
    expect(await stackOfThem.deploy({ [BLOBS]: 'DISABLED', [SCANS]: 'AWS_NATIVE' })).toBe(false)
    expect(settingOf(BLOBS)).toBe('ENABLED')
    await stackOfThem.destroy()
    expect(settingOf(BLOBS)).toBe('DISABLED')
  })

  it('with a setting that the region does not have fails before anything is put', async () => {
    const stackOfThem = stackOfSettings(ask)
    const error = { code: 'InvalidParameterException', message: 'Invalid parameter at name', status: 400 }
    aws.faults.inject({ service: 'ecr', operation: 'GetAccountSetting', error })
    const before = aws.calls.length
    expect(await stackOfThem.deploy({ [BLOBS]: 'ENABLED' })).toBe(false)
    const called = aws.calls.slice(before).map(({ operation }) => operation)
    expect(called.filter((operation) => operation !== 'Invoke')).toEqual(['GetAccountSetting'])
    expect(stackOfThem.answers[0]).toMatchObject({
      Reason: `${BLOBS} cannot be read: ECR answered InvalidParameterException to ecr:GetAccountSetting (Invalid parameter at name). ECR may not have it in this region: leave blobMounting out of accountSettings, and deploy again.`,
    })
  })

  it('in an account that had CLAIR goes, though ECR takes CLAIR no longer', async () => {
    const stackOfThem = stackOfSettings(ask)
    aws.faults.inject({ service: 'ecr', operation: 'GetAccountSetting', error: { body: '{"value":"CLAIR"}' } })
    expect(await stackOfThem.deploy({ [SCANS]: 'AWS_NATIVE' })).toBe(true)
    await stackOfThem.destroy()
    expect(stackOfThem.answers.map(({ Status }) => Status)).toEqual(Array.from({ length: 4 }, () => 'SUCCESS'))
    expect(logs()).toContainEqual({
      level: 'INFO',
      message: expect.objectContaining({ outcome: 'left', reason: expect.stringMatching(/^ECR does not take back/) }),
    })
  })
})

describe('a request', () => {
  it('that comes again, after its answer was lost, is answered alike', async () => {
    const answers = [await ask(create), await ask(create)]
    expect(answers).toEqual([
      { Status: 'SUCCESS', PhysicalResourceId: Name },
      { Status: 'SUCCESS', PhysicalResourceId: Name },
    ])
    const gone = { ...create, RequestType: 'Delete', PhysicalResourceId: Name } as const
    expect([await ask(gone), await ask(gone)]).toEqual(answers)
    expect(settingOf(Name)).toBe('DISABLED')
  })

  it.each([
    ['throttles', { code: 'ThrottlingException', status: 400 }, 3],
    ['fails', { code: 'ServerException', status: 500 }, 2],
    ['hangs up', { drop: true as const }, 2],
  ])('is tried again where ECR %s', async (_, error, times) => {
    aws.faults.inject({ ...put(Name), error, times })
    expect(await ask(create)).toEqual({ Status: 'SUCCESS', PhysicalResourceId: Name })
  })

  it.each([
    ['fails', { code: 'ServerException', message: 'It broke.', status: 500 }, 'ServerException', ' \\(It broke\\)'],
    ['is not there', { drop: true as const }, 'Unreachable', ' \\(.+\\)'],
  ])('fails where ECR %s for long, and says what to do', async (_, error, code, said) => {
    aws.faults.inject({ ...put(Name), error, times: Number.POSITIVE_INFINITY })
    expect(await ask(create)).toEqual({
      ...{ Status: 'FAILED', PhysicalResourceId: Name },
      Reason: expect.stringMatching(
        new RegExp(
          `^${Name} cannot be set to ENABLED: ECR answered ${code} to ecr:PutAccountSetting${said}\\. .*try again\\.$`,
        ),
      ),
    })
  })

  it('has nothing in the log that lets others answer it', async () => {
    await ask(create)
    expect(logs()).toContainEqual({
      level: 'INFO',
      message: { outcome: 'set', reason: `${Name} is ENABLED`, event: `request-${requests}` },
    })
    expect(JSON.stringify(logs())).not.toContain('X-Amz-Signature')
  })

  it('that cannot be answered is tried three times, and kept', async () => {
    const { ResponseURL: _, ...unanswerable } = requestOf({
      ...{ ResourceType: BEFORE, RequestType: 'Create', ResourceProperties: { Name } },
    })
    cloud.put({ ...unanswerable, source: 'test', 'detail-type': 'a request', detail: {} })
    await cloud.settle()
    expect(invocations.map(({ error }) => error?.type)).toEqual(['TypeError', 'TypeError', 'TypeError'])
    const [{ messages = [] } = {}] = cloud.deadLetters()
    expect(messages.map(({ body }) => JSON.parse(body))).toMatchObject([
      { requestPayload: { RequestId: unanswerable.RequestId }, requestContext: { condition: 'RetriesExhausted' } },
    ])
  })
})

describe('calls', () => {
  const fault = async (call: Promise<unknown>) => call.catch((error: unknown) => error)

  it('that are not answered in time, or with nothing, are failures too', async () => {
    const [hurried, patient] = [accountSettings(signedAws(envOf(aws), 50)), accountSettings(signedAws(envOf(aws)))]
    aws.faults.inject({ service: 'ecr', operation: 'GetAccountSetting', error: { delayMs: 200 }, times: 3 })
    expect(await fault(hurried.read(Name))).toMatchObject({
      ...{ trouble: 'failed', message: 'ECR answered Unreachable to ecr:GetAccountSetting (no answer within 50 ms)' },
    })
    aws.faults.inject({ service: 'ecr', operation: 'GetAccountSetting', error: { body: '{}' } })
    expect(await fault(patient.read(Name))).toMatchObject({
      ...{ trouble: 'failed', message: 'ECR answered ecr:GetAccountSetting without a value' },
    })
  })

  it.each([
    ['InvalidParameterException', 'refused'],
    ['AccessDeniedException', 'denied'],
    ['UnrecognizedClientException', 'failed'],
  ])('that end with %s are %s', async (code, trouble) => {
    aws.faults.inject({ ...put(Name), error: { code, message: 'Said.' } })
    const ports = accountSettings(signedAws(envOf(aws)))
    expect(await fault(ports.put(Name, 'ENABLED'))).toMatchObject({
      ...{ trouble, message: `ECR answered ${code} to ecr:PutAccountSetting (Said)` },
    })
    expect(settingOf(Name)).toBe('DISABLED')
  })

  it('that fail in some other way are no faults of ECR', async () => {
    const broken = accountSettings(async () => Promise.reject(new TypeError('a fault of ours')))
    await expect(broken.read(Name)).rejects.toThrow(TypeError)
    const silent = accountSettings(async () => Promise.reject(new AwsError('HTTP 400', false)))
    await expect(silent.put(Name, 'ENABLED')).rejects.toThrow('ECR answered HTTP 400 to ecr:PutAccountSetting')
  })
})

it('the role is allowed what was called, and nothing that was not', () => {
  const [policy] = stack.ofType('AWS::IAM::Policy')
  const granted = policy ? statementsOf(policy).flatMap(({ Action }) => list(Action)) : []
  const called = aws.calls.flatMap(({ service, operation }) => (service === 'ecr' ? [`${service}:${operation}`] : []))
  expect([...new Set(called)].toSorted()).toEqual(granted.filter((action) => action.startsWith('ecr:')).toSorted())
})
