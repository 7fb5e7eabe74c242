import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { evaluate } from '../../../functions/domain/lifecycle/evaluate.ts'
import { ANY, image, keep, NOW, patterns, rulesOf, since, UNTAGGED } from '../lifecycle/images.ts'

const DOCUMENT = readFileSync(new URL('../../../docs/quarantine.md', import.meta.url), 'utf8')
/** The rule that docs/quarantine.md gives for what is in quarantine. */
const HELD = JSON.parse(/```json\n([\s\S]*?)```/.exec(DOCUMENT)?.[1] ?? '') as object

const IN_QUARANTINE = ['quarantine-1.4.2']

const untagged = since(2, 'sinceImagePushed', 1, UNTAGGED)
const any = since(4, 'sinceImagePushed', 7, ANY)
const releases = keep(3, 100, patterns('1.*'))

test.each<[name: string, rules: readonly object[], tags: readonly string[], days: number, action: string]>([
  ['a rule on untagged images does not take it', [untagged], IN_QUARANTINE, 90, 'keep'],
  ['one on any image does', [any], IN_QUARANTINE, 8, 'expire'],
  ['though it would not have under its own tag', [releases, any], ['1.4.2'], 8, 'keep'],
  ['which a rule keeps that knows nothing of quarantine', [releases, any], IN_QUARANTINE, 8, 'expire'],
  ['the rule of the document keeps it', [HELD, untagged, releases, any], IN_QUARANTINE, 29, 'keep'],
  ['for thirty days', [HELD, untagged, releases, any], IN_QUARANTINE, 30, 'expire'],
  ['also where it has a tag of its own', [HELD, releases, any], [...IN_QUARANTINE, '1.4.2'], 30, 'expire'],
])('of an image in quarantine: %s', (_, rules, tags, days, action) => {
  expect(evaluate(rulesOf(...rules), [image(tags, days)], new Map(), NOW)[0]?.action).toBe(action)
})
