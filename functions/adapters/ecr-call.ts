import type { RegistryRef } from '../domain/facts/registry-facts.ts'
import { Gone, Unreadable } from '../faults.ts'
import { type AwsCall, AwsError } from './signed-aws.ts'

type Fields = Readonly<Record<string, unknown>>

/**
 * A call of ECR about something in one registry. What the answer has to hold is for the caller to check.
 * @throws {Unreadable} where AWS refuses or cannot be reached, or the registry is in another region
 * @throws {Gone} where the repository or the image is not there
 */
export type EcrCall = <T extends object>(registry: RegistryRef, operation: string, input: Fields) => Promise<Partial<T>>

/** The operation is named: it is the permission that may be missing. */
function faultOf(error: unknown, operation: string): unknown {
  if (!(error instanceof AwsError)) return error
  if (error.code === 'RepositoryNotFoundException') return new Gone('the repository is not there', { cause: error })
  if (error.code === 'ImageNotFoundException') return new Gone('the image is not there', { cause: error })
  return new Unreadable(`ECR answered ${error.code} to ${operation}`, !error.transient, error)
}

/** ECR in `region`, with the errors of this code. */
export function ecrCall(aws: AwsCall, region: string): EcrCall {
  return async <T extends object>(registry: RegistryRef, operation: string, input: Fields) => {
    // What has the same name in this region is something else: a replica has settings of its own.
    if (registry.region !== region)
      throw new Unreadable(`it is in ${registry.region}, not in ${region}`, true, undefined)
    try {
      return (await aws('ecr', operation, input)) as Partial<T>
    } catch (error) {
      throw faultOf(error, operation)
    }
  }
}

/** What an answer always holds. @throws {Unreadable} where it does not: nothing is known then */
export function present<T>(value: T | undefined, operation: string): T {
  if (value === undefined || value === null)
    throw new Unreadable(`ECR answered ${operation} without an answer`, true, undefined)
  return value
}

/**
 * A call that tells of the caller's own registry, whichever is meant.
 * @throws {Unreadable} also where the caller's is another one
 */
export async function ownRegistry<T extends object>(
  call: EcrCall,
  registry: RegistryRef,
  operation: string,
): Promise<Partial<T>> {
  const answer = await call<T & { readonly registryId: string }>(registry, operation, {})
  const { registryId } = answer
  if (registryId !== undefined && registryId !== registry.account)
    throw new Unreadable(`ECR tells of registry ${registryId} alone, not of ${registry.account}`, true, undefined)
  return answer
}

/** For `catch`: there is none where ECR says so by this code; any other fault goes on. */
export const noneIf =
  (code: string) =>
  (error: unknown): undefined => {
    const { cause } = error instanceof Unreadable ? error : {}
    if (!(cause instanceof AwsError) || cause.code !== code) throw error
  }

/** ISO 8601, of seconds since 1970 as ECR's JSON has them. */
export const instant = (seconds: number | undefined): string | undefined =>
  seconds === undefined ? undefined : new Date(seconds * 1_000).toISOString()

/** Longest page that ECR gives. */
const PAGE = 1_000

/** Every page of an operation that lists, in turn. */
export async function* pages<T extends object>(
  call: EcrCall,
  registry: RegistryRef,
  operation: string,
  input: Fields,
): AsyncGenerator<Partial<T>> {
  for (let nextToken: string | undefined; ; ) {
    const page = await call<T & { readonly nextToken: string }>(registry, operation, {
      ...input,
      maxResults: PAGE,
      ...(nextToken && { nextToken }),
    })
    yield page
    if (!page.nextToken) return
    nextToken = page.nextToken
  }
}
