import { execFileSync, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { ecrHoldings } from '../functions/adapters/holdings.ts'
import { type AwsCall, signedAws } from '../functions/adapters/signed-aws.ts'
import { planCleanUp } from '../functions/clean-up/plan.ts'
import { parsePolicy } from '../functions/domain/lifecycle/parse-policy.ts'

type Registry = {
  readonly repositories: number
  /** Of each repository. */
  readonly images: number
  /** Milliseconds that a call takes. */
  readonly latency: number
}

/** What a page of a thousand images takes over a network, and with a margin. */
const MANY: Registry = { repositories: 1_000, images: 1_000, latency: 200 }
const LARGE: Registry = { repositories: 1, images: 1_000_000, latency: 0 }
/** Repositories side by side, as of the command line. */
const AT_ONCE = 20
const NOW = new Date('2026-11-28T03:00:00Z')

const POLICY = JSON.stringify({
  rules: [
    {
      rulePriority: 1,
      selection: { tagStatus: 'untagged', countType: 'sinceImagePushed', countUnit: 'days', countNumber: 14 },
      action: { type: 'expire' },
    },
    {
      rulePriority: 2,
      selection: { tagStatus: 'any', countType: 'imageCountMoreThan', countNumber: 500 },
      action: { type: 'expire' },
    },
  ],
})

export type Planned = {
  readonly images: number
  readonly planned: number
  readonly calls: number
  /** Pages of images that were read more than once, or not at all. */
  readonly notOnce: number
  readonly seconds: number
  /** Wall time ÷ (calls × what one takes ÷ repositories side by side). */
  readonly ratio: number
  /** MB that the process holds at most. */
  readonly memory: number
}

/** Planning a repository that is large. MB. */
export type LargePlan = Pick<Planned, 'images' | 'planned' | 'seconds' | 'memory'>

/** Counts calls, and pages by repository. */
function counted(aws: AwsCall) {
  const pages = new Map<string, number>()
  let calls = 0
  const call: AwsCall = (service, operation, input) => {
    calls += 1
    const { repositoryName, nextToken = '' } = input as { repositoryName?: string; nextToken?: string }
    const page = `${repositoryName} ${nextToken}`
    if (operation === 'DescribeImages') pages.set(page, (pages.get(page) ?? 0) + 1)
    return aws(service, operation, input)
  }
  return { call, calls: () => calls, pages }
}

async function plannedAt(port: number, registry: Registry): Promise<Planned> {
  const region = 'eu-central-1'
  const env = {
    AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`,
    AWS_REGION: region,
    AWS_ACCESS_KEY_ID: 'x',
    AWS_SECRET_ACCESS_KEY: 'y',
  }
  const { call, calls, pages } = counted(signedAws(env, 60_000))
  const entries = [{ repositories: ['**'], policy: 'ci.json', rules: parsePolicy(POLICY).rules ?? [], line: 1 }]
  const atMost = { images: 500, shareOfRepository: 0.2, shareOfRegistry: 0.1 }
  const inUse = { taskDefinitions: 5, regions: [], accounts: [], ignoreSources: [], ignoreAccounts: [], pins: [] }
  let memory = 0
  const started = performance.now()
  const plan = await planCleanUp({
    ...{ registry: { account: '123456789012', region }, holdings: ecrHoldings(call, region), atOnce: AT_ONCE },
    policy: { mode: 'dry-run', schedule: '', slack: [], atMost, entries, inUse },
    readInventory: async () => ({ at: NOW.getTime(), reports: [] }),
    registryPolicy: async () => undefined,
    ...{ now: NOW, id: '2026-11-28t03-00-00z-bench' },
    onRepository: () => {
      memory = Math.max(memory, process.memoryUsage().rss)
    },
  })
  const seconds = (performance.now() - started) / 1_000
  return {
    images: Object.values(plan.population).reduce((sum, one) => sum + one, 0),
    planned: plan.items.length,
    calls: calls(),
    notOnce:
      registry.repositories * Math.ceil(registry.images / 1_000) -
      [...pages.values()].filter((times) => times === 1).length,
    seconds,
    ratio: seconds / ((calls() * registry.latency) / 1_000 / AT_ONCE),
    memory: Math.round(memory / 1_000_000),
  }
}

async function planned(registry: Registry): Promise<Planned> {
  const { repositories, images, latency } = registry
  const server = fork(join(import.meta.dirname, 'fast-ecr.ts'), [repositories, images, latency].map(String))
  try {
    const [port] = await once(server, 'message')
    return await plannedAt(Number(port), registry)
  } finally {
    server.kill()
  }
}

/** Plans the clean-up of a registry of a thousand repositories with a thousand images each, at the other end of a network. */
export const cleanUpPlan = (): Promise<Planned> => planned(MANY)

/**
 * Plans the clean-up of one repository of a million images, of which the rules mark almost all, in a process of its own: what
 * it holds is what planning holds, and about 60 MB of Node itself.
 */
export const largePlan = (): LargePlan =>
  JSON.parse(execFileSync(process.execPath, [import.meta.filename, 'large'], { encoding: 'utf8' }))

async function measureLarge(): Promise<LargePlan> {
  const { images, planned: going, seconds } = await planned(LARGE)
  return { images, planned: going, seconds, memory: Math.round((process.resourceUsage().maxRSS * 1_024) / 1_000_000) }
}

if (import.meta.main)
  console.log(process.argv[2] === 'large' ? JSON.stringify(await measureLarge()) : await cleanUpPlan())
