import { stripVTControlCharacters } from 'node:util'
import { describe, expect, test } from 'vitest'
import { jsonReport } from '../../cli/check/json-report.ts'
import type { Report } from '../../cli/check/report.ts'
import { tabReport } from '../../cli/check/tab-report.ts'
import { createTally, exitOf, isNothingAsked, type Summary, totalsInWords } from '../../cli/check/tally.ts'
import { terminalReport } from '../../cli/check/terminal-report.ts'
import type { Verdict } from '../../functions/domain/verdict.ts'
import { type Judged, subjectName } from '../../functions/judging/subject.ts'
import { recorder } from './cli.ts'

const place = { account: '123456789012', region: 'eu-central-1' }
const exception = {
  rule: 'a-rule',
  repositories: ['**'],
  reason: 'known',
  owner: 'team',
  expires: '2026-12-01',
  line: 9,
}

const verdict = (change: Partial<Verdict> = {}): Verdict => ({
  ...{ rule: 'a-rule', outcome: 'fail', severity: 'HIGH', mode: 'report', reason: 'It fails.', evidence: [], line: 3 },
  ...change,
})

const judged = (repository: string, ...verdicts: readonly Verdict[]): Judged => ({
  subject: { kind: 'repository', ref: { ...place, repository } },
  facts: {},
  verdicts,
})

const summaryOf = (all: readonly Judged[], change: Partial<Summary> = {}): Summary => {
  const tally = createTally()
  for (const one of all) tally.add(one)
  return { totals: tally.totals(), missing: [], denials: [], ...change }
}

function report(create: (stream: NodeJS.WriteStream) => Report, all: readonly Judged[], change: Partial<Summary> = {}) {
  const { stream, text } = recorder(80)
  const to = create(stream)
  for (const one of all) to.add(one)
  to.end(summaryOf(all, change))
  return text()
}

const onTerminal = (all: readonly Judged[], change?: Partial<Summary>) =>
  stripVTControlCharacters(report((stream) => terminalReport(stream, subjectName), all, change))

describe('the report for people', () => {
  test('puts severe before mild, fails before unknowns, many before few', () => {
    const text = onTerminal([
      judged('a', verdict({ rule: 'low', severity: 'LOW' }), verdict({ rule: 'few' })),
      judged('b', verdict({ rule: 'not-read', outcome: 'unknown', severity: 'UNDEFINED' }), verdict({ rule: 'many' })),
      judged('c', verdict({ rule: 'many' }), verdict({ rule: 'worst', severity: 'CRITICAL' })),
    ])
    expect(text.match(/^[A-Z]+ {2}\S+/gm)).toEqual([
      'CRITICAL  worst',
      'HIGH  many',
      'HIGH  few',
      'LOW  low',
      'UNKNOWN  not-read',
    ])
  })

  test('says a reason once, with the names that it is about below', () => {
    const names = Array.from({ length: 12 }, (_, index) => `team/service-${index}`)
    const text = onTerminal([
      ...names.map((name) => judged(name, verdict())),
      judged('other', verdict({ reason: 'Else.' })),
    ])
    expect(text).toContain(`HIGH  a-rule  13 repositories
  It fails.
    team/service-0  team/service-1  team/service-2  team/service-3
    team/service-4  team/service-5  team/service-6  team/service-7
    team/service-8  team/service-9  team/service-10  team/service-11
  Else.
    other
`)
  })

  test('has each reason beside its name where there are many', () => {
    const text = onTerminal(['a', 'bb', 'ccc'].map((name) => judged(name, verdict({ reason: `It is ${name}.` }))))
    expect(text).toContain('  a    It is a.\n  bb   It is bb.\n  ccc  It is ccc.\n')
  })

  test('has cases together that are mended alike, and counts what it does not show', () => {
    const fix = (index: number) => ({ text: `Do ${index % 12}.`, command: `aws ecr x --repository-name r${index}` })
    const text = onTerminal(Array.from({ length: 48 }, (_, index) => judged(`r${index}`, verdict({ fix: fix(index) }))))
    expect(text).toContain(
      '    r0  r12  r24  r36\n  → Do 0.\n    $ aws ecr x --repository-name r0\n    likewise for the 3 others',
    )
    expect(text).toContain('  … and 2 more; --json has all')
    const many = onTerminal(Array.from({ length: 40 }, (_, index) => judged(`r${index}`, verdict())))
    expect(many).toContain('… and 10 more; --json has all')
  })

  test('warns of commands that replace one setting, one after the other', () => {
    const fix = (filter: string) => ({
      text: 'Add a filter.',
      command: `aws ecr put-registry-scanning-configuration ${filter}`,
    })
    const text = onTerminal(['a', 'b'].map((name) => judged(name, verdict({ fix: fix(name) }))))
    expect(text).toContain('it replaces a setting of the registry: check again for the other one after it')
  })

  test('shows what the verdict on a single subject rests on, and that enforcing puts it right', () => {
    const evidence = [{ name: 'Size', value: '1.4 GB' }]
    const text = onTerminal([judged('a', verdict({ evidence, mode: 'enforce' }))])
    expect(text).toContain(
      'HIGH  a-rule  1 repository, mode enforce: the deployed stack puts it right\n  a  It fails.\n',
    )
    expect(text).toContain('Size: 1.4 GB')
  })

  test('shows exceptions that hold, and which one holds no more', () => {
    const text = onTerminal([
      judged('a', verdict({ exception: { state: 'excepted', exception } })),
      judged('b', verdict({ exception: { state: 'expired', exception } })),
    ])
    expect(text).toContain('b  It fails. The exception of line 9 ended on 2026-12-01.')
    expect(text).toContain('EXCEPTED\n  a-rule  a  until 2026-12-01  team: known (line 9)')
  })
})

describe('the report for other programs', () => {
  test('has a line for what does not pass, and none for what has no rule', () => {
    const all = [
      judged('a', verdict(), verdict({ outcome: 'pass' })),
      judged('b', verdict({ outcome: 'not-applicable' })),
      judged('c'),
    ]
    const text = report((stream) => tabReport(stream, subjectName), all)
    expect(text).toBe('fail\tHIGH\ta-rule\ta\tIt fails.\t\n')
  })

  test('as JSON names each missing permission once', () => {
    const denial = { action: 'ecr:GetLifecyclePolicy', resource: '*', isForbidden: false }
    const missing = [{ name: 'x', problem: 'gone' }]
    const text = report((stream) => jsonReport(stream, { judgedAt: 'now', config: 'c' }), [], {
      denials: [denial, denial],
      missing,
    })
    expect(JSON.parse(text)).toMatchObject({
      ...{ subjects: [], missing, denied: [{ action: 'ecr:GetLifecyclePolicy', resource: '*' }], outcome: 'access' },
    })
  })
})

describe('the end of a check', () => {
  const denials = [{ action: 'ecr:X', resource: '*', isForbidden: false }]
  const missing = [{ name: 'x', problem: 'gone' }]
  const unknown = verdict({ outcome: 'unknown', severity: 'UNDEFINED' })
  const excepted = verdict({ exception: { state: 'excepted', exception } })
  test.each([
    ['a pass', [judged('a', verdict({ outcome: 'pass' }))], {}, 'pass'],
    ['what no rule speaks of', [judged('a', verdict({ outcome: 'not-applicable' }))], {}, 'pass'],
    ['an empty registry', [], {}, 'pass'],
    [
      'what is excepted',
      [judged('a', excepted), judged('b', { ...unknown, exception: excepted.exception } as Verdict)],
      {},
      'pass',
    ],
    ['a fail', [judged('a', verdict(), unknown), judged('b', unknown)], { denials, missing }, 'fail'],
    ['an exception that has ended', [judged('a', verdict({ exception: { state: 'expired', exception } }))], {}, 'fail'],
    ['what could not be read', [judged('a', unknown, verdict({ outcome: 'pass' }))], {}, 'unknown'],
    ['what is not there', [judged('a', verdict({ outcome: 'pass' }))], { missing }, 'unknown'],
    ['what is not allowed', [judged('a', unknown)], { denials }, 'access'],
    ['what no rule is in force for', [judged('a'), judged('b')], {}, 'usage'],
    [
      'what no rule is in force for, beside a pass',
      [judged('a'), judged('b', verdict({ outcome: 'pass' }))],
      {},
      'pass',
    ],
  ] as const)('of %s', (_, all, change, exit) => {
    expect(exitOf(summaryOf(all, change))).toBe(exit)
  })

  test('in words counts subjects by the worst that is said of them', () => {
    const all = [
      ...Array.from({ length: 1_200 }, (_, index) => judged(`r${index}`, verdict({ outcome: 'pass' }))),
      judged('a', unknown, verdict()),
      judged('b', excepted, unknown),
      judged('c', excepted, verdict({ outcome: 'pass' })),
    ]
    expect(totalsInWords(summaryOf(all, { missing }))).toBe(
      '1,203 repositories: 1 fail, 1 unknown, 1 excepted, 1,200 pass, 1 not judged',
    )
    expect(totalsInWords(summaryOf([]))).toBe('Nothing was judged')
    expect(isNothingAsked(summaryOf([]).totals)).toBe(false)
  })
})
