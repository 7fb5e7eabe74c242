import type { RegistryRef } from '../domain/facts/registry-facts.ts'
import { roleArn } from '../domain/registry.ts'
import { Unreadable } from '../faults.ts'
import { READ_ROLE } from '../in-use/contract.ts'
import { roleCredentials } from './role-credentials.ts'
import { type AwsCall, AwsError, type Patience, signedAws, signedPost } from './signed-aws.ts'

/** Milliseconds for one attempt to assume a role. */
const TIMEOUT = 5_000

/** Who calls, and what it takes to call in other accounts. */
export type Caller = {
  readonly env: NodeJS.ProcessEnv
  /** Account and region of whoever calls: roles of other accounts are assumed from there. */
  readonly home: RegistryRef
  /** What the roles want to be told. */
  readonly externalId?: string | undefined
  /** Those of the own account; without them those of the environment. */
  readonly credentials?: Patience['credentials']
  /** Name that the role has in every other account. Default: that of the role that reads. */
  readonly role?: string
  /** Parameter that the member stack makes the role with. Default: it makes the role whatever they are. */
  readonly parameter?: string
  /** Where `steward.yaml` names the other accounts. Default: `sweep.accounts`. */
  readonly listedIn?: string
  /** How often a throttle of STS is tried. */
  readonly attempts?: number
  readonly now?: () => Date
}

/**
 * What calls in an account are signed with; undefined: what the environment has.
 * @param why names the session, after `ecr-steward-`, for whoever reads the trail of the account
 */
export type CredentialsIn = (account: string, why: string) => Patience['credentials']

const DENIED = 'AccessDenied'

/** What to do is said where it helps: STS does not tell a role that is not there from one that trusts others. */
function refusal(error: AwsError, arn: string, account: string, { listedIn, parameter }: Caller): Unreadable {
  const how = parameter === undefined ? '' : ` with ${parameter}`
  const advice = `deploy the member stack${how} in account ${account} (docs/members.md), or take it out of ${listedIn ?? 'sweep.accounts'}`
  const why = `the role ${arn} cannot be assumed: ${error.code}${error.code === DENIED ? `; ${advice}` : ''}`
  return new Unreadable(why, !error.transient, error)
}

/**
 * Credentials in any account: in another one those of its role, which is assumed when the first call needs it, once for all
 * calls there, and again before the session ends. After a refusal the next call tries anew.
 * @throws {Unreadable} by what it returns, where the role cannot be assumed: with what to do about it
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_control-access_monitor.html
 */
export function credentialsIn(caller: Caller): CredentialsIn {
  const { env, home, externalId, role = READ_ROLE, attempts, credentials: own, now = () => new Date() } = caller
  const patience = { ...(attempts !== undefined && { attempts }), ...(own && { credentials: own }) }
  const known = new Map<string, NonNullable<Patience['credentials']>>()

  function ofRole(account: string, why: string): NonNullable<Patience['credentials']> {
    const arn = roleArn({ ...home, account }, role)
    const post = signedPost({ ...env, AWS_REGION: home.region }, TIMEOUT, patience)
    const credentials = roleCredentials(post, { arn, session: `ecr-steward-${why}`, externalId }, now)
    return () =>
      credentials().catch((error: unknown) => {
        throw error instanceof AwsError ? refusal(error, arn, account, caller) : error
      })
  }

  return (account, why) => {
    if (account === home.account) return own
    const key = `${account} ${why}`
    const credentials = known.get(key) ?? ofRole(account, why)
    known.set(key, credentials)
    return credentials
  }
}

/** Why an account cannot be called, in words; undefined where it can. */
export async function problemWith(credentials: Patience['credentials']): Promise<string | undefined> {
  try {
    await credentials?.()
    return undefined
  } catch (error) {
    if (error instanceof Unreadable) return error.message
    throw error
  }
}

/**
 * The calls of a registry: to the endpoint of its region, signed as its account wants it.
 * @throws {Unreadable} by the calls, where the role of its account cannot be assumed
 */
export type CallsOf = (registry: RegistryRef) => AwsCall

/**
 * The calls of registries in all accounts and regions.
 * @param why as of `CredentialsIn` @param timeout milliseconds for one attempt
 */
export function registryCalls(caller: Caller, why: string, timeout?: number): CallsOf {
  const credentialsOf = credentialsIn(caller)
  return ({ account, region }) => {
    const credentials = credentialsOf(account, why)
    return signedAws({ ...caller.env, AWS_REGION: region }, timeout, { ...(credentials && { credentials }) })
  }
}
