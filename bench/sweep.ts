import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { signedAws } from '../functions/adapters/signed-aws.ts'
import { repositoryArn } from '../functions/domain/registry.ts'
import { type LocalAws, startLocalAws } from '../local/aws/server.ts'
import { bundleCli } from '../scripts/bundle-cli.ts'

const REPOSITORIES = 1_000
/** Milliseconds that a call takes over a network. */
const LATENCY = { minMs: 20, maxMs: 50 }
/** Calls a second of each operation, and at once. */
const LIMIT = { rate: 50, burst: 50 }
/** Calls that are made one at a time, to know what one takes. */
const SAMPLE = 100

/** Rules that need three calls for each repository, besides what the listing tells. */
const CONFIG = `alerts: [{ repositories: ["**"], to: [sns] }]
policy:
  - repositories: ["**"]
    rules:
      tag-immutability: report
      scan-on-push: report
      lifecycle-policy: report
      repository-policy: report
      required-tags: { mode: report, keys: [owner] }
`

export type Sweep = {
  readonly calls: number
  /** From the start of the process to its end. */
  readonly seconds: number
  /** How much faster than the same calls one at a time. */
  readonly ratio: number
}

export type Throttled = {
  readonly seconds: number
  /** How much longer than calls of one operation ÷ rate. */
  readonly ratio: number
  readonly throttles: number
  /** Repositories of which something could not be read. */
  readonly failed: number
}

type Result = { readonly subjects: readonly { readonly verdicts: readonly { readonly outcome: string }[] }[] }

type Check = { readonly seconds: number; readonly calls: number; readonly failed: number }

const envOf = ({ url, region }: LocalAws) => ({
  ...{ AWS_ENDPOINT_URL: url, AWS_REGION: region },
  ...{ AWS_ACCESS_KEY_ID: 'AKIABENCHBENCHBENCH0', AWS_SECRET_ACCESS_KEY: 'bench' },
})

/** Runs the bundled `check` in a process of its own, which shows each of its calls. */
async function check(folder: string, aws: LocalAws, args: readonly string[] = []): Promise<Check> {
  const words = [join(folder, 'ecr-steward.cjs'), 'check', '--config', join(folder, 'steward.yaml'), '--json', '-v']
  const started = performance.now()
  const child = spawn(process.execPath, [...words, ...args], { env: envOf(aws), stdio: ['ignore', 'pipe', 'pipe'] })
  const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
  const seconds = (performance.now() - started) / 1_000
  if (code !== 1) throw new Error(`check ended with ${code}: ${err.slice(-500)}`)
  const { subjects }: Result = JSON.parse(out)
  const failed = subjects.filter(({ verdicts }) => verdicts.some(({ outcome }) => outcome === 'unknown')).length
  if (subjects.length !== REPOSITORIES) throw new Error(`check judged ${subjects.length} of ${REPOSITORIES}`)
  return { seconds, calls: err.match(/^ecr:/gm)?.length ?? 0, failed }
}

/** A registry of a thousand repositories, at the other end of a network. */
async function withRegistry<T>(work: (aws: LocalAws, folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'ecr-steward-bench-'))
  const aws = await startLocalAws()
  try {
    writeFileSync(join(folder, 'steward.yaml'), CONFIG)
    await bundleCli(folder)
    for (let index = 0; index < REPOSITORIES; index++)
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

/** `check` over a thousand repositories, against the same calls one at a time: a sample of them, scaled. */
export const sweep = (): Promise<Sweep> =>
  withRegistry(async (aws, folder) => {
    const each = await oneCall(aws)
    const { seconds, calls } = await check(folder, aws)
    return { seconds, calls, ratio: (each * calls) / seconds }
  })

/** The same where AWS grants so many calls a second and operation. @param args of the command line: `--rate 50`, or nothing, so that it finds out */
export const throttledSweep = (...args: readonly string[]): Promise<Throttled> =>
  withRegistry(async (aws, folder) => {
    aws.faults.limit({ service: 'ecr', ...LIMIT })
    const { seconds, failed } = await check(folder, aws, args)
    const throttles = aws.calls.filter(({ error }) => error === 'ThrottlingException').length
    return { seconds, failed, throttles, ratio: seconds / (REPOSITORIES / LIMIT.rate) }
  })
