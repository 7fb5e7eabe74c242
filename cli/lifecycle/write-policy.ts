import { setTimeout as pause } from 'node:timers/promises'
import { ecrSettings } from '../../functions/adapters/ecr-settings.ts'
import { ecrHoldings } from '../../functions/adapters/holdings.ts'
import type { RepositoryRef } from '../../functions/domain/facts/repository-facts.ts'
import { isSamePolicy } from '../../functions/domain/lifecycle/add-rules.ts'
import type { EcrWrite } from '../../functions/domain/rule/remedy.ts'
import { Gone, Unreadable } from '../../functions/faults.ts'
import type { Session } from '../aws/session.ts'
import { CommandError } from '../command-error.ts'
import type { Saved } from './saved-policies.ts'

/** What became of the policy of one repository. */
export type Written =
  | { readonly state: 'done'; readonly undo: string | undefined }
  | { readonly state: 'failed'; readonly why: string; readonly undo?: string | undefined }

export type Change = {
  readonly ref: RepositoryRef
  /** As it was read when the change was decided upon. */
  readonly before: string | undefined
  /** As it is to be; undefined where it is to be deleted. */
  readonly after: string | undefined
}

/** Milliseconds before it is read back, once more where ECR still shows what was before. */
const READ_BACK = [0, 500, 2_000]

const isSame = (one: string | undefined, other: string | undefined): boolean =>
  one === undefined || other === undefined ? one === other : isSamePolicy(one, other)

const callFor = ({ ref: { repository: repositoryName }, after }: Change): EcrWrite =>
  after === undefined
    ? { operation: 'DeleteLifecyclePolicy', input: { repositoryName } }
    : { operation: 'PutLifecyclePolicy', input: { repositoryName, lifecyclePolicyText: after } }

/** @throws {Unreadable} @throws {Gone} */
async function isReadBack({ aws, registry: { region } }: Session, { ref, after }: Change): Promise<boolean> {
  for (const milliseconds of READ_BACK) {
    await pause(milliseconds)
    if (isSame(await ecrHoldings(aws, region).lifecyclePolicy(ref), after)) return true
  }
  return false
}

/**
 * Writes a policy, or deletes it, and reads back whether it took effect. What AWS refuses is told, so that others go on;
 * where what was before cannot be saved, nothing is written.
 */
export async function writePolicy(session: Session, change: Change, saved: Saved): Promise<Written> {
  const { aws, registry } = session
  const { ref, before } = change
  let undo: string | undefined
  try {
    if (!isSame(await ecrHoldings(aws, registry.region).lifecyclePolicy(ref), before))
      return { state: 'failed', why: 'somebody else has changed it meanwhile: run it again' }
    undo = before === undefined ? undefined : saved.keep(ref, before)
    await ecrSettings(aws, registry.region)(ref, callFor(change))
    if (await isReadBack(session, change)) return { state: 'done', undo }
    return { state: 'failed', why: 'ECR still shows another policy after it was written', undo }
  } catch (error) {
    if (error instanceof Gone || error instanceof Unreadable || error instanceof CommandError)
      return { state: 'failed', why: error.message, undo }
    throw error
  }
}
