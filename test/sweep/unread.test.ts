import { expect, test } from 'vitest'
import { unread as because, known } from '../../functions/domain/rule/fact.ts'
import { createUnread } from '../../functions/sweep/unread.ts'

test('what was read is not spoken of, and the same of a repository is said once', () => {
  const unread = createUnread()
  unread.addFacts({ tags: because('denied'), policy: known(undefined), quota: because('throttled') })
  unread.add('its tags', 'denied')
  expect(unread.end()).toEqual(['its tags: denied', 'quota: throttled'])
})

test('images are counted by what is missing of them and why', () => {
  const unread = createUnread()
  for (const why of ['denied', 'throttled', 'denied']) unread.addImage({ scan: because(why), manifest: known(1) })
  unread.addImage({ signature: because('denied') })
  expect(unread.end()).toEqual([
    'of 2 images, the scan: denied',
    'of an image, the scan: throttled',
    'of an image, signature: denied',
  ])
})

test('many reasons are cut, and how many are left is said', () => {
  const unread = createUnread()
  for (let i = 0; i < 23; i++) unread.addImage({ manifest: because(`reason ${i}`) })
  const sentences = unread.end()
  expect(sentences).toHaveLength(21)
  expect(sentences.at(-1)).toBe('and 3 parts more')
})

test('reasons without end are not held without end', () => {
  const unread = createUnread()
  for (let i = 0; i < 5_000; i++) unread.addImage({ manifest: because(`reason ${i}`) })
  expect(unread.end().at(-1)).toBe('and 981 parts more')
})
