import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readInventory } from '../../../functions/adapters/in-use.ts'
import { SOURCE_NAMES, type SourceName } from '../../../functions/domain/in-use/source-names.ts'
import { IN_USE_ACTIONS } from '../../../functions/in-use/contract.ts'
import { awsOf, EMPTY, FULL, NOW, Refusal, reportOf, sourcesAt, usesOf, type World } from './aws.ts'

const DENIED = new Refusal('AccessDeniedException', 403, 'User: … is not authorized')

const FOUND: Readonly<Record<SourceName, readonly string[]>> = {
  ecs: [
    'cron:1 ← ECS task of cron:1 in cluster prod',
    'cron:1@04 ← ECS task of cron:1 in cluster prod',
    'job:latest ← ECS task definition job:9',
    'web:1 ← ECS service web in cluster prod',
    'web:2 ← ECS service web in cluster prod',
    'web:3 ← ECS service web in cluster prod',
    'web:3@03 ← ECS service web in cluster prod',
    'web:3@05 ← ECS service web in cluster prod',
    'web:4 ← ECS task definition web:4',
    'web:5 ← ECS task definition web:5',
  ],
  'scheduled-tasks': [
    'hourly:2 ← EventBridge rule on-orders on bus orders',
    'hourly:2 ← EventBridge schedule default/night',
    'nightly:7 ← EventBridge rule on-default on bus default',
    'nightly:7 ← EventBridge schedule mine/raw',
  ],
  lambda: [
    'resize:new ← Lambda function resize, $LATEST',
    'resize:v7 ← Lambda function resize, version 7',
    'resize@07 ← Lambda function resize, version 7',
    'resize@08 ← Lambda function resize, $LATEST',
  ],
  eks: [
    'pods/api@01 ← EKS or ECS, as Inspector saw it: 4 running',
    'pods/job@03 ← EKS or ECS, as Inspector saw it: within the last 90 days',
    'pods/web@02 ← EKS or ECS, as Inspector saw it: 1 running',
  ],
  'app-runner': ['shop:1 ← App Runner service shop'],
  codebuild: ['builder:api ← CodeBuild project api', 'builder:web ← CodeBuild project web'],
  batch: [
    'init:2 ← Batch job definition pods:2',
    'nodes:ecs ← Batch job definition nodes:1',
    'nodes:eks ← Batch job definition nodes:1',
    'nodes:main ← Batch job definition nodes:1',
    'pods:2 ← Batch job definition pods:2',
    'tasks:4 ← Batch job definition tasks:4',
    'train:3 ← Batch job definition train:3',
  ],
}

describe.each(SOURCE_NAMES)('the source %s', (name) => {
  const operations = IN_USE_ACTIONS[name]

  it('finds all that uses an image, on every page', async () => {
    const { report } = await reportOf(name, FULL)
    expect(usesOf(report)).toEqual(FOUND[name])
    expect(report).toMatchObject({ source: name, incomplete: undefined })
  })

  it('finds nothing in an empty account, and knows that this is all', async () => {
    const { report } = await reportOf(name, EMPTY)
    expect(report).toMatchObject({ uses: [], incomplete: undefined })
  })

  it('calls what its permissions are for, all of it and nothing else', async () => {
    const { calls } = await reportOf(name, FULL)
    expect([...new Set(calls.map(({ operation }) => operation))].toSorted()).toEqual([...operations].toSorted())
  })

  it.each(operations)(
    'is not complete where %s is denied, says what to allow, and keeps what it read',
    async (operation) => {
      const { report } = await reportOf(name, { ...FULL, [operation]: () => DENIED })
      expect(report.incomplete).toContain(`AccessDeniedException for ${operation}`)
      expect(report.incomplete).toContain(`: allow ${operation} to the role that reads`)
      expect(report.incomplete).toContain(
        `put "${name}" under clean-up.in-use.ignore-sources if nothing there runs your images`,
      )
      for (const use of usesOf(report)) expect(FOUND[name]).toContain(use)
    },
  )

  it.each(operations)('is not complete where %s gets an answer that is none', async (operation) => {
    for (const answer of [{}, '<html>Please sign in</html>']) {
      const { report } = await reportOf(name, { ...FULL, [operation]: () => answer })
      expect(report.incomplete).toContain(operation)
      for (const use of usesOf(report)) expect(FOUND[name]).toContain(use)
    }
  })

  it.each(operations)('tries %s again when it is throttled, and misses nothing', async (operation) => {
    const throttled: World = {
      ...FULL,
      [operation]: (input, call) =>
        call.nth === 1 ? new Refusal('ThrottlingException') : FULL[operation]?.(input, { ...call, nth: call.nth - 1 }),
    }
    const { report } = await reportOf(name, throttled)
    expect(report.incomplete).toBeUndefined()
    expect(usesOf(report)).toEqual(FOUND[name])
  })

  it('is not complete where throttles do not end', async () => {
    const [operation = ''] = operations
    const { report } = await reportOf(name, { ...FULL, [operation]: () => new Refusal('ThrottlingException') })
    expect(report.incomplete).toContain(`ThrottlingException for ${operation}: try again later`)
  })

  it('is complete only where nothing was refused, whatever is', async () => {
    const wanted = new Set(FOUND[name])
    await fc.assert(
      fc.asyncProperty(fc.subarray([...operations]), fc.nat(2), async (refused, from) => {
        const world = { ...FULL }
        for (const operation of refused)
          world[operation] = (input, call) => (call.nth > from ? DENIED : FULL[operation]?.(input, call))
        const { report, calls } = await reportOf(name, world)
        const wasRefused = refused.some((one) => calls.filter(({ operation }) => operation === one).length > from)
        expect(report.incomplete !== undefined).toBe(wasRefused)
        const found = usesOf(report)
        for (const use of found) expect(wanted).toContain(use)
        if (!wasRefused) expect(found).toEqual(FOUND[name])
      }),
      { numRuns: 20 },
    )
  })
})

/** Operations that list, and what of their source is on the first page. */
const LISTS: readonly (readonly [SourceName, string, string])[] = [
  ['ecs', 'ecs:ListClusters', 'web:3@03 ← ECS service web in cluster prod'],
  ['ecs', 'ecs:ListTasks', 'web:3@03 ← ECS service web in cluster prod'],
  ['ecs', 'ecs:ListTaskDefinitionFamilies', 'web:5 ← ECS task definition web:5'],
  ['scheduled-tasks', 'scheduler:ListSchedules', 'hourly:2 ← EventBridge schedule default/night'],
  ['lambda', 'lambda:ListFunctions', 'resize@08 ← Lambda function resize, $LATEST'],
  ['eks', 'inspector2:ListCoverage', 'pods/api@01 ← EKS or ECS, as Inspector saw it: 4 running'],
  ['app-runner', 'apprunner:ListServices', 'shop:1 ← App Runner service shop'],
  ['codebuild', 'codebuild:ListProjects', 'builder:api ← CodeBuild project api'],
  ['batch', 'batch:DescribeJobDefinitions', 'train:3 ← Batch job definition train:3'],
]

const TOKENS = ['nextToken', 'NextToken', 'Marker']

describe('a list of which the second page fails', () => {
  it.each(LISTS)('of %s, %s, is not complete, and keeps the first', async (name, operation, kept) => {
    const world: World = {
      ...FULL,
      [operation]: (input, call) =>
        TOKENS.some((token) => input[token]) ? new Refusal('InternalFailure', 500) : FULL[operation]?.(input, call),
    }
    const { report } = await reportOf(name, world)
    expect(report.incomplete).toContain(`InternalFailure for ${operation}: try again later`)
    expect(usesOf(report)).toContain(kept)
  })
})

describe('an inventory', () => {
  it('is of all sources in the order of the list, and as of before the first was read', async () => {
    const { url } = await awsOf(FULL)
    const instants = [1_000, 2_000]
    const inventory = await readInventory(sourcesAt(url), () => new Date(instants.shift() ?? 0))
    expect(inventory.at).toBe(1_000)
    expect(inventory.reports.map(({ source }) => source)).toEqual(SOURCE_NAMES)
    expect(inventory.reports.flatMap(usesOf)).toEqual(SOURCE_NAMES.flatMap((name) => FOUND[name]))
    expect(inventory.reports.map(({ incomplete }) => incomplete)).toEqual(SOURCE_NAMES.map(() => undefined))
  })

  it('leaves out the sources that the configuration ignores', async () => {
    const { url, calls } = await awsOf(FULL)
    const sources = sourcesAt(url, { ignoreSources: ['batch', 'eks'] })
    const { reports } = await readInventory(sources, () => NOW)
    expect(reports.map(({ source }) => source)).toEqual(SOURCE_NAMES.filter((name) => !['batch', 'eks'].includes(name)))
    expect(calls.filter(({ operation }) => /^(?:batch|eks):/.test(operation))).toEqual([])
  })

  it('names each fault once, with how often it was met', async () => {
    const { report } = await reportOf('ecs', { ...FULL, 'ecs:ListTasks': () => DENIED })
    expect(report.incomplete?.match(/ecs:ListTasks: allow/g)).toHaveLength(1)
    expect(report.incomplete).toContain('(2 times)')
  })

  it('asks once for what never changes, however often it is read, and again for what does', async () => {
    const ecs = await reportOf('ecs', FULL)
    const lambda = await reportOf('lambda', FULL)
    const before = [ecs, lambda].map(({ calls }) => calls.length)
    for (const each of [ecs, lambda]) expect(usesOf(await each.again())).toEqual(usesOf(each.report))
    const later = [ecs, lambda].flatMap(({ calls }, index) => calls.slice(before[index]))
    expect(later.filter(({ operation }) => operation === 'ecs:DescribeTaskDefinition')).toEqual([])
    expect(
      later.filter(({ operation }) => operation === 'lambda:GetFunction').map(({ input }) => input.Qualifier),
    ).toEqual(['$LATEST'])
  })

  it('says what AWS says where it is neither a permission nor a throttle', async () => {
    const odd = new Refusal('InvalidParameterException', 400, 'x'.repeat(1_000))
    const { report } = await reportOf('codebuild', { ...FULL, 'codebuild:ListProjects': () => odd })
    expect(report.incomplete).toContain('InvalidParameterException for codebuild:ListProjects: AWS says: xxx')
    expect(report.incomplete?.length).toBeLessThan(500)
    const silent = await reportOf('codebuild', { ...FULL, 'codebuild:ListProjects': () => new Refusal('Odd') })
    expect(silent.report.incomplete).toContain('Odd for codebuild:ListProjects: see docs/in-use.md')
  })

  it('is not complete where nothing answers', async () => {
    const [source] = sourcesAt('http://127.0.0.1:1')
    expect((await source?.read())?.incomplete).toContain('Unreachable for ecs:ListClusters: try again later')
  })
})
