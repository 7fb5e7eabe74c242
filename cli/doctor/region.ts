import { profileOf } from '../aws/profile.ts'
import { regionOf } from '../aws/session.ts'
import { CommandError } from '../command-error.ts'
import type { Io } from '../io.ts'
import { type Finding, findingsOf } from './finding.ts'

const { ok, warning, problem } = findingsOf('region')

/** Set for one service alone, as AWS's own tools take it. */
const OF_A_SERVICE = /^AWS_ENDPOINT_URL_\w+$/

function from(
  given: string | undefined,
  profile: string | undefined,
  { AWS_REGION, AWS_DEFAULT_REGION }: NodeJS.ProcessEnv,
): string {
  if (given) return '--region'
  if (AWS_REGION) return 'AWS_REGION'
  return AWS_DEFAULT_REGION ? 'AWS_DEFAULT_REGION' : `the profile ${profile ?? 'default'}`
}

function endpointFinding(endpoint: string): Finding {
  const what = 'AWS_ENDPOINT_URL'
  if (!/^https?:/.test(endpoint) || !URL.canParse(endpoint))
    return problem(what, 'it is no address', { text: 'Expected: https://HOST' })
  const { host, hostname } = new URL(endpoint)
  if (/\.amazonaws\.com(?:\.cn)?$/.test(hostname))
    return warning(what, `every call of every service goes to ${host}`, {
      text: 'An endpoint of ECR answers for no other service. Private DNS for VPC endpoints needs no variable.',
      command: `unset ${what}`,
    })
  return warning(what, `EVERY CALL GOES TO ${host}, NOT TO AWS`, { command: `unset ${what}` })
}

export type FoundRegion = {
  readonly findings: readonly Finding[]
  /** Undefined where nothing can be called. */
  readonly region?: string | undefined
}

/** Which region is meant and who says so, and whether AWS is called at all. */
export function regionFindings(
  options: { readonly region: string | undefined; readonly profile: string | undefined },
  io: Io,
): FoundRegion {
  const { env } = io
  const profile = profileOf(options.profile, env)
  const unread = Object.keys(env)
    .filter((name) => OF_A_SERVICE.test(name))
    .map((name) =>
      warning(name, 'it is set, and ecr-steward reads AWS_ENDPOINT_URL alone', { command: `unset ${name}` }),
    )
  const endpoint = env.AWS_ENDPOINT_URL ? [endpointFinding(env.AWS_ENDPOINT_URL)] : []
  const isCallable = endpoint.every(({ state }) => state !== 'problem')
  try {
    const region = regionOf(options.region, profile, io)
    const found = ok('region', `${region}, of ${from(options.region, profile, env)}`)
    return { findings: [found, ...endpoint, ...unread], region: isCallable ? region : undefined }
  } catch (error) {
    if (!(error instanceof CommandError)) throw error
    const fix = error.next.map((text) => ({ text }))
    return { findings: [problem('region', error.message.replace(/\.$/, ''), ...fix), ...endpoint, ...unread] }
  }
}
