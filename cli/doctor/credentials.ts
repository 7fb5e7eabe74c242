import { AwsError, type SignedPost } from '../../functions/adapters/signed-aws.ts'
import { minute } from '../../functions/domain/compose.ts'
import { callerIdentity } from '../aws/account.ts'
import { credentialsOf, type FoundCredentials } from '../aws/credentials.ts'
import { asCommandError, fatal } from '../aws/refusal.ts'
import { CommandError } from '../command-error.ts'
import { type Calls, callsOf } from './calls.ts'
import { type Finding, findingsOf } from './finding.ts'

const { ok, warning, problem, unknown } = findingsOf('credentials')

const MINUTE = 60_000

/** What the AWS SDK marks credentials with that it has found, the last step first, and what that is. */
const SOURCES: readonly (readonly [mark: string, source: string])[] = [
  ['CREDENTIALS_PROFILE_SSO', 'single sign-on'],
  ['CREDENTIALS_PROFILE_SSO_LEGACY', 'single sign-on'],
  ['CREDENTIALS_PROFILE_LOGIN', 'a sign-in with aws login'],
  ['CREDENTIALS_STS_ASSUME_ROLE_WEB_ID', 'a role taken with a web identity, as OIDC of CI and EKS have it'],
  ['CREDENTIALS_STS_ASSUME_ROLE', 'a role that the profile takes'],
  ['CREDENTIALS_PROFILE_PROCESS', 'a process that the profile starts'],
  ['CREDENTIALS_HTTP', 'the container: ECS, CodeBuild or EKS Pod Identity'],
  ['CREDENTIALS_IMDS', 'the instance: EC2'],
  ['CREDENTIALS_PROFILE', 'keys of the profile'],
]

function sourceOf({ $source = {} }: FoundCredentials, profile: string | undefined, env: NodeJS.ProcessEnv): string {
  if (profile === undefined && env.AWS_ACCESS_KEY_ID && env.AWS_SECRET_ACCESS_KEY)
    return 'the environment: AWS_ACCESS_KEY_ID'
  const how = SOURCES.find(([mark]) => mark in $source)?.[1] ?? 'where the AWS SDK looks'
  return profile === undefined ? how : `the profile ${profile}: ${how}`
}

/** `3 h 20 min`. @param ms not negative */
export function timeLeft(ms: number): string {
  const minutes = Math.floor(ms / MINUTE)
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60]
  if (hours === 0) return `${rest} min`
  return rest === 0 ? `${hours} h` : `${hours} h ${rest} min`
}

const again = (profile: string | undefined) => ({
  text: 'Take fresh ones, for example:',
  command: profile === undefined ? 'aws sso login' : `aws sso login --profile ${profile}`,
})

type Expiry = {
  readonly found: FoundCredentials
  readonly env: NodeJS.ProcessEnv
  readonly now: Date
  readonly profile: string | undefined
}

/** When they end, as far as anybody says so: AWS does not. */
function expiryFinding({ found: { expiration, sessionToken, accessKeyId }, env, now, profile }: Expiry): Finding {
  const isOwn = profile === undefined && env.AWS_ACCESS_KEY_ID === accessKeyId
  const said = isOwn && env.AWS_CREDENTIAL_EXPIRATION ? new Date(env.AWS_CREDENTIAL_EXPIRATION) : expiration
  if (said && !Number.isNaN(said.getTime())) {
    const left = said.getTime() - now.getTime()
    if (left <= 0) return problem('expiry', `they ended at ${minute(said.toISOString())}`, again(profile))
    const words = `they end in ${timeLeft(left)}, at ${minute(said.toISOString())}`
    return left < 15 * MINUTE ? warning('expiry', words, again(profile)) : ok('expiry', words)
  }
  if (sessionToken) return ok('expiry', 'they end, and nothing here says when: AWS_CREDENTIAL_EXPIRATION is not set')
  return ok('expiry', 'they do not end: an access key of a user', {
    text: 'In CI a role taken with OIDC needs no key that somebody could take: examples/pipelines/README.md',
  })
}

const asFixes = (next: readonly string[]) => next.map((text) => ({ text }))

/** What AWS does not take. @param isElsewhere whether it does in another region */
function refused(error: AwsError, region: string, isElsewhere: boolean): Finding {
  if (isElsewhere)
    return problem('caller', `AWS takes them, and not in ${region}: the region is not switched on in the account`, {
      command: `aws account enable-region --region-name ${region}`,
    })
  const told = fatal(error) ?? asCommandError(error, 'who calls is not known', 'STS')
  const { message, next, exit } = told as CommandError
  return (exit === 'access' ? problem : unknown)('caller', message.replace(/\.$/, ''), ...asFixes(next))
}

/** Every account has this region, and it tells who somebody is who may not be anybody in another one. */
const ALWAYS = 'us-east-1'

async function isKnownElsewhere(
  error: AwsError,
  region: string,
  env: NodeJS.ProcessEnv,
  credentials: () => Promise<FoundCredentials>,
): Promise<boolean> {
  const isUnknown = /^(?:UnrecognizedClientException|InvalidClientTokenId)$/.test(error.code)
  if (!isUnknown || region === ALWAYS || /^(?:cn|us-gov)-/.test(region)) return false
  const { post } = callsOf({ ...env, AWS_REGION: ALWAYS }, credentials)
  return callerIdentity(post).then(
    () => true,
    () => false,
  )
}

export type Caller = { readonly account: string; readonly arn: string }

export type FoundCaller = {
  readonly findings: readonly Finding[]
  /** Undefined where it is not known. */
  readonly caller?: Caller
  /** Undefined where there are no credentials, or AWS does not take them. */
  readonly calls?: Calls
}

const callerFinding = ({ arn, account }: Caller): Finding =>
  arn.endsWith(':root')
    ? warning('caller', `the root user of account ${account}, who may do everything`, {
        text: 'Use a role that may do what is needed: docs/iam.md',
      })
    : ok('caller', arn)

type Asking = {
  readonly region: string
  readonly profile: string | undefined
  readonly env: NodeJS.ProcessEnv
  readonly now: Date
}

async function whoCalls(
  post: SignedPost,
  credentials: () => Promise<FoundCredentials>,
  { region, env }: Asking,
): Promise<{ readonly finding: Finding; readonly caller?: Caller }> {
  try {
    const caller = await callerIdentity(post)
    return { finding: callerFinding(caller), caller }
  } catch (error) {
    if (!(error instanceof AwsError)) throw error
    return { finding: refused(error, region, await isKnownElsewhere(error, region, env, credentials)) }
  }
}

/** Where credentials are from, who AWS takes them for, and how long they last. No part of them is shown. */
export async function credentialFindings(asking: Asking): Promise<FoundCaller> {
  const { region, profile, env, now } = asking
  const chain = credentialsOf(profile, region, env)
  let found: FoundCredentials
  try {
    found = await chain()
  } catch (error) {
    if (!(error instanceof CommandError)) throw error
    return { findings: [problem('source', error.message.replace(/\.$/, ''), ...asFixes(error.next))] }
  }
  // Asked for once: a process or a sign-in behind them may take its time.
  const credentials = async () => found
  const calls = callsOf({ ...env, AWS_REGION: region }, credentials)
  const { finding, caller } = await whoCalls(calls.post, credentials, asking)
  const findings = [ok('source', sourceOf(found, profile, env)), expiryFinding({ found, env, now, profile }), finding]
  const isTaken = caller !== undefined || finding.state === 'unknown'
  return { findings, ...(caller && { caller }), ...(isTaken && { calls }) }
}

/** Seconds since 1970, as ECR's JSON has instants. */
type Login = { readonly authorizationData?: readonly { readonly expiresAt?: number }[] }

/**
 * How long a login of docker would last, if it were made now. The token itself is dropped at once.
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/registry_auth.html
 */
export async function loginFinding(
  { aws }: Calls,
  { account, region }: { readonly account: string; readonly region: string },
  now: Date,
): Promise<Finding> {
  const what = 'registry login'
  try {
    const { authorizationData } = (await aws('ecr', 'GetAuthorizationToken', {})) as Login
    const ends = authorizationData?.[0]?.expiresAt
    if (ends === undefined) return unknown(what, 'ECR answered without a token')
    const left = ends * 1_000 - now.getTime()
    const at = minute(new Date(ends * 1_000).toISOString())
    if (left <= 0) return warning(what, `by the clock of this machine, a token that ECR makes now ended at ${at}`)
    const words = timeLeft(left + MINUTE / 2)
    return ok(what, `a docker login made now lasts ${words}: log in again in each job, rather than keep one`)
  } catch (error) {
    if (!(error instanceof AwsError)) throw error
    return warning(
      what,
      `ecr:GetAuthorizationToken ended with ${error.code}: docker login will not do for ${account} in ${region}`,
      {
        text: 'Allow it on * to whoever pushes and pulls; ecr-steward itself has no need of it.',
      },
    )
  }
}
