import { CommandError } from '../command-error.ts'
import { oneLine } from '../terminal.ts'

/** Credentials, as AWS's own tools find them, with what they know of them. */
export type FoundCredentials = {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string | undefined
  readonly expiration?: Date | undefined
  /** How they were found, as the AWS SDK marks it: `{ CREDENTIALS_PROFILE_SSO: 'r' }`. */
  readonly $source?: Readonly<Record<string, unknown>>
}

type Credentials = () => Promise<FoundCredentials>

/** How long the metadata service of an instance may take: most machines have none. Milliseconds. */
const METADATA = 1_000

/** Those of the environment, as one has them in CI: nothing is loaded for them. Undefined where a profile is meant. */
function fromEnvironment(profile: string | undefined, env: NodeJS.ProcessEnv): Credentials | undefined {
  const {
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_SESSION_TOKEN: sessionToken,
  } = env
  if (profile !== undefined || !accessKeyId || !secretAccessKey) return undefined
  return async () => ({ accessKeyId, secretAccessKey, sessionToken: sessionToken || undefined })
}

function noCredentials(error: unknown, profile: string | undefined): CommandError {
  const why = oneLine(error instanceof Error ? error.message : String(error), 300)
  if (profile === undefined)
    return new CommandError(
      'access',
      `No AWS credentials were found. ${why}`,
      'Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, name a profile with --profile, or run `aws configure`.',
    )
  const name = oneLine(profile, 60)
  return new CommandError(
    'access',
    `The profile ${name} brings no AWS credentials. ${why}`,
    /sso|token|expired/i.test(why)
      ? `Sign in again: aws sso login --profile ${name}`
      : 'The profiles that there are: aws configure list-profiles',
  )
}

/**
 * Credentials as AWS's own tools find them: environment, profile, SSO, web identity, container, instance.
 * @throws {CommandError} when they are asked for and there are none
 * @see https://docs.aws.amazon.com/sdkref/latest/guide/standardized-credentials.html
 */
export function credentialsOf(profile: string | undefined, region: string, env: NodeJS.ProcessEnv): Credentials {
  const own = fromEnvironment(profile, env)
  if (own) return own
  let chain: Credentials | undefined
  return async () => {
    const { fromNodeProviderChain } = await import('./provider-chain.ts')
    const options = {
      ...(profile !== undefined && { profile }),
      clientConfig: { region },
      timeout: METADATA,
      maxRetries: 0,
    }
    chain ??= fromNodeProviderChain(options)
    return chain().catch((error: unknown) => Promise.reject(noCredentials(error, profile)))
  }
}
