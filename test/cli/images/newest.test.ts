import fc from 'fast-check'
import { expect, test } from 'vitest'
import { newestOf } from '../../../cli/images/newest.ts'
import type { ListedImage } from '../../../functions/judging/repository-images.ts'

const listed = (number: number, pushedAt: number): ListedImage => {
  const digest = `sha256:${String(number).padStart(64, '0')}`
  const ref = { account: '1', region: 'r', repository: 'x', digest, tags: [] }
  const detail = { tags: [], pushedAt: new Date(pushedAt).toISOString(), sizeInBytes: 1 }
  return { ref, detail, stored: { digest, tags: [], pushedAt, status: 'ACTIVE', sizeInBytes: 1 }, isClean: false }
}

async function* pagesOf(images: readonly ListedImage[], size: number) {
  for (let at = 0; at < images.length; at += size) yield images.slice(at, at + size)
}

const everything = () => true

test('the newest are those that sorting all of them gives, however they are listed', async () => {
  const images = fc.array(fc.integer({ min: 0, max: 50 }), { maxLength: 200 })
  await fc.assert(
    fc.asyncProperty(
      images,
      fc.integer({ min: 1, max: 60 }),
      fc.integer({ min: 1, max: 40 }),
      async (times, most, size) => {
        const all = times.map((pushedAt, number) => listed(number, pushedAt))
        const sorted = all.toSorted(
          (a, b) => b.stored.pushedAt - a.stored.pushedAt || (a.stored.digest < b.stored.digest ? -1 : 1),
        )
        let seen = 0
        const newest = await newestOf(pagesOf(all, size), most, everything, (count) => {
          seen += count
        })
        expect(newest).toEqual({ images: sorted.slice(0, most), total: all.length })
        expect(seen).toBe(all.length)
      },
    ),
  )
})

test('an image that comes again on the next page, since others were pushed meanwhile, is one', async () => {
  const all = [listed(1, 1), listed(2, 2), listed(2, 2), listed(3, 3)]
  const { total, images } = await newestOf(pagesOf(all, 2), 10, everything, () => {})
  expect([total, images.map(({ stored }) => stored.pushedAt)]).toEqual([3, [3, 2, 1]])
})
