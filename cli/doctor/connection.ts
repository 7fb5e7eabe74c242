import { type HttpAnswer, httpPost, Unreachable } from '../../functions/adapters/http-post.ts'
import { addressOf } from '../../functions/adapters/signed-aws.ts'
import { TIMEOUT } from './calls.ts'
import { type Finding, type Fix, findingsOf } from './finding.ts'

const { ok, warning, problem, unknown } = findingsOf('connection')

/** By how much a clock may be off before AWS refuses what it signs, and by how much it is right. Milliseconds. */
const REFUSED = 5 * 60_000
const RIGHT = 60_000

/** More than the front page of a service. Bytes. */
const LIMIT = 1_000_000

/** `3 minutes`, `40 seconds`. @param ms not negative */
const long = (ms: number): string =>
  ms >= 120_000 ? `${Math.round(ms / 60_000)} minutes` : `${Math.round(ms / 1_000)} seconds`

const SET_CLOCK: Fix = { text: 'Have the clock set by NTP:', command: 'sudo timedatectl set-ntp true' }

/** @param skew how far the clock of this machine is ahead of AWS's. Milliseconds */
export function clockFinding(skew: number): Finding {
  const off = `${long(Math.abs(skew))} ${skew > 0 ? 'ahead of' : 'behind'} that of AWS`
  if (Math.abs(skew) < RIGHT) return ok('clock', 'it agrees with that of AWS')
  if (Math.abs(skew) < REFUSED) return warning('clock', `it is ${off}`, SET_CLOCK)
  return problem('clock', `it is ${off}, so AWS refuses what is signed by it`, SET_CLOCK)
}

function proxyHint({ HTTPS_PROXY, https_proxy, NODE_USE_ENV_PROXY }: NodeJS.ProcessEnv): readonly Fix[] {
  if (!(HTTPS_PROXY || https_proxy) || NODE_USE_ENV_PROXY === '1') return []
  return [
    {
      text: 'HTTPS_PROXY is set, and Node goes by it only where it is told to:',
      command: 'export NODE_USE_ENV_PROXY=1',
    },
  ]
}

/** Milliseconds that the clock is ahead, going by the middle of the question; undefined where the answer has no date. */
function skewOf({ headers: { date } }: HttpAnswer, sent: Date, got: Date): number | undefined {
  const theirs = Date.parse(String(date))
  // A date has whole seconds: half of one is the best guess for the rest.
  return Number.isNaN(theirs) ? undefined : (sent.getTime() + got.getTime()) / 2 - (theirs + 500)
}

type Reached = { readonly finding: Finding; readonly isThere: boolean; readonly skew?: number | undefined }

async function reach(service: string, region: string, env: NodeJS.ProcessEnv, now: () => Date): Promise<Reached> {
  const url = new URL(env.AWS_ENDPOINT_URL || addressOf(service, region))
  const sent = now()
  const started = performance.now()
  try {
    const answer = await httpPost({ method: 'GET', url, headers: {}, body: '', timeout: TIMEOUT, limit: LIMIT })
    const took = `${Math.round(performance.now() - started)} ms`
    return { finding: ok(url.host, `it answers, in ${took}`), isThere: true, skew: skewOf(answer, sent, now()) }
  } catch (error) {
    if (!(error instanceof Unreachable)) throw error
    const fixes = [
      { text: 'Check the network, the name of the region, and in a VPC without a way out its interface endpoints.' },
      ...proxyHint(env),
    ]
    return { finding: unknown(url.host, `it cannot be reached (${error.message})`, ...fixes), isThere: false }
  }
}

export type Connection = {
  readonly findings: readonly Finding[]
  readonly ecr: boolean
  readonly sts: boolean
}

/**
 * Whether ECR and STS can be reached, and whether the clock agrees with theirs. Nothing is signed for it, so that it tells of
 * the way alone.
 */
export async function connectionFindings(region: string, env: NodeJS.ProcessEnv, now: () => Date): Promise<Connection> {
  const [ecr, sts] = await Promise.all([reach('ecr', region, env, now), reach('sts', region, env, now)])
  const skew = ecr.skew ?? sts.skew
  const isOne = ecr.finding.what === sts.finding.what
  return {
    findings: [ecr.finding, ...(isOne ? [] : [sts.finding]), ...(skew === undefined ? [] : [clockFinding(skew)])],
    ...{ ecr: ecr.isThere, sts: sts.isThere },
  }
}
