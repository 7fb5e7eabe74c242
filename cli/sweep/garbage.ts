import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8'

/** Bytes of the space for new objects, from which on it does not grow: a larger one saves no time here. */
const YOUNG = 16_000_000
/** Percent of what is held that may be added before the next collection. */
const GROWTH = 100
/** How often the space is looked at. Milliseconds. */
const LOOK = 50

const youngSize = (): number =>
  getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space')?.space_size ?? 0

/**
 * Has V8 collect garbage sooner. It lets garbage grow with the memory of the machine: where that has 16 GB, beside the 25 MB
 * that a sweep holds to more than 200. Node's own option for it, `--max-semi-space-size`, has to be given to `node`, by whoever
 * starts it; what bounds the growth may be set on the way.
 * @returns what ends looking, and has the space not grow from then on: work that lets no timer run would have it grow far
 * @see https://nodejs.org/api/v8.html#v8setflagsfromstringflags
 */
export function boundGarbage(): () => void {
  setFlagsFromString(`--heap-growing-percent=${GROWTH}`)
  const looking = setInterval(() => {
    if (youngSize() >= YOUNG) stop()
  }, LOOK).unref()
  const stop = (): void => {
    setFlagsFromString('--semi-space-growth-factor=1')
    clearInterval(looking)
  }
  return stop
}
