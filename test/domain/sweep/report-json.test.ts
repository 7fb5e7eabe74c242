import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { SeverityCounts } from '../../../functions/domain/severity.ts'
import type { RepositoryReport, VerdictReport } from '../../../functions/domain/sweep/report.ts'
import { parseReport, reportJson } from '../../../functions/domain/sweep/report-json.ts'
import { image, pass, report, repository } from './page/report.ts'
import { failed, found, judged, judgedImage, sweep } from './recorded.ts'
import { cleanReport, sampleReport } from './sample-report.ts'

const written = (row: RepositoryReport) => JSON.parse(reportJson(pass({ repositories: [row] }))).repositories[0]

describe('report.json', () => {
  test.each([
    ['the sample', sampleReport()],
    ['that of a clean registry', cleanReport()],
    ['one without repositories', pass({ repositories: [] })],
  ])('is read as it was written: %s', (_, one) => {
    expect(parseReport(reportJson(one))).toEqual(one)
  })

  test('is read as it was written, whatever is 0, false or empty', () => {
    const number = fc.nat(2)
    const counts = fc.constantFrom<SeverityCounts[]>({}, { CRITICAL: 0 }, { HIGH: 3 })
    const texts = fc.constantFrom<string[][]>([], ['', 'its tags'])
    const images = fc.record({ tags: texts, users: texts, counts, omitted: number }).map((change) => image(change))
    const details = fc.record({
      verdicts: fc.constant<VerdictReport[]>([]),
      lints: texts,
      images: fc.array(images),
      omitted: number,
    })
    const change = fc.record({
      ...{ score: number, images: number, unscanned: number, bytes: number, dollarsPerMonth: number },
      ...{ removableBytes: number, fails: number, unknowns: number, excepted: number, findings: counts },
      ...{ overdue: counts, unread: texts, details: fc.option(details, { nil: undefined }) },
    })
    fc.assert(
      fc.property(fc.array(change, { maxLength: 3 }), (changes) => {
        const repositories = changes.map((one) => repository(one))
        expect(parseReport(reportJson(pass({ repositories }))).repositories).toEqual(repositories)
      }),
    )
  })

  test('has of a repository what says something', () => {
    const nothing = { images: 0, unscanned: 0, bytes: 0, dollarsPerMonth: 0, removableBytes: 0, fails: 0 }
    const clean = { ...nothing, unknowns: 0, excepted: 0, findings: {}, overdue: {}, unread: [], losses: [] }
    const { account, region, repository: name, owner } = repository()
    expect(
      written({
        ...{ account, region, repository: name, owner, score: 0, ...clean },
        details: { verdicts: [], lints: [], images: [], omitted: 0 },
      }),
    ).toEqual({ account, region, repository: name, owner, score: 0, details: {} })
  })

  test('that is none, or of another version, is not read', () => {
    expect(() => parseReport('{}')).toThrow('schemaVersion')
    expect(() => parseReport(reportJson(report()).replace('"schemaVersion":1', '"schemaVersion":2'))).toThrow()
  })
})

describe('of a large estate', () => {
  const long = Array.from({ length: 20 }, (_, n) => found({ id: `CVE-${n}`, package: 'p'.repeat(100) }))
  const images = [judgedImage({ digest: 'sha256:a', findings: long, verdicts: [failed()] })]
  /** Rows of so many bytes, of which the first hundred have details of some four thousand bytes. */
  const estate = (rows: number, owner: string) =>
    sweep(Array.from({ length: rows }, (_, n) => judged({ repository: `r${n}`, owner, images: n < 400 ? images : [] })))
      .report
  const detailed = ({ repositories }: ReturnType<typeof estate>): number =>
    repositories.filter(({ details }) => details !== undefined && details.images.length > 0).length

  test('details are cut until it is below 5 MB; those with the lowest scores keep theirs', () => {
    const [small, large] = [estate(2_000, 'o'), estate(2_000, 'o'.repeat(2_000))]
    expect(detailed(small)).toBeGreaterThan(300)
    const told = detailed(large)
    expect(told).toBeGreaterThan(100)
    expect(told).toBeLessThan(detailed(small))
    expect(large.repositories.slice(0, told).every(({ details }) => details)).toBe(true)
    const bytes = Buffer.byteLength(reportJson(large))
    expect(bytes).toBeGreaterThan(4_800_000)
    expect(bytes).toBeLessThan(5_000_000)
  })

  test('some are told all the same where its rows alone are more', () => {
    const { repositories } = estate(2_000, 'o'.repeat(3_000))
    expect(repositories).toHaveLength(2_000)
    expect(repositories[0]?.details?.images).toHaveLength(1)
    expect(repositories[399]?.details).toBeUndefined()
  })
})
