import type { PushEvent } from '../domain/event.ts'
import { isQuarantineTag } from '../domain/quarantine/tags.ts'
import { repositoryKey } from '../domain/repository-state.ts'
import type { TagMemory, TagMove } from './ports.ts'

/** ECR takes no other tag. @see https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pulling-manifests */
const TAG = /^\w[\w.-]{0,127}$/

export type Moves = {
  /** The moves of tags by some events. */
  by(events: readonly string[]): Promise<readonly TagMove[]>
  /** When all of them are remembered, or could not be. */
  ended(): Promise<void>
}

/**
 * Tells the memory of tags of every push, tag by tag in the order of the events: of images that are pushed under one tag
 * within a moment, each is known to have moved it.
 */
export function movesOf(pushes: readonly PushEvent[], tags: TagMemory): Moves {
  const answers = new Map<string, Promise<TagMove | undefined>>()
  const lasts = new Map<string, Promise<unknown>>()
  for (const { id, time, image } of pushes.toSorted((a, b) => a.time.localeCompare(b.time))) {
    const [tag] = image.tags
    // Tags of quarantine come and go with the images that they are put on.
    if (tag === undefined || !TAG.test(tag) || isQuarantineTag(tag) || answers.has(id)) continue
    const key = `${repositoryKey(image)}:${tag}`
    const push = { tag, digest: image.digest, event: id, time }
    const answer = Promise.resolve(lasts.get(key)).then(() => tags.pushed(image, push))
    answers.set(id, answer)
    // What fails is met by whoever asks for it; the next push of the tag does not depend on it.
    const end = answer.catch(() => undefined)
    lasts.set(key, end)
  }
  return {
    async by(events) {
      const moves = await Promise.all(events.map((event) => answers.get(event)))
      return moves.flatMap((move) => move ?? [])
    },
    async ended() {
      await Promise.all(lasts.values())
    },
  }
}
