import { countCalls, oneCall, steward, sumOf, withRegistry } from './registry.ts'

const REPOSITORIES = 1_000
/** Calls a second of each operation, and at once. */
const LIMIT = { rate: 50, burst: 50 }

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

export type Checked = {
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

/** @returns of how many repositories something could not be read */
function failedIn(out: string): number {
  const { subjects }: Result = JSON.parse(out)
  if (subjects.length !== REPOSITORIES) throw new Error(`check judged ${subjects.length} of ${REPOSITORIES}`)
  return subjects.filter(({ verdicts }) => verdicts.some(({ outcome }) => outcome === 'unknown')).length
}

/** `check` over a thousand repositories, against the same calls one at a time: a sample of them, scaled. */
export const check = (): Promise<Checked> =>
  withRegistry(REPOSITORIES, CONFIG, async (aws, folder) => {
    const each = await oneCall(aws)
    const calls = countCalls(aws)
    const { out, seconds } = await steward(folder, aws, ['check', '--json'])
    failedIn(out)
    const count = sumOf(calls().answered)
    return { seconds, calls: count, ratio: (each * count) / seconds }
  })

/** The same where AWS grants so many calls a second and operation. @param args of the command line: `--rate 50`, or nothing, so that it finds out */
export const throttledCheck = (...args: readonly string[]): Promise<Throttled> =>
  withRegistry(REPOSITORIES, CONFIG, async (aws, folder) => {
    aws.faults.limit({ service: 'ecr', ...LIMIT })
    const calls = countCalls(aws)
    const { out, seconds } = await steward(folder, aws, ['check', '--json', ...args])
    const { throttles } = calls()
    return { seconds, failed: failedIn(out), throttles, ratio: seconds / (REPOSITORIES / LIMIT.rate) }
  })
