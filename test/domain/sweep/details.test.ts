import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { RepositoryRecord } from '../../../functions/domain/sweep/record.ts'
import { keepWorst } from '../../../functions/domain/sweep/worst.ts'
import { daysAgo, EXCEPTED, EXPIRED, failed, found, judged, judgedImage, judgedRegistry, sweep } from './recorded.ts'

const detailsOf = (change: Partial<RepositoryRecord>) => sweep([judged(change)]).report.repositories[0]?.details

test('details say what is open and what is agreed, worst first', () => {
  const findings = [
    found({ id: 'CVE-1', severity: 'CRITICAL', exception: EXCEPTED }),
    found({
      id: 'CVE-2',
      firstSeen: daysAgo(40),
      installed: '1.0',
      fixed: '1.1',
      url: 'https://example.com/CVE-2',
      exception: EXPIRED,
    }),
    found({ id: 'CVE-3', severity: 'CRITICAL', url: 'javascript:alert(1)' }),
  ]
  const verdicts = [
    failed({ outcome: 'not-applicable' }),
    failed({ exception: EXCEPTED }),
    failed({ outcome: 'unknown', severity: 'UNDEFINED' }),
  ]
  const agreed = 'until 2027-01-31 by team-a: TLS ends before this service (line 12)'
  const mended = failed({ rule: 'a', severity: 'LOW', fix: { text: 'Mend it.', command: 'mend' } })

  expect(
    detailsOf({ verdicts: [mended], lints: ['Rule 2 does nothing.'], images: [judgedImage({ findings, verdicts })] }),
  ).toEqual({
    verdicts: [
      { rule: 'a', outcome: 'fail', severity: 'LOW', reason: 'It runs as root.', fix: 'Mend it.', command: 'mend' },
    ],
    lints: ['Rule 2 does nothing.'],
    images: [
      {
        ...{
          digest: `sha256:${'0'.repeat(64)}`,
          tags: ['1'],
          pushedAt: daysAgo(9),
          sizeBytes: 1_000,
          users: [],
          scan: 'complete',
        },
        counts: { CRITICAL: 1, HIGH: 1 },
        verdicts: [
          { rule: 'non-root-user', outcome: 'unknown', severity: 'UNDEFINED', reason: 'It runs as root.' },
          { rule: 'non-root-user', outcome: 'fail', severity: 'MEDIUM', reason: 'It runs as root.', excepted: agreed },
        ],
        findings: [
          { id: 'CVE-3', severity: 'CRITICAL', package: 'openssl', days: 0, overdue: false },
          {
            ...{
              id: 'CVE-2',
              severity: 'HIGH',
              package: 'openssl',
              installed: '1.0',
              fixed: '1.1',
              days: 40,
              overdue: true,
            },
            url: 'https://example.com/CVE-2',
          },
          { id: 'CVE-1', severity: 'CRITICAL', package: 'openssl', days: 0, overdue: false, excepted: agreed },
        ],
        omitted: 0,
      },
    ],
    omitted: 0,
  })
})

test('of a repository the worst images are told, of an image the worst findings, and texts are cut', () => {
  const many = Array.from({ length: 25 }, (_, n) => found({ id: `CVE-${n}`, severity: n === 24 ? 'CRITICAL' : 'LOW' }))
  const images = Array.from({ length: 30 }, (_, n) =>
    judgedImage({
      digest: `sha256:${n}`,
      verdicts: [failed({ severity: n === 9 ? 'HIGH' : 'LOW', reason: 'x'.repeat(999) })],
    }),
  )
  const worst = judgedImage({ digest: 'sha256:worst', findings: many, verdicts: [failed({ severity: 'CRITICAL' })] })
  const omitted = { images: 7, findings: [], fails: 0, unknowns: 0, excepted: 0 }
  const details = detailsOf({ images: [...images, worst], omitted })

  expect(details?.images.slice(0, 3).map(({ digest }) => digest)).toEqual(['sha256:worst', 'sha256:9', 'sha256:0'])
  expect(details?.images[0]).toMatchObject({ omitted: 5, counts: { CRITICAL: 1, LOW: 24 } })
  expect(details?.images[0]?.findings[0]?.id).toBe('CVE-24')
  expect(details?.images[1]?.verdicts[0]?.reason).toHaveLength(300)
  expect([details?.images.length, details?.omitted]).toEqual([20, 18])
})

test('images of a repository are told as far as they fit', () => {
  const long = Array.from({ length: 20 }, (_, n) => found({ id: `CVE-${n}`, package: 'p'.repeat(300) }))
  const details = detailsOf({
    images: Array.from({ length: 20 }, (_, n) => judgedImage({ digest: `sha256:${n}`, findings: long })),
  })

  expect(JSON.stringify(details).length).toBeLessThan(31_000)
  expect(details?.images.length).toBeGreaterThan(0)
  expect(details?.omitted).toBe(20 - Number(details?.images.length))
})

test('details of the worst repositories are told, within 1.5 MB', () => {
  const long = Array.from({ length: 20 }, (_, n) =>
    found({ id: `CVE-${n}`, package: 'p'.repeat(300), severity: 'LOW' }),
  )
  const images = Array.from({ length: 4 }, (_, n) => judgedImage({ digest: `sha256:${n}`, findings: long }))
  const many = Array.from({ length: 70 }, (_, n) =>
    judged({ images, repository: `r${n}`, verdicts: n === 69 ? [failed({ severity: 'CRITICAL' })] : [] }),
  )
  const { repositories } = sweep(many).report
  const told = repositories.filter(({ details }) => details !== undefined)

  expect(told).toEqual(repositories.slice(0, told.length))
  expect(told[0]?.repository).toBe('r69')
  expect(told.length).toBeGreaterThan(40)
  expect(told.length).toBeLessThan(70)
  expect(JSON.stringify(told.map(({ details }) => details)).length).toBeLessThan(1_501_000)
})

test('verdicts on a registry are told with it', () => {
  const { registries } = sweep([judgedRegistry({ verdicts: [failed()] }), judgedRegistry({ region: 'a' })]).report
  expect(registries.map(({ region, verdicts }) => [region, verdicts.length])).toEqual([
    ['a', 0],
    ['ap-northeast-1', 1],
  ])
})

test('repositories with the worst scores are told of, as far as they fit, whatever the order in which they come', () => {
  const entry = fc.record({ score: fc.nat(5), text: fc.string({ maxLength: 12 }) })
  fc.assert(
    fc.property(
      fc.array(entry, { maxLength: 12 }),
      fc.nat(60),
      fc.infiniteStream(fc.nat()),
      (entries, budget, numbers) => {
        const named = entries.map((one, n) => ({
          ...one,
          name: `r${String(n).padStart(2, '0')}`,
          at: numbers.next().value,
        }))
        const worst = keepWorst<string>(budget)
        for (const { score, name, text } of named.toSorted((a, b) => a.at - b.at)) worst.offer(score, name, () => text)

        let bytes = 0
        for (const { name, text } of named.toSorted((a, b) => a.score - b.score || (a.name < b.name ? -1 : 1))) {
          bytes += Buffer.byteLength(JSON.stringify(text))
          expect(worst.get(name)).toBe(bytes <= budget ? text : undefined)
        }
      },
    ),
  )
})
