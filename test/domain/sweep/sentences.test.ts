import { describe, expect, it } from 'vitest'
import {
  ancestryText,
  baseName,
  changeTexts,
  closesText,
  coverageText,
  dollarsText,
  gapsText,
  rebuildText,
  signed,
  verdictText,
} from '../../../functions/domain/sweep/sentences.ts'
import { base, empty, pass, report, sums } from './page/report.ts'

describe('the words of a sweep', () => {
  it.each([
    [{}, 'base/node:20.14-bookworm-slim'],
    [{ name: null, layers: 1 }, 'layer sha256:4a5b6c7d8e9f'],
    [{ name: null, layers: 4 }, '4 layers up to sha256:4a5b6c7d8e9f'],
  ])('names a base', (change, name) => {
    expect(baseName(base(change))).toBe(name)
  })

  it.each([
    [{}, 'Rebuild on base/node:22.11-bookworm-slim what is built upon base/node:20.14-bookworm-slim'],
    [
      { rebuild: undefined, fixable: 993 },
      'Rebuild on a newer base/node:20.14-bookworm-slim: it brings 993 findings, all with a published fix',
    ],
    [
      { rebuild: undefined, name: null, fixable: 1 },
      'Rebuild on a newer base: one that nobody names brings 993 findings, 1 with a published fix',
    ],
  ])('promises of a rebuild what was read', (change, text) => {
    expect(rebuildText(base(change))).toBe(text)
  })

  it.each([
    [
      { inherited: 1, own: 0, unplaced: 0 },
      'Of 1 finding whose layer is known, 1 comes from what images of several repositories are built upon.',
    ],
    [
      { inherited: 2, own: 1, unplaced: 4 },
      'Of 3 findings whose layer is known, 2 come from what images of several repositories are built upon. Of 4 more no scan says which layer brings them: basic scanning never does.',
    ],
  ])('says what brings findings, and of how many it is not known', (change, text) => {
    expect(ancestryText(report({ ancestry: { bases: [], omitted: 0, ...change } }))).toBe(text)
  })

  it.each([
    [0, '$0.00'],
    [0.001, '<$0.01'],
    [1234.5, '$1,234.50'],
    [-1, '−$1.00'],
  ])('writes %d dollars', (dollars, text) => {
    expect(dollarsText(dollars)).toBe(text)
  })

  it.each([
    [0, '±0'],
    [3, '+3'],
    [-3, '−3'],
  ])('writes a change of %d', (change, text) => {
    expect(signed(change, String)).toBe(text)
  })

  it('says what the verdict means', () => {
    expect(verdictText(pass())).toBe('Everything was judged, and nothing fails.')
    expect(verdictText(empty())).toBe('Nothing fails, and not everything is known: this is no pass.')
    expect(verdictText(report({ totals: sums({ fails: 1, unknowns: 0, overdue: {} }) }))).toBe('1 rule verdict fails.')
  })

  it('says how much was judged, and what was not', () => {
    expect(coverageText(report())).toBe('39 of 40 repositories judged, in 2 registries.')
    expect(coverageText(empty())).toBe('No repositories were found in 1 registry.')
    expect(gapsText(pass())).toBe('')
    expect(gapsText(report())).toBe(
      'What is not known is not passed: 1 repository was not judged, 1 registry not judged whole, 1 repository read in part, 6 images without a whole scan.',
    )
    expect(gapsText(pass({ coverage: { ...pass().coverage, complete: false } }))).toBe('Not everything was judged.')
  })

  it('says what is different', () => {
    expect(changeTexts(pass())).toEqual(['This is the first sweep: there is nothing to compare with.'])
    const since = { ...report().since, newFindings: {} } as NonNullable<ReturnType<typeof report>['since']>
    expect(changeTexts(report({ since }))).toContain('New: no findings')
  })

  it('says what a fix closes', () => {
    const [fix] = report().fixes
    const closes = { findings: 1, fails: 2, images: 0, repositories: 1 }
    expect(closesText({ ...fix, closes } as NonNullable<typeof fix>)).toBe(
      'closes 1 finding and 2 fails in 1 repository',
    )
    expect(closesText({ ...fix, closes: { ...closes, findings: 0, fails: 0 } } as NonNullable<typeof fix>)).toBe(
      'closes nothing yet in 1 repository',
    )
    const ofRegistry = { ...closes, findings: 0, fails: 1, repositories: 0 }
    expect(closesText({ ...fix, closes: ofRegistry } as NonNullable<typeof fix>)).toBe(
      'closes 1 fail in registry settings',
    )
  })
})
