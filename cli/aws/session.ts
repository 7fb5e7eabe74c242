import { show } from '../../config/fault.ts'
import { createPace } from '../../functions/adapters/pace.ts'
import {
  type AwsCall,
  AwsError,
  addressOf,
  type Patience,
  signedAws,
  signedPost,
} from '../../functions/adapters/signed-aws.ts'
import type { RegistryRef } from '../../functions/domain/facts/registry-facts.ts'
import { CommandError } from '../command-error.ts'
import type { Io } from '../io.ts'
import type { Values } from '../option.ts'
import { callerAccount } from './account.ts'
import type { AWS_OPTIONS } from './aws-options.ts'
import { credentialsOf } from './credentials.ts'
import type { Denial } from './permission.ts'
import { profileOf, profileRegion } from './profile.ts'
import { asCommandError, fatal } from './refusal.ts'
import { type Log, logged, watched } from './watch.ts'

/** Milliseconds for one attempt: a page of a thousand images takes its time. */
const TIMEOUT = 20_000
/** Enough for whatever rate AWS grants: see `pace.ts`. */
const ATTEMPTS = 12

/** @see https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html */
const attemptsOf = ({ AWS_MAX_ATTEMPTS: most }: NodeJS.ProcessEnv): number =>
  /^[1-9]\d{0,2}$/.test(most ?? '') ? Number(most) : ATTEMPTS

/** It becomes part of a host name. */
const REGION = /^[a-z]{2,4}(?:-[a-z0-9]+){1,4}$/

/** A registry, and calls with the credentials of whoever runs the command. */
export type Session = {
  readonly registry: RegistryRef
  readonly aws: AwsCall
  /** The same for what would only be nice to know: a refusal is not told. */
  readonly asides: AwsCall
  /** Of an AWS that keeps the layers of images itself, as a local one does. */
  readonly endpoint: string | undefined
  /** What was refused up to now. */
  readonly denials: readonly Denial[]
  /** For other services than those of the calls above, and other regions. */
  readonly env: NodeJS.ProcessEnv
  readonly patience: Patience
}

/** Of the options, then the environment, then the profile. @throws {CommandError} where none says it */
export function regionOf(given: string | undefined, profile: string | undefined, { env }: Io): string {
  const region = given || env.AWS_REGION || env.AWS_DEFAULT_REGION || profileRegion(profile, env)
  if (region && REGION.test(region)) return region
  if (region) throw new CommandError('usage', `${show(region)} is no region.`, 'They look like eu-central-1.')
  throw new CommandError(
    'usage',
    'No region is given.',
    'Name it with --region eu-central-1, or set AWS_REGION, or `aws configure set region eu-central-1`.',
  )
}

const hostOf = (service: string, region: string, { AWS_ENDPOINT_URL: endpoint }: NodeJS.ProcessEnv): string =>
  new URL(endpoint || addressOf(service, region)).host

/** @throws {CommandError} for an endpoint that is no address */
function checkEndpoint({ AWS_ENDPOINT_URL: endpoint }: NodeJS.ProcessEnv): void {
  if (!endpoint || (/^https?:/.test(endpoint) && URL.canParse(endpoint))) return
  throw new CommandError(
    'usage',
    `AWS_ENDPOINT_URL is ${show(endpoint)}, which is no address.`,
    'Expected: https://HOST',
  )
}

/** An interface endpoint of ECR is AWS all the same. */
const foreignEndpoint = ({ AWS_ENDPOINT_URL: endpoint }: NodeJS.ProcessEnv): string | undefined =>
  !endpoint || /\.amazonaws\.com(?:\.cn)?$/.test(new URL(endpoint).hostname) ? undefined : endpoint

type Calling = { readonly env: NodeJS.ProcessEnv; readonly patience: Patience; readonly log: Log | undefined }

/** Without the pace and the patience of a long run: where nothing answers, one wants to know soon. */
async function ownAccount(region: string, { env, patience: { credentials }, log }: Calling): Promise<string> {
  const post = signedPost(env, TIMEOUT, credentials && { credentials })
  try {
    return await logged(callerAccount(post), 'sts:GetCallerIdentity', '', log)
  } catch (error) {
    const ended = error instanceof AwsError ? fatal(error) : undefined
    throw ended ?? asCommandError(error, 'the account is not known', hostOf('sts', region, env))
  }
}

export type Opening = Pick<Values<typeof AWS_OPTIONS>, 'region' | 'profile' | 'rate' | 'verbose'> & {
  /** Known already, from an image's URI. */
  readonly account?: string | undefined
}

/**
 * Finds out which registry is meant, and how to call it.
 * @throws {CommandError} where there is no region, no credentials, or no way to AWS
 */
export async function openSession({ account, ...options }: Opening, io: Io): Promise<Session> {
  const profile = profileOf(options.profile, io.env)
  const region = regionOf(options.region, profile, io)
  checkEndpoint(io.env)
  const env = { ...io.env, AWS_REGION: region }
  const patience = {
    attempts: attemptsOf(io.env),
    credentials: credentialsOf(profile, region, io.env),
    pace: createPace(options.rate),
  }
  const log = options.verbose ? (line: string): void => void io.stderr.write(`${line}\n`) : undefined
  const registry = { account: account ?? (await ownAccount(region, { env, patience, log })), region }
  const denials: Denial[] = []
  const onDenial = (denial: Denial): void => void denials.push(denial)
  const asides = signedAws(env, TIMEOUT, patience)
  const aws = watched(asides, { registry, onDenial, log })
  return { registry, aws, asides, denials, endpoint: foreignEndpoint(io.env), env, patience }
}
