import type { EventInput } from '../cli/replay/event-input.ts'
import { announce } from './announce/announce.ts'
import type { Replayed } from './replay.ts'
import type { World } from './world.ts'

type Replay = (burst: readonly EventInput[]) => Promise<readonly Replayed[]>

/**
 * From now on, what is called over HTTP is announced as AWS does, one event after the other, and its story told where a
 * rule takes it in. Calls of the functions are announced too.
 * @param fail is told of a fault in between; what comes after it is still announced
 */
export function followCalls(
  { aws }: World,
  replay: Replay,
  tell: (told: Replayed) => void,
  fail: (error: unknown) => void,
): void {
  let last: Promise<void> = Promise.resolve()
  const follow = async (event: object): Promise<void> => {
    const all = await replay([{ name: 'a call', file: 'a call', event }])
    for (const told of all.filter(({ rules }) => rules.length > 0)) tell(told)
  }
  announce(aws, (event) => {
    last = last.then(() => follow(event)).catch(fail)
  })
}
