import * as v from 'valibot'
import { describe, expect, test } from 'vitest'
import { AlertSchema } from '../../../functions/domain/alert.ts'
import { toText } from '../../../functions/domain/alert-text.ts'
import { standingOf } from '../../../functions/domain/standing.ts'
import { composeDigest } from '../../../functions/domain/sweep/digest-alert.ts'
import { type SweepReport, SweepReportSchema } from '../../../functions/domain/sweep/report.ts'
import { rebuildText } from '../../../functions/domain/sweep/sentences.ts'
import { busy, exceptionState, fix, owner, quiet, REPORT_URL, since, sums, tellingOfHub } from './morning.ts'
import { base } from './page/report.ts'
import { cleanReport, sampleReport } from './sample-report.ts'

const tell = (report: SweepReport, url?: string) =>
  v.parse(AlertSchema, composeDigest(tellingOfHub(), v.parse(SweepReportSchema, report), { url }))

const factOf = (alert: ReturnType<typeof tell>, name: string) => alert.facts.find((fact) => fact.name === name)?.value

describe('a night on which much has come', () => {
  const alert = tell(busy(), REPORT_URL)

  test('is as loud as the worst that is new, and says it in the title', () => {
    expect(alert).toMatchObject({
      ...{ kind: 'digest', severity: 'CRITICAL', counts: { CRITICAL: 7, HIGH: 61, MEDIUM: 240 } },
      title: 'Sweep: 2 critical, 5 high, 3 fails new, 3 more overdue, 1 exception ended; score 71 (−3)',
      ...{ channels: ['security'], events: ['2026-11-27t21'], notices: [] },
    })
  })

  test('says verdict and coverage before what came and went', () => {
    expect(alert.summary).toBe(
      'Verdict: fail. 128 of 128 repositories judged in 1 registry, 1,204 images. New since 2026-11-26 21:00 UTC: ' +
        '2 critical, 5 high, 8 low, 3 fails. Fixed: 8 high, 4 medium, 1 fail.',
    )
  })

  test('has what must be decided before what there is to do', () => {
    expect(alert.todo).toBe(
      'Renew or drop 1 exception that ended: what it was about counts again. ' +
        'Begin with “Rebuild on a newer base/node”: it closes 214 findings in 31 images of 9 repositories. ' +
        'Decide on 1 exception before the end.',
    )
    expect(
      alert.items.map(({ subject, change, id, text, notes }) => [subject, change, `${id}: ${text}`, notes]),
    ).toEqual([
      [
        ...['Exceptions', 'new', 'scan-on-push in sandbox/*: ended on 2026-11-26: moves to another registry'],
        ['platform', 'steward.yaml, line 51'],
      ],
      [
        ...['Exceptions', 'known', 'CVE-2026-31789 in prod/*: ends on 2026-12-03: TLS ends before this service'],
        ['team-a', 'covers 3 subjects', 'steward.yaml, line 44'],
      ],
      ['Overdue', 'new', '7 critical: older than 7 days', ['3 more than last time']],
      ['Overdue', 'known', '12 high: older than 30 days', []],
      ['Top fixes', 'known', 'Rebuild on a newer base/node: closes 214 findings in 31 images of 9 repositories', []],
      ['Top fixes', 'known', 'Upgrade openssl to 3.0.15: closes 61 findings in 12 images of 4 repositories', []],
      ['Top fixes', 'known', 'Turn on scan on push: closes 9 fails in 9 repositories', []],
      ['Owners that got worse', 'new', 'team-b: score 55 (−12)', ['2 critical, 9 high', '3 overdue']],
      ['Owners that got worse', 'new', 'team-a: score 74 (−3)', []],
    ])
    expect(alert.items.find(({ id }) => id === 'Turn on scan on push')?.command).toMatch(/^aws ecr /)
  })

  test('tells what is in store, what of it can go, and where the report lies', () => {
    expect(alert.facts).toEqual([
      { name: 'Score', value: '71 of 100 (−3)' },
      { name: 'Overdue', value: '7 critical, 12 high' },
      { name: 'Rules', value: '31 fails, 2 unknown' },
      { name: 'Excepted', value: '5' },
      { name: 'In store', value: '1.24 TB (+3.2 GB), $124.00 a month' },
      { name: 'Can go', value: 'at most 240 GB, $24.00 a month' },
    ])
    expect(alert.links[0]).toEqual({ text: 'Open the report', url: REPORT_URL })
  })

  test('is the same alert when the sweep tells it again', () => {
    expect(tell(busy()).id).toBe(alert.id)
    expect(tell(busy({ id: '2026-11-28t21' })).id).not.toBe(alert.id)
  })
})

describe('a night on which nothing has changed', () => {
  test('is one short message that asks for nothing', () => {
    const alert = tell(quiet())
    expect(alert).toMatchObject({
      ...{ severity: 'INFORMATIONAL', title: 'Nothing new to decide; score 71 (±0)', items: [], omitted: 0 },
      todo: 'Nothing new has to be decided.',
      summary: expect.stringContaining('Nothing came and nothing was fixed since 2026-11-26 21:00 UTC.'),
    })
    expect(standingOf(alert)).toBe('INFORMATIONAL')
  })

  test('counts what is milder, and is not woken by it', () => {
    const alert = tell(
      quiet({
        since: since({ score: 1.6, newFindings: { LOW: 3 }, fixedFails: 2, bytes: -5_000_000 }),
        totals: sums({ excepted: 0 }),
      }),
    )
    expect(alert).toMatchObject({ severity: 'INFORMATIONAL', title: 'Nothing new to decide; score 71 (+2)' })
    expect(alert.summary).toContain('New since 2026-11-26 21:00 UTC: 3 low. Fixed: 2 fails.')
    expect(factOf(alert, 'In store')).toBe('1.24 TB (−5 MB), $124.00 a month')
    expect(factOf(alert, 'Excepted')).toBeUndefined()
  })

  test('still names what has a date, and what ended before, once it was new', () => {
    const old = exceptionState({ state: 'expired', expires: '2026-10-01', what: 'an old one' })
    const alert = tell(quiet({ exceptions: [exceptionState(), old] }))
    expect(alert.severity).toBe('INFORMATIONAL')
    expect(alert.items.map(({ id, change }) => [id, change])).toEqual([
      ['an old one', 'known'],
      ['CVE-2026-31789 in prod/*', 'known'],
    ])
    expect(alert.todo).toBe('Decide on 1 exception before the end.')
  })

  test('says of what can go only where something can', () => {
    const alert = tell(
      quiet({ totals: sums({ removableBytes: 0, unknowns: 0, overdue: {}, bytes: 10, dollarsPerMonth: 0 }) }),
    )
    expect(factOf(alert, 'Can go')).toBeUndefined()
    expect(factOf(alert, 'Rules')).toBe('31 fails')
    expect(factOf(alert, 'Overdue')).toBe('none')
    expect(factOf(alert, 'In store')).toBe('10 B, less than $0.01 a month')
  })
})

describe.each([
  [
    'findings at HIGH',
    { since: since({ newFindings: { HIGH: 1, LOW: 9 } }) },
    'HIGH',
    'Sweep: 1 high new; score 71 (±0)',
  ],
  ['a fail of a rule', { since: since({ newFails: 1 }) }, 'MEDIUM', 'Sweep: 1 fail new; score 71 (±0)'],
  [
    'what became overdue',
    { totals: sums({ overdue: { CRITICAL: 4, HIGH: 14 } }) },
    ...(['HIGH', 'Sweep: 2 more overdue; score 71 (±0)'] as const),
  ],
  [
    'exceptions that ended',
    { exceptions: ['a', 'b'].map((what) => exceptionState({ what, state: 'expired', expires: '2026-11-27' })) },
    ...(['MEDIUM', 'Sweep: 2 exceptions ended; score 71 (±0)'] as const),
  ],
])('%s', (_, change: Partial<SweepReport>, severity, title) => {
  test('is enough to be told', () => {
    expect(tell(quiet(change))).toMatchObject({ severity, title })
  })
})

test('images that were not scanned are what is not known', () => {
  const alert = tell(quiet({ verdict: 'unknown', totals: sums({ unscanned: 12, fails: 0, overdue: {} }) }))
  expect(alert).toMatchObject({ severity: 'UNDEFINED', title: 'Unknown: 12 images not scanned; score 71 (±0)' })
  expect(factOf(alert, 'Not scanned')).toBe('12 images')
})

test('what is overdue is not new where nobody knows how it was', () => {
  const [, last] = quiet().trend
  expect(tell(quiet({ trend: last ? [last] : [] }))).toMatchObject({ severity: 'INFORMATIONAL', items: [] })
})

test('a fix of a registry closes what no repository has', () => {
  const closes = { findings: 0, fails: 2, images: 0, repositories: 0 }
  const [item] = tell(quiet({ since: since({ newFails: 2 }), fixes: [fix({ closes })], ages: [] })).items
  expect(item?.text).toBe('closes 2 fails')
})

test('the rebuild that closes most has its line where three fixes close more', () => {
  const ancestry = { bases: [base()], omitted: 0, inherited: 993, own: 0, unplaced: 0 }
  const rebuild = fix({ title: rebuildText(base()) })
  const ids = (fixes: SweepReport['fixes']) =>
    tell(quiet({ since: since({ newFails: 2 }), ages: [], fixes, ancestry })).items.map(({ id }) => id)
  const others = ['one', 'two', 'three', 'four'].map((title) => fix({ title }))
  expect(ids([...others, rebuild])).toEqual(['one', 'two', 'three', rebuild.title])
  expect(ids([rebuild, ...others])).toEqual([rebuild.title, 'one', 'two'])
  expect(ids(others)).toEqual(['one', 'two', 'three'])
})

test('no fix to begin with is no sentence about one', () => {
  const alert = tell(quiet({ fixes: [], since: since({ newFindings: { CRITICAL: 1 } }) }))
  expect(alert).toMatchObject({ severity: 'CRITICAL', todo: 'Nothing new has to be decided.' })
})

describe('the first sweep', () => {
  test('tells what there is, and compares it with nothing', () => {
    const alert = tell(quiet({ since: null, trend: [], owners: [owner('team-a')] }))
    expect(alert).toMatchObject({
      severity: 'CRITICAL',
      title: 'First sweep: fail, 7 critical, 61 high, 31 fails, 16 overdue; score 71',
      summary: expect.stringMatching(/^Verdict: fail\. .* There was no sweep before\.$/),
    })
    expect(factOf(alert, 'Score')).toBe('71 of 100')
    expect(alert.items.some(({ subject }) => subject === 'Owners that got worse')).toBe(false)
    expect(alert.items.find(({ subject }) => subject === 'Overdue')?.notes).toEqual([])
  })

  test('of a registry without a fault is calm', () => {
    const clean = sums({ findings: {}, overdue: {}, fails: 0, unknowns: 0 })
    expect(tell(quiet({ since: null, trend: [], verdict: 'pass', totals: clean, score: 100 }))).toMatchObject({
      ...{ severity: 'INFORMATIONAL', title: 'First sweep: pass; score 100', counts: {} },
    })
  })
})

describe('a sweep that does not know everything', () => {
  const place = { account: '222222222222', region: 'eu-west-1' }
  const gap = (change: Partial<SweepReport['coverage']>) => ({ ...quiet().coverage, complete: false, ...change })

  test('says so before anything else, with what and why', () => {
    const notJudged = ['a', 'b', 'c'].map((name) => ({ ...place, repository: name, why: 'the batch did not end' }))
    const alert = tell(busy({ coverage: gap({ judged: 120, notJudged, omitted: 5 }) }))
    expect(alert.title).toMatch(/^Sweep incomplete: 8 of 128 repositories not judged; 2 critical, 5 high, 3 fails new/)
    expect(alert.notices).toEqual([
      '8 of 128 repositories not judged: a (the batch did not end); b (the batch did not end); c (the batch did not end); and 5 more',
    ])
    expect(alert.todo).toMatch(/^Mend what is noted above: what was not judged may hide anything\. Renew/)
  })

  test('is never calm, also when nothing is new', () => {
    const why = `AccessDenied ${'x'.repeat(200)}`
    const registry = { ...place, repository: null, why }
    const alert = tell(quiet({ coverage: gap({ judged: 127, notJudged: [registry] }) }))
    expect(alert).toMatchObject({ severity: 'MEDIUM', title: 'Sweep incomplete: 1 of 128 repositories not judged' })
    expect(alert.notices).toEqual([
      `1 of 128 repositories not judged: the registry 222222222222 in eu-west-1 (${why.slice(0, 79)}…)`,
    ])
    expect(alert.items).toEqual([])
  })

  test('counts repositories that have no record at all', () => {
    expect(tell(quiet({ coverage: gap({ judged: 100 }) })).notices).toEqual(['28 of 128 repositories not judged.'])
  })

  test('names registries that could not be listed', () => {
    const targets = ['a', 'b', 'c', 'd'].map((region) => ({
      ...place,
      region,
      listed: 0,
      judged: 0,
      problem: `no ${region}`,
    }))
    const alert = tell(quiet({ targets: [...quiet().targets, ...targets], coverage: gap({}) }))
    expect(alert.title).toBe('Sweep incomplete: 4 of 5 registries not listed')
    expect(alert.notices).toEqual([
      ...['a', 'b', 'c'].map((region) => `Not listed: 222222222222 in ${region}: no ${region}`),
      '… and 1 more registry not listed.',
    ])
  })

  test('names repositories that were not read whole', () => {
    const whole = { ...place, owner: 'team-a', score: 50, losses: [], ...sums() }
    const repositories = [
      { ...whole, repository: 'prod/api', unread: ['lifecycle policy', 'scan of 1.4.2'] },
      { ...whole, repository: 'prod/web', unread: [] },
    ]
    const alert = tell(quiet({ repositories, coverage: gap({ notWhole: 2 }) }))
    expect(alert.title).toBe('Sweep incomplete: 2 repositories not read whole')
    expect(alert.notices).toEqual(['Not read whole: prod/api (lifecycle policy, scan of 1.4.2); 1 more'])
    expect(tell(quiet({ repositories, coverage: gap({ notWhole: 1 }) })).notices).toEqual([
      'Not read whole: prod/api (lifecycle policy, scan of 1.4.2)',
    ])
  })

  test('names a registry whose own settings were not judged', () => {
    const notJudged = [{ ...place, repository: null, why: 'AccessDenied' }]
    const alert = tell(quiet({ coverage: gap({ notJudged }) }))
    expect(alert.title).toBe('Sweep incomplete: not everything was judged')
    expect(alert.notices).toEqual(['Not judged: the registry 222222222222 in eu-west-1 (AccessDenied)'])
  })

  test('that knows of no fail does not know', () => {
    const alert = tell(quiet({ verdict: 'unknown', coverage: gap({ judged: 1 }) }))
    expect(alert.severity).toBe('UNDEFINED')
    expect(standingOf(alert)).toBe('UNKNOWN')
  })
})

describe('a sweep that judged nothing', () => {
  test('of registries without repositories is not "all is well"', () => {
    const coverage = { ...quiet().coverage, listed: 0, judged: 0 }
    const alert = tell(quiet({ coverage, verdict: 'pass', totals: sums({ repositories: 0, images: 0 }), ages: [] }))
    expect(alert).toMatchObject({
      ...{ severity: 'UNDEFINED', title: 'Nothing was judged: no repository was found' },
      todo: 'See whether accounts and regions under sweep in steward.yaml are those that you mean.',
      summary: expect.stringMatching(/^Verdict: pass\. 0 of 0 repositories judged/),
    })
    expect(standingOf(alert)).toBe('UNKNOWN')
  })
})

test('what only went, or only came, is told beside nothing', () => {
  const told = (change: object) => tell(quiet({ since: since(change) })).summary
  expect(told({ fixedFindings: { LOW: 2 } })).toContain('UTC: nothing. Fixed: 2 low.')
  expect(told({ newFindings: { LOW: 2 } })).toContain('UTC: 2 low. Fixed: nothing.')
})

describe('where the report lies', () => {
  test('is a fact where no browser opens it', () => {
    const alert = tell(quiet(), 's3://steward/sweep/2026-11-27t21/report.html')
    expect(factOf(alert, 'Report')).toBe('s3://steward/sweep/2026-11-27t21/report.html')
    expect(alert.links).toHaveLength(1)
  })
})

test('of a sweep as it adds up, what was not seen stands first', () => {
  const alert = tell(sampleReport())
  expect(alert.title).toBe(
    'Sweep incomplete: 1 of 3 registries not listed, 1 of 13 repositories not judged; 2 high, 1 fail new',
  )
  const text = toText(alert)
  expect(text.indexOf('Not listed: 222222222222')).toBeLessThan(text.indexOf('What to do'))
  expect(tell(cleanReport())).toMatchObject({
    severity: 'INFORMATIONAL',
    title: 'First sweep: pass; score 100',
    items: [],
  })
})

test('exceptions beyond the first five are counted', () => {
  const many = Array.from({ length: 9 }, (_, index) => exceptionState({ what: `rule ${index}` }))
  expect(tell(quiet({ exceptions: many }))).toMatchObject({ items: { length: 5 }, omitted: 4 })
})
