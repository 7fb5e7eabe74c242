import type { ListedImage } from '../../functions/judging/repository-images.ts'

/** The newest images of a listing, and how many there are. */
export type Newest = { readonly images: readonly ListedImage[]; readonly total: number }

/** Those of one instant by digest, so that two runs say the same. */
const newestFirst = ({ stored: a }: ListedImage, { stored: b }: ListedImage): number =>
  b.pushedAt - a.pushedAt || (a.digest < b.digest ? -1 : 1)

/**
 * ECR lists images in no order that is promised, so that all have to be seen; no more than a page and twice as many as are
 * wanted are held.
 * @param isWanted of the others not even a count is kept
 * @param onImages told how many were seen, page by page
 */
export async function newestOf(
  pages: AsyncIterable<readonly ListedImage[]>,
  most: number,
  isWanted: (image: ListedImage) => boolean,
  onImages: (count: number) => void,
): Promise<Newest> {
  let [kept, total, before]: [ListedImage[], number, ReadonlySet<string>] = [[], 0, new Set()]
  for await (const page of pages) {
    // What is pushed meanwhile moves others to the next page: an image that came twice is one.
    const fresh = page.filter((image) => isWanted(image) && !before.has(image.stored.digest))
    before = new Set(page.map(({ stored }) => stored.digest))
    total += fresh.length
    kept.push(...fresh)
    if (kept.length > 2 * most) kept = kept.toSorted(newestFirst).slice(0, most)
    onImages(page.length)
  }
  return { images: kept.toSorted(newestFirst).slice(0, most), total }
}
