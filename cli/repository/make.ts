import { ecrRepositoryHands } from '../../functions/adapters/ecr-repositories.ts'
import { ecrSettings } from '../../functions/adapters/ecr-settings.ts'
import type { RepositoryRef } from '../../functions/domain/facts/repository-facts.ts'
import type { NewRepository } from '../../functions/domain/new-repository/new-repository.ts'
import { Gone, Unreadable } from '../../functions/faults.ts'
import type { Session } from '../aws/session.ts'
import type { Call } from './calls.ts'

/** A call that was made, and why it failed. */
export type Done = { readonly call: Call; readonly failed?: string | undefined }

type Making = { readonly session: Session; readonly ref: RepositoryRef; readonly made: NewRepository }

/** Somebody has made a repository of this name since it was looked for. */
export class Raced extends Error {
  override readonly name = 'Raced'
}

async function make({ operation, input }: Call, { session, ref, made }: Making): Promise<void> {
  const { aws, registry } = session
  if (operation !== 'CreateRepository') return ecrSettings(aws, registry.region)(ref, { operation, input })
  if (!(await ecrRepositoryHands(aws, registry.region).create(registry, made.create))) throw new Raced()
}

/**
 * Makes the calls in turn. What fails after the repository is there does not keep the others from it: less is lacking then.
 * @throws {Raced}
 */
export async function makeAll(calls: readonly Call[], making: Making): Promise<readonly Done[]> {
  const done: Done[] = []
  for (const call of calls) {
    try {
      await make(call, making)
      done.push({ call })
    } catch (error) {
      if (!(error instanceof Unreadable || error instanceof Gone)) throw error
      done.push({ call, failed: error.message })
      if (call.operation === 'CreateRepository') break
    }
  }
  return done
}
