import { describe, expect, it } from 'vitest'
import { appRunner } from '../../../functions/adapters/in-use/app-runner.ts'
import { readSource } from '../../../functions/adapters/in-use/reading.ts'
import { AwsError } from '../../../functions/adapters/signed-aws.ts'
import {
  byDigest,
  digest,
  EMPTY,
  FULL,
  image,
  paged,
  Refusal,
  reportOf,
  taskDefinitionArn,
  taskDefinitions,
  usesOf,
} from './aws.ts'

const GONE = new Refusal('ResourceNotFoundException', 404)

describe('ECS', () => {
  const running = (containers: readonly object[]) => ({
    ...EMPTY,
    'ecs:ListClusters': () => ({ clusterArns: ['arn:aws:ecs:us-east-1:111111111111:cluster/prod'] }),
    'ecs:ListTasks': () => ({ taskArns: ['task'] }),
    'ecs:ListServices': () => ({ serviceArns: [] }),
    'ecs:DescribeTasks': () => ({ tasks: [{ containers }], failures: [] }),
  })
  const by = ' ← ECS task of  in cluster prod'

  it.each([
    ['Docker Hub', { image: 'docker.io/library/nginx:1.27', imageDigest: digest(1) }, []],
    ['its name alone', { image: 'nginx' }, []],
    ['no image at all', {}, []],
    ['a digest alone', { image: byDigest('api', 1), imageDigest: digest(1) }, [`api@01${by}`]],
    ['a tag before it has started', { image: image('api:1') }, [`api:1${by}`]],
    ['a tag and a digest', { image: `${image('api:1')}@${digest(1)}`, imageDigest: digest(1) }, [`api:1@01${by}`]],
    [
      'an index by digest, of which it runs a child',
      { image: byDigest('api', 1), imageDigest: digest(2) },
      [`api@01${by}`, `api@02${by}`],
    ],
  ])('reads a container with an image of %s', async (_, container, expected) => {
    const { report } = await reportOf('ecs', running([container]))
    expect(usesOf(report)).toEqual(expected)
    expect(report.incomplete).toBeUndefined()
  })

  it('takes what is gone between the list and the look for gone', async () => {
    const missing = { failures: [{ arn: '…', reason: 'MISSING' }] }
    const { report } = await reportOf('ecs', {
      ...FULL,
      'ecs:DescribeTasks': () => ({ tasks: [], ...missing }),
      'ecs:DescribeServices': () => ({ services: [], ...missing }),
    })
    expect(report.incomplete).toBeUndefined()
  })

  it.each(['ecs:DescribeTasks', 'ecs:DescribeServices', 'ecs:DescribeServiceRevisions'])(
    'does not take another failure of %s for gone',
    async (operation) => {
      const failures = [{ arn: '…', reason: 'INACTIVE' }, {}]
      const { report } = await reportOf('ecs', {
        ...FULL,
        [operation]: () => ({ tasks: [], services: [], serviceRevisions: [], failures }),
      })
      expect(report.incomplete).toContain(`INACTIVE for ${operation}`)
      const nameless = await reportOf('ecs', {
        ...FULL,
        [operation]: () => ({ tasks: [], services: [], serviceRevisions: [], failures: [{}] }),
      })
      expect(nameless.report.incomplete).toContain(`a failure without a reason for ${operation}`)
    },
  )

  it('takes a cluster that is gone for gone', async () => {
    const { report } = await reportOf('ecs', {
      ...FULL,
      'ecs:ListTasks': () => new Refusal('ClusterNotFoundException'),
    })
    expect(report.incomplete).toBeUndefined()
  })

  it('describes a service of which ECS says least', async () => {
    const { report } = await reportOf('ecs', {
      ...FULL,
      'ecs:DescribeServices': () => ({ services: [{ serviceName: 'web' }] }),
    })
    expect(report.incomplete).toBeUndefined()
    const bare = await reportOf('ecs', { ...FULL, 'ecs:DescribeServiceRevisions': () => ({ serviceRevisions: [{}] }) })
    expect(bare.report.incomplete).toBeUndefined()
  })

  it('counts the newest revisions over several pages, and no more than are wanted', async () => {
    const world = {
      ...EMPTY,
      'ecs:ListTaskDefinitionFamilies': () => ({ families: ['web'] }),
      'ecs:ListTaskDefinitions': paged('taskDefinitionArns', [
        ['web:5', 'web:4'].map(taskDefinitionArn),
        ['web:3', 'web:2'].map(taskDefinitionArn),
        ['web:1'].map(taskDefinitionArn),
      ]),
      'ecs:DescribeTaskDefinition': taskDefinitions(
        Object.fromEntries([1, 2, 3, 4, 5].map((n) => [`web:${n}`, [image(`web:${n}`)]])),
      ),
    }
    const { report, calls } = await reportOf('ecs', world, { taskDefinitions: 3 })
    expect(usesOf(report)).toEqual([3, 4, 5].map((n) => `web:${n} ← ECS task definition web:${n}`))
    expect(calls.filter(({ operation }) => operation === 'ecs:ListTaskDefinitions')).toHaveLength(2)
    expect(usesOf((await reportOf('ecs', world, { taskDefinitions: 9 })).report)).toHaveLength(5)
  })

  it('asks for no family where none is wanted, and still for what runs', async () => {
    const { report, calls } = await reportOf('ecs', FULL, { taskDefinitions: 0 })
    expect(calls.filter(({ operation }) => operation === 'ecs:ListTaskDefinitionFamilies')).toEqual([])
    expect(usesOf(report)).toContain('web:1 ← ECS service web in cluster prod')
  })

  it('takes a task definition that is deleted for gone, and no other fault of that code', async () => {
    const deleted = await reportOf('ecs', { ...FULL, 'ecs:DescribeTaskDefinition': taskDefinitions({}) })
    expect(deleted.report.incomplete).toBeUndefined()
    const other = new Refusal('ClientException', 400, 'Unable to describe task definition (Rate exceeded)')
    const throttled = await reportOf('ecs', { ...FULL, 'ecs:DescribeTaskDefinition': () => other })
    expect(throttled.report.incomplete).toContain('ClientException for ecs:DescribeTaskDefinition: AWS says: Unable')
  })
})

describe('scheduled tasks', () => {
  it.each(['events:ListRules', 'events:ListTargetsByRule', 'scheduler:GetSchedule'])(
    'take what is gone by the time of %s for gone',
    async (operation) => {
      const { report } = await reportOf('scheduled-tasks', { ...FULL, [operation]: () => GONE })
      expect(report.incomplete).toBeUndefined()
    },
  )

  it.each(['{', '{}', '{"TaskDefinition":1}', undefined])(
    'are not complete where a schedule starts a task that its input %j does not name',
    async (Input) => {
      const { report } = await reportOf('scheduled-tasks', {
        ...FULL,
        'scheduler:GetSchedule': () => ({ Target: { Input } }),
      })
      expect(report.incomplete).toContain('see which task EventBridge schedule default/night starts')
    },
  )
})

describe('Lambda', () => {
  it('takes a function that is gone for gone', async () => {
    const { report } = await reportOf('lambda', { ...FULL, 'lambda:GetFunction': () => GONE })
    expect(report).toMatchObject({ uses: [], incomplete: undefined })
  })

  it('is not complete where an image function has no image', async () => {
    const { report } = await reportOf('lambda', { ...FULL, 'lambda:GetFunction': () => ({ Code: { Error: {} } }) })
    expect(report.incomplete).toContain('without an image for lambda:GetFunction: see what Lambda says of resize:7')
  })

  it('asks again for a version that AWS did not name by its ARN', async () => {
    const versions = [
      { FunctionName: 'a', PackageType: 'Image', Version: '1', FunctionArn: 'arn:aws:lambda:us-east-1:1:function:a' },
    ]
    const { report, calls, again } = await reportOf('lambda', {
      ...FULL,
      'lambda:ListFunctions': () => ({ Functions: versions }),
    })
    expect(report.uses).toHaveLength(2)
    await again()
    expect(calls.filter(({ operation }) => operation === 'lambda:GetFunction')).toHaveLength(2)
  })
})

describe('App Runner', () => {
  it('takes a service that is gone for gone', async () => {
    const { report } = await reportOf('app-runner', { ...FULL, 'apprunner:DescribeService': () => GONE })
    expect(report).toMatchObject({ uses: [], incomplete: undefined })
  })
})

describe('App Runner in a region', () => {
  const incompleteIn = async (region: string, code: string, message: string) => {
    const aws = async (): Promise<never> => {
      throw new AwsError(code, true, { message })
    }
    const site = { registry: { account: '111111111111', region }, aws, rest: aws, taskDefinitions: 5 }
    return (await readSource(appRunner, { ...site, known: new Map(), now: () => new Date(0) })).incomplete
  }

  it('that it is not offered in has nothing to read: AWS lists none, and its name is not known', async () => {
    expect(await incompleteIn('eu-north-1', 'Unreachable', 'ENOTFOUND')).toBeUndefined()
  })

  it.each([
    ['is offered in, whose name is not known', 'us-east-1', 'Unreachable', 'ENOTFOUND'],
    ['is not listed for, where names cannot be asked for', 'eu-north-1', 'Unreachable', 'EAI_AGAIN'],
    ['is not listed for, where nothing answers in time', 'eu-north-1', 'Unreachable', 'no answer within 10000 ms'],
    ['is not listed for, and refuses', 'eu-north-1', 'InternalServiceErrorException', 'ENOTFOUND'],
  ])('that it %s is not known', async (_, region, code, message) => {
    expect(await incompleteIn(region, code, message)).toContain(`${code} for apprunner:ListServices`)
  })
})

describe('EKS', () => {
  it('needs no Inspector where there are no clusters', async () => {
    const { calls } = await reportOf('eks', EMPTY)
    expect(calls.map(({ operation }) => operation)).toEqual(['eks:ListClusters'])
  })

  it.each([
    ['is off', { accounts: [{ accountId: '111111111111', resourceState: { ecr: { status: 'DISABLED' } } }] }],
    ['is that of another account', { accounts: [{ accountId: '9', resourceState: { ecr: { status: 'ENABLED' } } }] }],
    ['says nothing of ECR', { accounts: [{ accountId: '111111111111' }] }],
  ])('is not known where Inspector %s: the clusters are named', async (_, answer) => {
    const { report } = await reportOf('eks', { ...FULL, 'inspector2:BatchGetAccountStatus': () => answer })
    expect(report.uses).toEqual([])
    expect(report.incomplete).toContain(
      "nothing tells what runs in EKS cluster blue, green: turn on Inspector's ECR scanning in 111111111111, us-east-1",
    )
  })

  it('is not complete where Inspector forgets what was pulled long ago, and keeps what it tells', async () => {
    const mode = { ecrConfiguration: { rescanDurationState: { pullDateRescanMode: 'LAST_PULL_DATE' } } }
    const { report } = await reportOf('eks', { ...FULL, 'inspector2:GetConfiguration': () => mode })
    expect(report.incomplete).toContain(
      'not LAST_IN_USE_AT for inspector2:GetConfiguration: let Inspector watch images by their last use',
    )
    expect(report.uses).toHaveLength(3)
  })

  const filter = (text: string) => [{ filter: text, filterType: 'WILDCARD' }]
  it.each([
    [
      'some repositories',
      { scanType: 'ENHANCED', rules: [{ scanFrequency: 'CONTINUOUS_SCAN', repositoryFilters: filter('prod*') }] },
    ],
    [
      'pushes alone',
      { scanType: 'ENHANCED', rules: [{ scanFrequency: 'SCAN_ON_PUSH', repositoryFilters: filter('*') }] },
    ],
    [
      'nothing, since ECR scans itself',
      { scanType: 'BASIC', rules: [{ scanFrequency: 'CONTINUOUS_SCAN', repositoryFilters: filter('*') }] },
    ],
    ['nothing, without rules', { scanType: 'ENHANCED' }],
    ['nothing, by a rule about nothing', { scanType: 'ENHANCED', rules: [{ scanFrequency: 'CONTINUOUS_SCAN' }] }],
  ])('is not complete where Inspector watches %s', async (_, scanningConfiguration) => {
    const { report } = await reportOf('eks', {
      ...FULL,
      'ecr:GetRegistryScanningConfiguration': () => ({ scanningConfiguration }),
    })
    expect(report.incomplete).toContain('not every repository for ecr:GetRegistryScanningConfiguration')
  })

  it('is not complete where Inspector names an image in a way that is not known', async () => {
    for (const resource of [{ resourceId: 'arn:aws:ecr:us-east-1:1:repository/x' }, {}]) {
      const { report } = await reportOf('eks', {
        ...FULL,
        'inspector2:ListCoverage': () => ({ coveredResources: [resource] }),
      })
      expect(report.incomplete).toContain('which is no image')
    }
  })

  it('takes an image without a count for one that was in use lately', async () => {
    const resourceId = `arn:aws:ecr:us-east-1:111111111111:repository/a/b/${digest(1)}`
    const { report } = await reportOf('eks', {
      ...FULL,
      'inspector2:ListCoverage': () => ({ coveredResources: [{ resourceId }] }),
    })
    expect(new Set(usesOf(report))).toEqual(
      new Set(['a/b@01 ← EKS or ECS, as Inspector saw it: within the last 90 days']),
    )
  })
})

describe('Batch', () => {
  it('reads a definition of which Batch says least', async () => {
    const definitions = [
      { jobDefinitionName: 'a', revision: 1, nodeProperties: {}, eksProperties: {}, ecsProperties: {} },
    ]
    const { report } = await reportOf('batch', {
      ...EMPTY,
      'batch:DescribeJobDefinitions': () => ({ jobDefinitions: definitions }),
    })
    expect(report).toMatchObject({ uses: [], incomplete: undefined })
  })
})
