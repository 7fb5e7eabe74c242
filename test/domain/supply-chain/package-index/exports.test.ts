import { expect, test } from 'vitest'
import {
  type AskedExports,
  exportOf,
  isBare,
  NEVER_ASKED,
  toAsk,
  whenAsked,
  whenEnded,
  whyBare,
} from '../../../../functions/domain/supply-chain/package-index/exports.ts'

const at = (day: number): string => new Date(Date.UTC(2026, 10, day, 21)).toISOString()
const now = (day: number): Date => new Date(at(day))
const OLD = { repository: 'team/web', pushedAt: at(1) }
const running = { id: 'a', at: at(10), repositories: ['team/web'] }
const asked = whenAsked(NEVER_ASKED, running)
const ended = whenEnded(asked, undefined)

test('repositories with images that carry no SBOM are asked for once, by name, and none while an export runs', () => {
  const images = [OLD, { ...OLD, repository: 'constructor' }, OLD]
  expect(toAsk(images, NEVER_ASKED, now(10))).toEqual(['constructor', 'team/web'])
  expect(toAsk(images, asked, now(11))).toEqual([])
  expect(toAsk(images, ended, now(11))).toEqual(['constructor'])
})

test('an image that was new when it was asked for is asked for again, and every image after 30 days', () => {
  const fresh = { ...OLD, pushedAt: at(9) }
  expect(toAsk([fresh], ended, now(11))).toEqual(['team/web'])
  expect([39, 40].map((day) => toAsk([OLD], ended, now(day)))).toEqual([[], ['team/web']])
})

test.each<[string, AskedExports, string]>([
  ['nobody asked', NEVER_ASKED, 'it has no SBOM'],
  ['it runs', asked, 'it has no SBOM, and Inspector has not exported it yet'],
  ['it has none', ended, 'it has no SBOM, and Inspector has none of it'],
  ['it cannot', whenEnded(asked, 'BUCKET_NOT_FOUND'), 'it has no SBOM, and Inspector exports none: BUCKET_NOT_FOUND'],
])('why nothing is known where %s', (_, state, why) => {
  expect(whyBare(OLD, state, now(11))).toBe(why)
  expect(isBare(why)).toBe(true)
})

test('what is known of other repositories stays when an export ends, well or not', () => {
  const more = whenAsked(ended, { id: 'b', at: at(12), repositories: ['team/api', 'team/web'] })
  const after = whenEnded(more, undefined)
  expect(exportOf(after, 'team/web')).toMatchObject({ id: 'b', at: at(12) })
  expect(exportOf(whenEnded(more, 'FAILED'), 'team/web')).toMatchObject({ id: 'a' })
  expect(exportOf(ended, 'team/api')).toBeUndefined()
  expect(whenEnded(ended, undefined)).toEqual({ ended: ended.ended })
})

test('an SBOM that is there and cannot be read is none that Inspector is asked for', () => {
  expect(['its SBOM cannot be read: it is not JSON', 'it has no SBOMs'].map(isBare)).toEqual([false, false])
})
