import pLimit from 'p-limit'

/** How many results may wait for a slow one before them, for each that is worked on. */
const WAITING = 4

/**
 * Works on what comes, `atOnce` items side by side, and gives the results in the order of the items. Neither items nor
 * results are held beyond a few times `atOnce`.
 */
export async function* inOrder<T, R>(
  items: AsyncIterable<T>,
  atOnce: number,
  work: (item: T) => Promise<R>,
): AsyncGenerator<R> {
  const limit = pLimit(atOnce)
  const results: Promise<R>[] = []
  for await (const item of items) {
    const result = limit(() => work(item))
    // Whoever awaits it learns of its end, which may be later.
    result.catch(() => undefined)
    results.push(result)
    while (results.length >= atOnce * WAITING) yield (await results.shift()) as R
  }
  for (const result of results) yield await result
}
