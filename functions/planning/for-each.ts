import pLimit from 'p-limit'

/**
 * Works on all that comes, so many at most side by side.
 * @throws the first error of a work or of what comes, when all that was begun has ended
 */
export async function forEach<T>(
  items: AsyncIterable<T>,
  atOnce: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const limit = pLimit(atOnce)
  const works: Promise<void>[] = []
  let ended: PromiseSettledResult<void>[] = []
  try {
    for await (const item of items) {
      const one = limit(() => work(item))
      // Whoever awaits it learns of its end, which may be later.
      one.catch(() => undefined)
      works.push(one)
    }
  } finally {
    ended = await Promise.allSettled(works)
  }
  for (const one of ended) if (one.status === 'rejected') throw one.reason
}
