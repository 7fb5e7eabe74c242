import { fork } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { SweepReport } from '../functions/domain/sweep/report.ts'
import {
  type Calls,
  countCalls,
  type Endpoint,
  LATENCY,
  oneCall,
  type Ran,
  steward,
  sumOf,
  withRegistry,
  withSteward,
} from './registry.ts'

const CONFIG = `alerts: [{ repositories: ["**"], to: [sns] }]
policy:
  - repositories: ["**"]
    rules: { tag-immutability: report, scan-on-push: report, lifecycle-policy: report }
sweep: { to: [sns] }
`

/**
 * Calls of ECR by operation, as functions/sweep/judge-repositories.ts has it, after the listing: its pages, and how the
 * registry scans. The listing tells the settings, and no rule asks for the repository policy or for manifests.
 */
const formulaOf = (repositories: number): Calls['answered'] => ({
  ...{ DescribeRepositories: Math.ceil(repositories / 1_000), GetRegistryScanningConfiguration: 1 },
  ...{ ListTagsForResource: repositories, GetLifecyclePolicy: repositories, DescribeImages: repositories },
})

type Swept = Ran & {
  /** Repositories that were not judged, or not whole. */
  readonly failed: number
}

/** Runs the bundled `sweep`. */
async function swept(folder: string, endpoint: Endpoint, repositories: number): Promise<Swept> {
  const ran = await steward(folder, endpoint, ['sweep', '--output', 'json', '--store', `${folder}/store`])
  const { coverage }: SweepReport = JSON.parse(ran.out)
  if (coverage.listed !== repositories)
    throw new Error(`sweep found ${coverage.listed} of ${repositories} repositories`)
  return { ...ran, failed: coverage.listed - coverage.judged + coverage.notWhole }
}

const thousands = (count: number): string => count.toLocaleString('en')

/** `30,011 calls, as the formula has it`; where it does not, what differs. */
function inWords(answered: Calls['answered'], formula: Calls['answered']): string {
  const names = [...new Set([...Object.keys(answered), ...Object.keys(formula)])]
  const others = names.filter((name) => answered[name] !== formula[name])
  const differences = others.map((name) => `${name} ${answered[name] ?? 0} and not ${formula[name] ?? 0}`)
  const told = differences.length === 0 ? 'as the formula has it' : differences.join(', ')
  return `${thousands(sumOf(answered))} calls (formula ${thousands(sumOf(formula))}: ${told})`
}

/** @returns a line of the bench */
const atOnce = (repositories: number): Promise<string> =>
  withRegistry(repositories, CONFIG, async (aws, folder) => {
    const each = await oneCall(aws)
    const calls = countCalls(aws)
    const { seconds, failed, memory } = await swept(folder, aws, repositories)
    const { answered } = calls()
    const ratio = (each * sumOf(answered)) / seconds
    return `  ${thousands(repositories)} repositories: ${inWords(answered, formulaOf(repositories))} in ${seconds.toFixed(1)} s, ${ratio.toFixed(1)} × one at a time (goal ≥ 40), ${failed} not judged whole, ${memory.toFixed(0)} MB`
  })

/** Where AWS grants so many calls a second of each operation. */
const throttled = (repositories: number, rate: number): Promise<string> =>
  withRegistry(repositories, CONFIG, async (aws, folder) => {
    aws.faults.limit({ service: 'ecr', rate, burst: rate })
    const calls = countCalls(aws)
    const { seconds, failed } = await swept(folder, aws, repositories)
    const ratio = seconds / (repositories / rate)
    return `  ${thousands(repositories)} where ${rate} calls a second are granted: ${ratio.toFixed(2)} × calls ÷ rate (goal ≤ 1.25), ${calls().throttles} throttles, ${failed} not judged whole (goal 0)`
  })

/** Findings of each image of the registry with images. */
const FINDINGS = 10

/** How long it is taken for granted how the registry scans. Seconds: functions/adapters/repository-reader.ts. */
const FRESH = 300

const withImages = (repositories: number, images: number, seconds: number): Calls['answered'] => ({
  ...formulaOf(repositories),
  GetRegistryScanningConfiguration: Math.ceil(seconds / FRESH),
  DescribeImages: repositories * Math.ceil(images / 1_000),
  DescribeImageScanFindings: repositories * images,
})

/** Works with an ECR that makes up its answers, so that a million images take no memory. */
async function withMadeUp<T>(
  repositories: number,
  images: number,
  work: (endpoint: Endpoint, answered: () => Promise<Calls['answered']>) => Promise<T>,
): Promise<T> {
  const size = [repositories, images, LATENCY.minMs, FINDINGS].map(String)
  const server = fork(join(import.meta.dirname, 'fast-ecr.ts'), size)
  try {
    const [port] = await once(server, 'message')
    return await work({ url: `http://127.0.0.1:${port}`, region: 'eu-central-1' }, async () => {
      server.send('calls')
      const [{ GetCallerIdentity: _, ...answered }] = await once(server, 'message')
      return answered
    })
  } finally {
    server.kill()
  }
}

/** `report.html 2.87 MB, report.json 4.46 MB`. */
const reportSizes = (folder: string): string =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /report\.(?:html|json)$/.test(name))
    .map((name) => `${basename(name)} ${(statSync(join(folder, name)).size / 1_000_000).toFixed(2)} MB`)
    .toSorted()
    .join(', ')

/** Where each image has a tag, and findings: how much memory it takes. */
const withFindings = (repositories: number, images: number): Promise<string> =>
  withSteward(CONFIG, (folder) =>
    withMadeUp(repositories, images, async (endpoint, answered) => {
      const { seconds, failed, memory } = await swept(folder, endpoint, repositories)
      const calls = inWords(await answered(), withImages(repositories, images, seconds))
      return `  ${thousands(repositories)} with ${images} images of ${FINDINGS} findings each: ${memory.toFixed(0)} MB at most (goal ≤ 300), ${calls} in ${seconds.toFixed(0)} s, ${failed} not judged whole
  ${reportSizes(`${folder}/store`)} (goal ≤ 5)`
    }),
  )

/** What the bench prints. */
export const sweepLines = async (repositories = 10_000): Promise<readonly string[]> => [
  'ecr-steward sweep, 20 to 50 ms a call',
  await atOnce(repositories),
  await throttled(Math.min(repositories, 4_000), 200),
  await throttled(Math.min(repositories, 1_500), 50),
  await withFindings(repositories, 100),
]

// `node bench/sweep.ts 1000` is a smaller one.
if (import.meta.main) console.log((await sweepLines(Number(process.argv[2] ?? 10_000))).join('\n'))
