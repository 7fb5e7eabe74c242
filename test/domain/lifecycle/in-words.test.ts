import { expect, test } from 'vitest'
import { imagesInWords, ruleInWords } from '../../../functions/domain/lifecycle/in-words.ts'
import { any, days, keep, rule, untagged } from './lints/policies.ts'

test.each([
  [untagged(), 'images without a tag: expire 7 days after their push'],
  [untagged({ count: keep(1) }), 'images without a tag: the newest stays, older ones expire'],
  [any({ count: keep(100) }), 'all images: the newest 100 stay, older ones expire'],
  [rule({ count: days(1) }), 'images with a tag that fits "v*": expire 1 day after their push'],
  [
    rule({ prefixes: ['v', 'release-'], patterns: [] }),
    'images with a tag that starts with "v" and one that starts with "release-": the newest 10 stay, older ones expire',
  ],
  [rule({ patterns: ['latest'] }), 'images with a tag that is "latest": the newest 10 stay, older ones expire'],
  [
    any({ action: 'archive', count: { type: 'sinceImagePulled', days: 90 } }),
    'all images: go to the archive 90 days after their last pull, or their push where nobody pulled them',
  ],
  [
    any({ storageClass: 'archive', count: { type: 'sinceImageTransitioned', days: 365 } }),
    'all archived images: expire 365 days after they came into the archive',
  ],
])('%o is said in words', (one, words) => expect(ruleInWords(one)).toBe(words))

test('images with any tag are named', () => {
  expect(imagesInWords(rule({ patterns: [] }))).toBe('images with a tag that is there')
})
