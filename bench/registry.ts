import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { signedAws } from '../functions/adapters/signed-aws.ts'
import { repositoryArn } from '../functions/domain/registry.ts'
import { type LocalAws, startLocalAws } from '../local/aws/server.ts'
import { bundleCli } from '../scripts/bundle-cli.ts'

/** Milliseconds that a call takes over a network. */
export const LATENCY = { minMs: 20, maxMs: 50 }
/** Calls that are made one at a time, to know what one takes. */
const SAMPLE = 100
/** How often the memory of a process is looked at. Milliseconds. */
const LOOK = 50

/** Where calls go. */
export type Endpoint = Pick<LocalAws, 'url' | 'region'>

/** Environment of a caller that may do everything. */
export const envOf = ({ url, region }: Endpoint) => ({
  ...{ AWS_ENDPOINT_URL: url, AWS_REGION: region },
  ...{ AWS_ACCESS_KEY_ID: 'AKIABENCHBENCHBENCH0', AWS_SECRET_ACCESS_KEY: 'bench' },
})

/** A folder with the bundled command line and a steward.yaml. */
export async function withSteward<T>(config: string, work: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'ecr-steward-bench-'))
  try {
    writeFileSync(join(folder, 'steward.yaml'), config)
    await bundleCli(folder)
    return await work(folder)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** A registry at the other end of a network: repositories without images. */
export const withRegistry = <T>(
  repositories: number,
  config: string,
  work: (aws: LocalAws, folder: string) => Promise<T>,
): Promise<T> =>
  withSteward(config, async (folder) => {
    const aws = await startLocalAws()
    try {
      for (let index = 0; index < repositories; index++)
        aws.ecr.createRepository({ repositoryName: `team-${index % 20}/service-${index}` })
      aws.faults.delay({ service: 'ecr', ...LATENCY })
      return await work(aws, folder)
    } finally {
      await aws.close()
    }
  })

/** Calls of ECR by operation, and how many more were throttled. */
export type Calls = { readonly answered: Readonly<Record<string, number>>; readonly throttles: number }

/** @returns what the calls from now on came to; the history of the local AWS has the last of them alone */
export function countCalls(aws: LocalAws): () => Calls {
  const answered: Record<string, number> = {}
  let throttles = 0
  aws.onAnswered = ({ service, operation, error }) => {
    if (service !== 'ecr') return
    if (error === 'ThrottlingException') throttles += 1
    else answered[operation] = (answered[operation] ?? 0) + 1
  }
  return () => ({ answered, throttles })
}

export const sumOf = (counts: Readonly<Record<string, number>>): number =>
  Object.values(counts).reduce((sum, count) => sum + count, 0)

/** Seconds that a call takes, with nothing beside it. */
export async function oneCall(aws: LocalAws): Promise<number> {
  const call = signedAws(envOf(aws))
  const resourceArn = repositoryArn({ account: aws.account, region: aws.region, repository: 'team-1/service-1' })
  const started = performance.now()
  for (let index = 0; index < SAMPLE; index++) await call('ecr', 'ListTagsForResource', { resourceArn })
  return (performance.now() - started) / 1_000 / SAMPLE
}

/** MB that a process held at most, as Linux counts them; 0 once it has ended. */
function mostOf(pid: number | undefined): number {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1_000
  } catch {
    return 0
  }
}

export type Ran = {
  readonly out: string
  /** From the start of the process to its end. */
  readonly seconds: number
  /** MB that the process held at most. */
  readonly memory: number
}

/** Runs the bundled command line in a process of its own, on a registry where something fails. */
export async function steward(folder: string, endpoint: Endpoint, words: readonly string[]): Promise<Ran> {
  const all = [join(folder, 'ecr-steward.cjs'), ...words, '--config', join(folder, 'steward.yaml')]
  const started = performance.now()
  const child = spawn(process.execPath, all, { env: envOf(endpoint), stdio: ['ignore', 'pipe', 'pipe'] })
  let memory = 0
  const looking = setInterval(() => {
    memory = Math.max(memory, mostOf(child.pid))
  }, LOOK)
  const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
  clearInterval(looking)
  const seconds = (performance.now() - started) / 1_000
  if (code !== 1) throw new Error(`${words[0]} ended with ${code}: ${err.slice(-500)}`)
  return { out, seconds, memory }
}
