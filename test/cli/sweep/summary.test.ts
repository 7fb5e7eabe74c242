import { stripVTControlCharacters, styleText } from 'node:util'
import { describe, expect, test } from 'vitest'
import { exitOf } from '../../../cli/sweep/exit-of.ts'
import { summaryLines } from '../../../cli/sweep/summary-lines.ts'
import { type Paint, widthOf } from '../../../cli/terminal.ts'
import type { SweepReport } from '../../../functions/domain/sweep/report.ts'
import { sampleReport } from '../../domain/sweep/sample-report.ts'

const plain: Paint = (_, text) => text
const coloured: Paint = (format, text) => styleText(format, text, { validateStream: false })

const REPORT = sampleReport()
const text = (report: SweepReport, width = 100, paint = plain): string =>
  summaryLines(report, { paint, width }).join('\n')

/** A sweep of which everything is well. */
const WELL: SweepReport = {
  ...REPORT,
  ...{ verdict: 'pass', score: 100, since: null, fixes: [], owners: [], ownersOmitted: 0 },
  targets: [{ account: '111122223333', region: 'eu-central-1', listed: 2, judged: 2, problem: null }],
  coverage: { ...{ listed: 2, judged: 2, notWhole: 0, complete: true }, notJudged: [], omitted: 0 },
  ...{ totals: { ...REPORT.totals, unscanned: 0 }, repositories: [] },
}

describe('the summary of a sweep', () => {
  test('has what a person wants to know first, on a page', () => {
    expect(text(REPORT)).toMatchInlineSnapshot(`
      "FAIL  Sweep 2026-11-24t21
      15 rule verdicts fail, 1 verdict unknown, 23 findings overdue.
      12 of 13 repositories judged, in 3 registries. What is not known is not passed: 1 repository was not
      judged, 1 registry not judged whole, 1 repository read in part, 2 images without a whole scan.
      Score 71 of 100. Since 2026-11-23 21:00 UTC: score +0.1; 1 new fail, 1 fixed; new: 2 findings (2
      high); gone: 1 finding (1 critical); in store +4.2 GB, +$0.42 a month.

      NOT JUDGED
        222222222222 in ap-northeast-1               arn:aws:iam::222222222222:role/ecr-steward-read may
                                                     not be assumed: AccessDenied
        data/archive-2019 (123456789012, us-east-1)  it was deleted while it was judged

      TOP FIXES
        1. CRITICAL  Rebuild on base/node:22-bookworm what is built upon base/node:20-bookworm
           closes 20 findings in 5 images of 3 repositories
        2. HIGH  Name a user by USER in the last stage of the Dockerfile
           closes 7 fails in 7 images of 6 repositories
        3. CRITICAL  Upgrade openssl to 3.0.15-1~deb12u1
           closes 12 findings in 6 images of 4 repositories

      OWNERS
        payments                       59 of 100  5 fails, 19 findings (3 critical, 9 high, 4 medium, 3
                                                  low), in 3 repositories
        data                           65 of 100  6 fails, 4 findings (2 high, 2 medium), 1 unknown, in 3
                                                  repositories
        web                            75 of 100  2 fails, 14 findings (2 critical, 8 high, 2 medium, 2
                                                  low), in 3 repositories
        platform                       79 of 100  0 fails, 6 findings (1 critical, 2 high, 1 medium, 2
                                                  low), in 2 repositories
        O'Brien & "Söhne" <b>GmbH</b>  84 of 100  1 fail, 1 finding (1 high), in 1 repository

      IN STORE
        $125.83 a month for 1.26 TB in store, at most; clean-up would take 495 GB, $49.50 a month."
    `)
    expect(text(REPORT).split('\n').length).toBeLessThan(50)
  })

  test('of what is well is short', () => {
    expect(text(WELL)).toMatchInlineSnapshot(`
      "PASS  Sweep 2026-11-24t21
      Everything was judged, and nothing fails.
      2 of 2 repositories judged, in 1 registry.
      Score 100 of 100. This is the first sweep: there is nothing to compare with.

      IN STORE
        $125.83 a month for 1.26 TB in store, at most; clean-up would take 495 GB, $49.50 a month."
    `)
  })

  test('of no repositories at all never looks as if all were well', () => {
    const coverage = { ...WELL.coverage, listed: 0, judged: 0 }
    const nothing = text({ ...WELL, verdict: 'unknown', coverage }, 100, coloured)
    expect(stripVTControlCharacters(nothing)).toContain('UNKNOWN')
    expect(stripVTControlCharacters(nothing)).toContain('No repositories were found in 1 registry.')
    expect(nothing).not.toContain(coloured('green', 'x').split('x')[0])
  })

  test.each([60, 80, 120])('has no longer lines than a terminal of %i columns, but what is to be copied', (width) => {
    const prose = text(REPORT, width)
      .split('\n')
      .filter((line) => !/^ +\$ /.test(line))
    expect(Math.max(...prose.map(widthOf))).toBeLessThanOrEqual(width)
  })

  test('has nothing in it that moves the cursor, whatever names and reasons are', () => {
    const evil = '\u001b[2J\u009b1mx\nFAKE  Sweep'
    const report: SweepReport = {
      ...REPORT,
      id: evil,
      targets: REPORT.targets.map((target) => ({ ...target, problem: evil })),
      owners: REPORT.owners.map((owner) => ({ ...owner, owner: evil })),
      fixes: REPORT.fixes.map((fix) => ({ ...fix, title: evil, command: evil })),
      coverage: { ...REPORT.coverage, notJudged: [{ account: evil, region: evil, repository: evil, why: evil }] },
    }
    for (const control of ['\u001b', '\u009b']) expect(text(report)).not.toContain(control)
    expect(text(report)).not.toMatch(/^FAKE/m)
  })
})

describe('the end of a sweep', () => {
  const none = { denied: [] }
  const unknown: SweepReport = { ...WELL, verdict: 'unknown', repositories: [] }
  const denial = { action: 'ecr:DescribeImages', resource: '*', isForbidden: false }
  const registry = { account: '111122223333', region: 'eu-central-1' }

  test('is that of the verdict', () => {
    expect(exitOf(WELL, none)).toBe('pass')
    expect(exitOf({ ...WELL, verdict: 'fail' }, { denied: [{ registry, denials: [denial] }] })).toBe('fail')
  })

  test('is unknown, or a want of permissions, where nothing fails', () => {
    expect(exitOf(unknown, { denied: [{ registry, denials: [] }] })).toBe('unknown')
    expect(exitOf(unknown, { denied: [{ registry, denials: [denial] }] })).toBe('access')
  })

  test('is a want of permissions also where only the records tell of it', () => {
    const gap = { ...registry, repository: 'prod/api', why: 'AWS answered AccessDeniedException to DescribeImages' }
    const coverage = { ...unknown.coverage, notJudged: [gap] }
    expect(exitOf({ ...unknown, coverage }, none)).toBe('access')
  })
})
