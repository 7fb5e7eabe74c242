import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { signedAws } from '../functions/adapters/signed-aws.ts'
import { repositoryArn } from '../functions/domain/registry.ts'
import type { SweepReport } from '../functions/domain/sweep/report.ts'
import { type LocalAws, startLocalAws } from '../local/aws/server.ts'
import { bundleCli } from '../scripts/bundle-cli.ts'

/** Milliseconds that a call takes over a network. */
const LATENCY = { minMs: 20, maxMs: 50 }
/** Calls that are made one at a time, to know what one takes. */
const SAMPLE = 100

const CONFIG = `alerts: [{ repositories: ["**"], to: [sns] }]
policy:
  - repositories: ["**"]
    rules: { tag-immutability: report, scan-on-push: report, lifecycle-policy: report }
sweep: { to: [sns] }
`

type Swept = {
  readonly calls: number
  readonly throttles: number
  /** From the start of the process to its end. */
  readonly seconds: number
  /** Repositories that were not judged, or not whole. */
  readonly failed: number
  /** MB that the process holds at most. */
  readonly memory: number
}

const envOf = ({ url, region }: LocalAws) => ({
  ...{ AWS_ENDPOINT_URL: url, AWS_REGION: region },
  ...{ AWS_ACCESS_KEY_ID: 'AKIABENCHBENCHBENCH0', AWS_SECRET_ACCESS_KEY: 'bench' },
})

/** MB, as Linux counts them. */
const mostOf = (pid: number | undefined): number =>
  Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1_000

/** Runs the bundled `sweep` in a process of its own. */
async function swept(folder: string, aws: LocalAws, repositories: number): Promise<Swept> {
  const words = [join(folder, 'ecr-steward.cjs'), 'sweep', '--config', join(folder, 'steward.yaml'), '--output', 'json']
  const before = aws.calls.length
  const started = performance.now()
  const child = spawn(process.execPath, [...words, '--store', join(folder, 'store')], { env: envOf(aws) })
  let memory = 0
  const watching = setInterval(() => {
    if (child.exitCode === null) memory = Math.max(memory, mostOf(child.pid))
  }, 100)
  const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
  clearInterval(watching)
  const seconds = (performance.now() - started) / 1_000
  if (code !== 1) throw new Error(`sweep ended with ${code}: ${err.slice(-500)}`)
  const { coverage }: SweepReport = JSON.parse(out)
  if (coverage.listed !== repositories)
    throw new Error(`sweep found ${coverage.listed} of ${repositories} repositories`)
  const calls = aws.calls.slice(before)
  const throttles = calls.filter(({ error }) => error === 'ThrottlingException').length
  return { calls: calls.length, throttles, seconds, failed: coverage.listed - coverage.judged, memory }
}

/** A registry at the other end of a network. */
async function withRegistry<T>(repositories: number, work: (aws: LocalAws, folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'ecr-steward-bench-'))
  const aws = await startLocalAws()
  try {
    writeFileSync(join(folder, 'steward.yaml'), CONFIG)
    await bundleCli(folder)
    for (let index = 0; index < repositories; index++)
      aws.ecr.createRepository({ repositoryName: `team-${index % 20}/service-${index}` })
    aws.faults.delay({ service: 'ecr', ...LATENCY })
    return await work(aws, folder)
  } finally {
    await aws.close()
    rmSync(folder, { recursive: true })
  }
}

/** Seconds that a call takes, with nothing beside it. */
async function oneCall(aws: LocalAws): Promise<number> {
  const call = signedAws(envOf(aws))
  const resourceArn = repositoryArn({ account: aws.account, region: aws.region, repository: 'team-1/service-1' })
  const started = performance.now()
  for (let index = 0; index < SAMPLE; index++) await call('ecr', 'ListTagsForResource', { resourceArn })
  return (performance.now() - started) / 1_000 / SAMPLE
}

const thousands = (count: number): string => count.toLocaleString('en')

/** @returns a line of the bench */
const atOnce = (repositories: number): Promise<string> =>
  withRegistry(repositories, async (aws, folder) => {
    const each = await oneCall(aws)
    const { calls, seconds, failed, memory } = await swept(folder, aws, repositories)
    const ratio = (each * calls) / seconds
    return `  ${thousands(repositories)} repositories: ${thousands(calls)} calls in ${seconds.toFixed(1)} s, ${ratio.toFixed(1)} × one at a time (goal ≥ 40), ${failed} not judged, ${memory.toFixed(0)} MB`
  })

/** Where AWS grants so many calls a second of each operation. */
const throttled = (repositories: number, rate: number): Promise<string> =>
  withRegistry(repositories, async (aws, folder) => {
    aws.faults.limit({ service: 'ecr', rate, burst: rate })
    const { seconds, throttles, failed } = await swept(folder, aws, repositories)
    const ratio = seconds / (repositories / rate)
    return `  ${thousands(repositories)} where ${rate} calls a second are granted: ${ratio.toFixed(2)} × calls ÷ rate (goal ≤ 1.25), ${throttles} throttles, ${failed} not judged (goal 0)`
  })

/** What the bench prints. */
export const sweepLines = async (): Promise<readonly string[]> => [
  'ecr-steward sweep, 20 to 50 ms a call',
  await atOnce(10_000),
  await throttled(4_000, 200),
  await throttled(1_500, 50),
]

if (import.meta.main) console.log((await sweepLines()).join('\n'))
