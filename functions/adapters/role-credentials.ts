import { AwsError, type Patience, type SignedPost } from './signed-aws.ts'

type Credentials = Awaited<ReturnType<NonNullable<Patience['credentials']>>>
type Session = { readonly credentials: Credentials; readonly until: number }

const FORM = { 'Content-Type': 'application/x-www-form-urlencoded' }
/** Seconds: the longest that a role gives to who has a role already. */
const DURATION = 3_600
/** How long before their end credentials are no longer used. Milliseconds. */
const MARGIN = 5 * 60_000

const textOf = (xml: string, name: string): string => {
  const value = new RegExp(`<${name}>([^<]+)</${name}>`).exec(xml)?.[1]
  if (value === undefined) throw new AwsError(`without ${name}`, false)
  return value
}

/** A role, and what whoever reads the trail of its account is told: who assumes it, and why. */
export type Role = {
  readonly arn: string
  readonly session: string
  /** What the role wants to be told, where it does. */
  readonly externalId?: string | undefined
}

async function assume(post: SignedPost, { arn, session, externalId }: Role): Promise<Session> {
  const input = new URLSearchParams({
    ...{ Action: 'AssumeRole', Version: '2011-06-15', RoleArn: arn, RoleSessionName: session },
    ...{ DurationSeconds: String(DURATION), ...(externalId && { ExternalId: externalId }) },
  })
  const answer = await post('sts', FORM, input.toString())
  return {
    credentials: {
      accessKeyId: textOf(answer, 'AccessKeyId'),
      secretAccessKey: textOf(answer, 'SecretAccessKey'),
      sessionToken: textOf(answer, 'SessionToken'),
    },
    until: Date.parse(textOf(answer, 'Expiration')) - MARGIN,
  }
}

/**
 * Credentials of a role, assumed when they are first asked for and again before they expire. Whoever asks after a failure
 * tries anew.
 * @throws {AwsError}
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
 */
export function roleCredentials(post: SignedPost, role: Role, now: () => Date): () => Promise<Credentials> {
  let current: Promise<Session> | undefined
  function renew(): Promise<Session> {
    const next = assume(post, role)
    current = next
    next.catch(() => {
      current = undefined
    })
    return next
  }
  return async () => {
    const asked = current ?? renew()
    const { credentials, until } = await asked
    if (now().getTime() < until) return credentials
    const again = current === asked || !current ? renew() : current
    return (await again).credentials
  }
}
