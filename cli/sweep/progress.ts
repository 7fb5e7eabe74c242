import { counted, grouped } from '../../functions/domain/counted.ts'
import type { SweepProgress } from '../../functions/domain/sweep/progress.ts'
import type { Io } from '../io.ts'
import { showProgress } from '../progress.ts'

/** How far a rate looks back: batches end in bursts. Milliseconds. */
const WINDOW = 20_000

type Sample = { readonly at: number; readonly count: number }

/** Measures how fast a count grows. */
export function createRate() {
  let samples: readonly Sample[] = []
  return {
    /** @param at milliseconds @returns a second; undefined as long as it cannot be told */
    of(count: number, at: number): number | undefined {
      samples = [...samples.filter((sample) => at - sample.at <= WINDOW), { at, count }]
      const [first] = samples
      const seconds = first ? (at - first.at) / 1_000 : 0
      return first && seconds >= 1 ? (count - first.count) / seconds : undefined
    },
  }
}

/** `40 s`, `12 min`, `2.5 h`. */
function timeText(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds)} s`
  return seconds < 5_400 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 360) / 10} h`
}

const rateText = (rate: number): string => (rate < 10 ? rate.toFixed(1) : grouped(Math.round(rate)))

/**
 * `1,204 of 10,000 repositories judged, 34,000 images, 81 a second, about 2 min left`
 * @param rate repositories a second, where it is known
 */
export function progressInWords({ listed, judged, images, isListed }: SweepProgress, rate?: number): string {
  if (listed === 0) return isListed ? 'writing the report' : 'listing the repositories, and what is in use'
  const all = `${counted(listed, 'repository', 'repositories')}${isListed ? '' : ' or more'}`
  const far = [`${grouped(judged)} of ${all} judged`, counted(images, 'image')]
  if (isListed && judged >= listed) return [...far, 'writing the report'].join(', ')
  if (rate === undefined) return far.join(', ')
  const left = isListed && rate > 0 ? [`about ${timeText((listed - judged) / rate)} left`] : []
  return [...far, `${rateText(rate)} a second`, ...left].join(', ')
}

/** What a sweep is told to on its way. */
export type Progress = {
  listed(repositories: number): void
  /** All targets are listed. */
  allListed(): void
  judged(repositories: number, images: number): void
  end(): void
}

/** Says on a terminal how far a sweep is. The calls show it too, where they are shown. */
export function sweepProgress({ stderr, now }: Io, isVerbose: boolean): Progress {
  const [far, rate] = [{ listed: 0, judged: 0, images: 0, isListed: false }, createRate()]
  const label = (): string => progressInWords(far, rate.of(far.judged, now().getTime()))
  const end = isVerbose ? () => {} : showProgress(stderr, label)
  return {
    end,
    listed(repositories) {
      far.listed += repositories
    },
    allListed() {
      far.isListed = true
    },
    judged(repositories, images) {
      far.judged += repositories
      far.images += images
    },
  }
}
