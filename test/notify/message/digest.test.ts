import { describe, expect, test } from 'vitest'
import type { Alert } from '../../../functions/domain/alert.ts'
import { toText } from '../../../functions/domain/alert-text.ts'
import { toPublish } from '../../../functions/domain/publish.ts'
import { composeDigest } from '../../../functions/domain/sweep/digest-alert.ts'
import type { SweepReport } from '../../../functions/domain/sweep/report.ts'
import { compose, composePlain } from '../../../functions/notify/message/compose.ts'
import { judge } from '../../../local/slack/validate.ts'
import { busy, exceptionState, fix, owner, quiet, REPORT_URL, sums, tellingOfHub } from '../../domain/sweep/morning.ts'
import { barOf, headerOf, shown } from './shown.ts'

const told = (report: SweepReport): Alert => composeDigest(tellingOfHub(), report, { url: REPORT_URL })

describe('the digest of a busy night on Slack', () => {
  const alert = told(busy())

  test('reads from the verdict down to what is in store', () => {
    expect(headerOf(alert)).toBe(
      '🔴 Sweep: 2 critical, 5 high, 3 fails new, 3 more overdue, 1 exception ended; score 71 (−3)',
    )
    expect(`${shown(alert)}\n`).toBe(`\
*Critical*  ·  Verdict: fail. 128 of 128 repositories judged in 1 registry, 1,204 images. New since 2026-11-26 21:00 UTC: 2 critical, 5 high, 8 low, 3 fails. Fixed: 8 high, 4 medium, 1 fail.
All findings: 7 critical, 61 high, 240 medium
*What to do*
Renew or drop 1 exception that ended: what it was about counts again. Begin with “Rebuild on a newer base/node”: it closes 214 findings in 31 images of 9 repositories. Decide on 1 exception before the end.
*Exceptions*
•  *scan-on-push in sandbox/∗*  ended on 2026-11-26: moves to another registry  ·  platform  ·  steward.yaml, line 51
•  *CVE-2026-31789 in prod/∗*  ends on 2026-12-03: TLS ends before this service  ·  team-a  ·  covers 3 subjects  ·  steward.yaml, line 44
*Overdue*
•  *7 critical*  older than 7 days  ·  3 more than last time
•  *12 high*  older than 30 days
*Top fixes*
•  *Rebuild on a newer base/node*  closes 214 findings in 31 images of 9 repositories
•  *Upgrade openssl to 3.0.15*  closes 61 findings in 12 images of 4 repositories
•  *Turn on scan on push*  closes 9 fails in 9 repositories
*Owners that got worse*
•  *team-b*  score 55 (−12)  ·  2 critical, 9 high  ·  3 overdue
•  *team-a*  score 74 (−3)
*Registry*
123456789012 · ap-northeast-1
*Score*
71 of 100 (−3)
*Overdue*
7 critical, 12 high
*Rules*
31 fails, 2 unknown
*Excepted*
5
*In store*
1.24 TB (+3.2 GB), $124.00 a month
*Can go*
at most 240 GB, $24.00 a month
ecr-steward  ·  digest  ·  channel security  ·  alert ${alert.id}  ·  2026-11-20 09:01 UTC
`)
  })

  test('opens the report with the first button', () => {
    const [row] = barOf(alert).blocks.filter((block) => block.type === 'actions')
    expect(row?.elements[0]).toMatchObject({ url: REPORT_URL, text: { text: 'Open the report' } })
  })

  test('has a line for who reads no blocks', () => {
    expect(composePlain(alert).text).toMatch(/^🔴 Sweep: 2 critical.*\n.*\n• `scan-on-push in sandbox/)
  })
})

test('in an e-mail it has the commands too', () => {
  const text = toText(told(busy()))
  expect(text).toContain(`
Points
  Exceptions
    scan-on-push in sandbox/*  ended on 2026-11-26: moves to another registry, platform, steward.yaml, line 51
`)
  expect(text).toContain(`
    Turn on scan on push  closes 9 fails in 9 repositories
      aws ecr put-image-scanning-configuration …
  Owners that got worse
`)
  expect(toPublish(told(busy()))).toMatchObject({
    subject: expect.stringMatching(/^\[CRITICAL\] Sweep: 2 critical/),
    attributes: { kind: 'digest', severity: 'CRITICAL', account: '123456789012', region: 'ap-northeast-1' },
  })
})

test('a quiet morning is grey and short, and does not say the word twice', () => {
  const alert = told(quiet())
  expect(headerOf(alert)).toBe('⚪ Nothing new to decide; score 71 (±0)')
  expect(barOf(alert).color).toBe('#9ca3af')
  expect(shown(alert)).not.toContain('•')
  expect(shown(alert).length).toBeLessThan(700)
})

test('a gap stands in the header, and its reason right below the verdict', () => {
  const place = { account: '222222222222', region: 'eu-west-1', repository: 'ci/api', why: 'the batch did not end' }
  const coverage = { listed: 128, judged: 127, notWhole: 0, complete: false, notJudged: [place], omitted: 0 }
  const alert = told(quiet({ coverage, verdict: 'unknown', totals: sums({ fails: 0 }) }))
  expect(headerOf(alert)).toBe('🟣 Sweep incomplete: 1 of 128 repositories not judged')
  const text = shown(alert)
  expect(text).toContain('*Unknown*  ·  Verdict: unknown. 127 of 128')
  expect(text.indexOf('ci/api (the batch did not end)')).toBeLessThan(text.indexOf('*What to do*'))
})

test('Slack and SNS take it whatever names are called, and however many there are', () => {
  const hostile = '<!channel> *a* `b` _c_ @here <https://evil|x> \u202e\n'
  const place = { account: hostile, region: hostile, repository: hostile }
  const many = <T>(one: T): T[] => Array.from({ length: 500 }, () => one)
  const alert = told(
    busy({
      targets: many({ ...place, listed: 0, judged: 0, problem: hostile }),
      coverage: {
        listed: 500,
        judged: 1,
        notWhole: 400,
        complete: false,
        notJudged: many({ ...place, why: hostile }),
        omitted: 9,
      },
      fixes: many(fix({ title: hostile.repeat(30), command: `${hostile}; rm -rf /` })),
      owners: many(owner(hostile.repeat(30), { change: -9 })),
      exceptions: many(exceptionState({ what: hostile, reason: hostile.repeat(30), owner: hostile })),
      repositories: many({ ...place, owner: hostile, score: 1, losses: [], ...sums(), unread: [hostile] }),
    }),
  )
  expect(judge(compose(alert, 'security'))).toMatchObject({ status: 200, faults: [] })
  expect(shown(alert)).not.toMatch(/<!|<https:\/\/evil|@here|\u202e/)
  expect(composePlain(alert).text.length).toBeLessThan(4_000)
  expect(Buffer.byteLength(toPublish(alert).message)).toBeLessThan(256 * 1_024)
  expect(toText(alert)).not.toContain('rm -rf')
})
