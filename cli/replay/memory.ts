import { repositoryKey } from '../../functions/domain/repository-state.ts'
import { Later } from '../../functions/faults.ts'
import type { Memory } from '../../functions/memory.ts'
import type { TagMemory } from '../../functions/push-check/ports.ts'
import type { Note } from './calls.ts'

/** What is remembered from one event of a replay to the next, in place of the table of the stack. */
export type ReplayMemory = {
  /** Subjects of all functions, as the one table has them. */
  of<T>(): Memory<T>
  readonly tags: TagMemory
  /** Takes back what was remembered of subjects whose key the predicate names. */
  forget(isMeant: (subject: string) => boolean): void
}

/** What is known of a tag. Instants are followed by the id of their event, so that no two are alike. */
type Tag = { readonly digest: string; readonly since: string; readonly seen: string; readonly before?: string }

const UPDATE = 'dynamodb:UpdateItem'

function tagsOf(note: Note): TagMemory {
  const tags = new Map<string, Tag>()
  return {
    async pushed(repository, { tag, digest, event, time }) {
      const key = `tag#${repositoryKey(repository)}:${tag}`
      note({ action: UPDATE, subject: key, made: false })
      const order = `${new Date(time).toISOString()}#${event}`
      const known = tags.get(key)
      const isNext = known === undefined || known.seen < order
      const now: Tag =
        known === undefined || (known.digest !== digest && isNext)
          ? { digest, since: order, seen: order, ...(known && { before: known.digest }) }
          : { ...known, seen: isNext && known.digest === digest ? order : known.seen }
      tags.set(key, now)
      const isMove = now.before !== undefined && now.since === order && now.digest === digest
      return isMove ? { tag, from: now.before as string, event } : undefined
    },
  }
}

/** Of what was told before the replay nothing is known. Like the table, it lets one claim at a time have a subject. */
export function replayMemory(note: Note): ReplayMemory {
  const told = new Map<string, unknown>()
  const held = new Set<string>()
  const update = (subject: string): void => note({ action: UPDATE, subject: `told#${subject}`, made: false })

  const memory: Memory<unknown> = {
    async claim(subject) {
      update(subject)
      if (held.has(subject)) throw new Later('another invocation is at work on it')
      held.add(subject)
      const keep = async (value: unknown): Promise<void> => {
        update(subject)
        told.set(subject, value)
      }
      const release = async (): Promise<void> => {
        update(subject)
        held.delete(subject)
      }
      const mark = async (value: unknown): Promise<void> => {
        await keep(value)
        held.delete(subject)
      }
      return { told: told.get(subject), keep, mark, release }
    },
  }
  return {
    of: <T>() => memory as Memory<T>,
    tags: tagsOf(note),
    forget(isMeant) {
      for (const subject of [...told.keys()].filter(isMeant)) told.delete(subject)
    },
  }
}
