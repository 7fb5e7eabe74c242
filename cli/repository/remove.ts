import { ecrRepositoryHands } from '../../functions/adapters/ecr-repositories.ts'
import { Gone, Unreadable } from '../../functions/faults.ts'
import { CommandError } from '../command-error.ts'
import type { Ended, Outcome } from './delete-report.ts'
import { type Doomed, type Guard, guardOnce, type Held, type Looking, lookAt } from './doomed.ts'
import type { SavedRepositories } from './saved-repositories.ts'

export type Deleting = Omit<Looking, 'guard'> & {
  /** Reads anew what is in use. */
  readonly readGuard: () => Promise<Guard>
  readonly saved: SavedRepositories
}

const PUSHED = 'images were pushed to it meanwhile: look at it again'

/** Whether something came that nobody has seen. */
const hasMore = (now: Held, before: Held): boolean =>
  now.images > before.images || (now.pushedAt ?? 0) > (before.pushedAt ?? 0)

const failed = (why: string): Outcome => ({ state: 'failed', why })

/** Looks at a repository once more, keeps what makes it again, and deletes it. */
async function remove(before: Doomed, { readGuard, saved, ...looking }: Deleting): Promise<Ended> {
  const { aws, registry } = looking.session
  const doomed = await lookAt(before.ref, { ...looking, guard: guardOnce(readGuard) })
  if (doomed.reasons.length > 0) return { doomed, outcome: { state: 'refused' } }
  if (hasMore(doomed.held, before.held)) return { doomed, outcome: failed(PUSHED) }
  const undo = saved.keep(doomed)
  const isDone = await ecrRepositoryHands(aws, registry.region).delete(doomed.ref, doomed.held.images > 0)
  return { doomed, outcome: isDone ? { state: 'deleted', undo } : failed(PUSHED) }
}

/** What AWS refuses, and what cannot be kept, is told, so that others go on. */
export async function removeRepository(doomed: Doomed, deleting: Deleting): Promise<Ended> {
  try {
    return await remove(doomed, deleting)
  } catch (error) {
    if (error instanceof Gone) return { doomed, outcome: failed('somebody else has deleted it meanwhile') }
    if (error instanceof Unreadable || error instanceof CommandError) return { doomed, outcome: failed(error.message) }
    throw error
  }
}
