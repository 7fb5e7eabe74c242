import { describe, expect, onTestFinished, test } from 'vitest'
import { startLocalAws } from '../../../local/aws/server.ts'
import { type Cloud, deployLocally } from '../../../local/runtime/cloud.ts'
import { type Resources, worker, writeAssembly } from './assembly.ts'

const arnOf = (id: string) => ({ 'Fn::GetAtt': [id, 'Arn'] })

/** Answers as its properties say: by default its name, with its own version as an attribute. */
const HANDLER = `exports.handler = async ({ ResponseURL, StackId, RequestId, LogicalResourceId, ...event }) => {
  console.log(event)
  const { Name, Version, Fails, Silent } = event.ResourceProperties
  if (Silent) return
  const failed = Fails === event.RequestType
  const body = JSON.stringify({
    StackId, RequestId, LogicalResourceId, Status: failed ? 'FAILED' : 'SUCCESS',
    PhysicalResourceId: Name, Data: { Version }, ...(failed && { Reason: 'it may not be ' + Name }),
  })
  const answer = await fetch(ResponseURL, { method: 'PUT', body: new TextEncoder().encode(body) })
  if (!answer.ok) throw new Error('answer ' + answer.status)
}`

const custom = (id: string, properties: object, more: object = {}): Resources => ({
  [id]: {
    Type: 'Custom::Thing',
    Properties: { ServiceToken: arnOf('AskFunction'), Name: id.toLowerCase(), Version: 1, ...properties },
    ...more,
  },
})

async function started() {
  const aws = await startLocalAws()
  onTestFinished(() => aws.close())
  let last: Cloud | undefined
  /** Deploys after the cloud before has ended. */
  async function deploy(resources: Resources, outputs: object = {}) {
    await last?.close()
    const { folder, remove } = writeAssembly({
      resources: { ...worker('Ask'), ...resources },
      code: { Ask: HANDLER },
      template: { Outputs: outputs },
    })
    onTestFinished(remove)
    const cloud = await deployLocally({ assembly: folder, stack: 'Test', aws, customResources: true })
    onTestFinished(() => cloud.close())
    last = cloud
    return cloud
  }
  return { aws, deploy }
}

type Asked = { RequestType: string; PhysicalResourceId?: string; ResourceProperties: { Name: string } }

/** What was asked, from the log of the function: the invocations of a deployment are over before anybody listens. */
async function askedBy(cloud: Cloud, run: () => Promise<unknown>): Promise<string[]> {
  const asked: Asked[] = []
  cloud.onInvocation(({ records }) => asked.push(...(records as Asked[])))
  await run()
  return asked.map(({ RequestType, PhysicalResourceId }) => `${RequestType} ${PhysicalResourceId}`)
}

describe('custom resources', () => {
  test('are asked one after the other, and what they answer is theirs', async () => {
    const { deploy } = await started()
    const cloud = await deploy(
      { ...custom('Second', { Name: { 'Fn::Sub': `after-\${First}-\${First.Version}` } }), ...custom('First', {}) },
      { Out: { Value: { Ref: 'Second' } }, Version: { Value: { 'Fn::GetAtt': ['First', 'Version'] } } },
    )
    expect([cloud.outputs, cloud.remarks]).toEqual([{ Out: 'after-first-1', Version: '1' }, []])
    expect(await askedBy(cloud, () => cloud.destroy())).toEqual(['Delete after-first-1', 'Delete first'])
  })

  test('are asked again when they change, and are let go when they leave or are replaced', async () => {
    const { aws, deploy } = await started()
    await deploy({ ...custom('Same', {}), ...custom('Gone', {}), ...custom('Renamed', {}) })
    const cloud = await deploy(
      { ...custom('Same', {}), ...custom('Renamed', { Name: 'new' }) },
      { Out: { Value: { Ref: 'Renamed' } } },
    )
    expect(cloud.outputs).toEqual({ Out: 'new' })
    const [stack] = aws.stacks.values()
    const resources = typeof stack === 'object' ? stack.resources : undefined
    expect([...(resources ?? [])].map(([id, { name }]) => [id, name])).toEqual([
      ['Same', 'same'],
      ['Renamed', 'new'],
    ])
    expect(await askedBy(cloud, () => cloud.destroy())).toEqual(['Delete new', 'Delete same'])
  })

  test('that fail are told of with their reason, and all is taken back', async () => {
    const { aws, deploy } = await started()
    const web = { Web: { Type: 'AWS::ECR::Repository', Properties: { RepositoryName: 'web' } } }
    await expect(deploy({ ...web, ...custom('First', {}), ...custom('Second', { Fails: 'Create' }) })).rejects.toThrow(
      /Resources.Second.Properties: Custom::Thing failed: it may not be second$/,
    )
    expect([aws.ecr.repositories(), aws.stacks.size]).toEqual([[], 0])
    await deploy({ ...web, ...custom('First', {}) })
    const changed = deploy({ ...web, ...custom('First', { Fails: 'Update', Version: 2 }) })
    await expect(changed).rejects.toThrow(/failed: it may not be first$/)
    const cloud = await deploy(custom('First', {}), { Out: { Value: { 'Fn::GetAtt': ['First', 'Version'] } } })
    expect(cloud.outputs).toEqual({ Out: '1' })
  })

  test.each<[string, Resources, RegExp]>([
    ['that give no answer', custom('One', { Silent: true }), /gave no answer/],
    [
      'of a function elsewhere',
      custom('One', { ServiceToken: 'arn:aws:lambda:x:1:function:y' }),
      /no function of the stack/,
    ],
    [
      'in a circle',
      { ...custom('One', {}, { DependsOn: ['Two'] }), ...custom('Two', { Name: { Ref: 'One' } }) },
      /it refers to itself, by One, Two/,
    ],
  ])('%s fail', async (_, resources, message) => {
    const { deploy } = await started()
    await expect(deploy(resources)).rejects.toThrow(message)
  })
})
