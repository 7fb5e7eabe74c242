import { type AwsCall, AwsError } from '../../functions/adapters/signed-aws.ts'
import type { RegistryRef } from '../../functions/domain/facts/registry-facts.ts'
import { oneLine } from '../terminal.ts'
import { type Denial, resourceOf } from './permission.ts'
import { fatal, isDenied, isForbidden, refusedResource } from './refusal.ts'

/** Takes a line for every call, where somebody wants to see them. */
export type Log = (line: string) => void

/** Logs how a call ended: `ecr:GetLifecyclePolicy   41 ms  prod/api  AccessDeniedException`. */
export async function logged<T>(call: Promise<T>, action: string, subject: string, log: Log | undefined): Promise<T> {
  const started = performance.now()
  const say = (how: string): void => {
    const took = `${Math.round(performance.now() - started)} ms`
    log?.(
      [action.padEnd(36), took.padStart(8), subject, how]
        .map((text) => oneLine(text))
        .join('  ')
        .trimEnd(),
    )
  }
  try {
    const answer = await call
    say('')
    return answer
  } catch (error) {
    say(error instanceof AwsError ? error.code : 'failed')
    throw error
  }
}

type Watching = {
  readonly registry: RegistryRef
  readonly onDenial: (denial: Denial) => void
  readonly log: Log | undefined
  /** What ends the command; otherwise credentials that AWS does not take. */
  readonly endsBy?: (error: AwsError) => Error | undefined
}

const subjectOf = (resource: string): string => resource.split(':repository/')[1] ?? ''

/**
 * Calls that are watched: each can be shown, what is missing to be allowed is told, and what no call would survive ends
 * the command.
 */
export function watched(aws: AwsCall, { registry, onDenial, log, endsBy = fatal }: Watching): AwsCall {
  return async (service, operation, input) => {
    const [action, resource] = [`${service}:${operation}`, resourceOf(input, registry)]
    try {
      return await logged(aws(service, operation, input), action, subjectOf(resource), log)
    } catch (error) {
      if (!(error instanceof AwsError)) throw error
      if (isDenied(error))
        onDenial({ action, resource: refusedResource(error) ?? resource, isForbidden: isForbidden(error) })
      throw endsBy(error) ?? error
    }
  }
}
