import { counted } from '../../functions/domain/counted.ts'
import type { Io } from '../io.ts'
import { showProgress } from '../progress.ts'

export type ListingProgress = {
  /** So many more were listed. */
  onListed(images: number): void
  /** So many are read now, each with a call of its own. */
  onRead(images: number): void
  onRow(): void
  end(): void
}

/** Says on a terminal how far the listing is. The calls show it too, where they are shown. */
export function listingProgress({ stderr }: Io, isVerbose: boolean): ListingProgress {
  let [listed, toRead, read] = [0, 0, 0]
  const label = (): string =>
    toRead === 0 ? `${counted(listed, 'image')} listed` : `${read} of ${counted(toRead, 'image')} read`
  return {
    onListed(images) {
      listed += images
    },
    onRead(images) {
      toRead = images
    },
    onRow() {
      read += 1
    },
    end: isVerbose ? () => {} : showProgress(stderr, label),
  }
}
