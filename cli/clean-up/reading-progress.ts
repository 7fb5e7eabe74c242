import type { PlanningListener } from '../../functions/clean-up/plan.ts'
import { counted } from '../../functions/domain/counted.ts'
import type { Io } from '../io.ts'
import { showProgress } from '../progress.ts'

/** Says on a terminal how far the reading is. The calls show it too, where they are shown. */
export function readingProgress({ stderr, now }: Io, isVerbose: boolean) {
  const started = now().getTime()
  let [repositories, images] = [0, 0]
  const label = (): string => {
    const rate = Math.round(images / Math.max(1, (now().getTime() - started) / 1_000))
    const read = `${counted(repositories, 'repository', 'repositories')}, ${counted(images, 'image')} read`
    return repositories === 0
      ? 'reading what is in use, and the repositories'
      : `${read}, ${rate.toLocaleString('en-US')} a second`
  }
  const end = isVerbose ? () => {} : showProgress(stderr, label)
  const onImages = (more: number): void => {
    images += more
  }
  const onRepository = (): void => {
    repositories += 1
  }
  return { label, end, onImages, onRepository } satisfies PlanningListener & { end(): void; label(): string }
}
