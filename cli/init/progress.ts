import { counted } from '../../functions/domain/counted.ts'
import type { Io } from '../io.ts'
import { showProgress } from '../progress.ts'
import type { Looking } from './look.ts'

export type LookProgress = Looking['progress'] & { end(): void }

const repositories = (count: number): string => counted(count, 'repository', 'repositories')

/** Says on a terminal how far the look at the account is. The calls show it too, where they are shown. */
export function lookProgress({ stderr }: Pick<Io, 'stderr'>, isVerbose: boolean): LookProgress {
  let [listed, judged, wanted, seen]: [number, number, number | undefined, number] = [0, 0, undefined, 0]
  const label = (): string => {
    if (wanted !== undefined) return `newest images of ${seen} of ${repositories(wanted)} judged`
    return judged === 0 ? `${repositories(listed)} listed` : `${judged} of ${repositories(listed)} judged`
  }
  return {
    listed(count) {
      listed += count
    },
    judged() {
      judged += 1
    },
    images(of) {
      wanted = of
    },
    image() {
      seen += 1
    },
    end: isVerbose ? () => {} : showProgress(stderr, label),
  }
}
