import fc from 'fast-check'
import * as v from 'valibot'
import { describe, expect, test } from 'vitest'
import type { ReadScan } from '../../../functions/domain/gate/gathered.ts'
import { judgeGate } from '../../../functions/domain/gate/judge-gate.ts'
import { GateResultSchema } from '../../../functions/domain/gate/result.ts'
import { SEVERITIES, tally } from '../../../functions/domain/severity.ts'
import { DIGEST, exception, finding, image, verdict } from '../../builders.ts'
import { detail, platformScan } from '../rules/facts.ts'
import { gathered, member } from './gathered.ts'

const OTHER = `sha256:${'b'.repeat(64)}`
const high = finding()
const critical = finding({ id: 'CVE-2026-0002', severity: 'CRITICAL', package: 'zlib1g', fixed: undefined })
const found = (...findings: readonly ReturnType<typeof finding>[]): ReadScan =>
  platformScan({ findings, counts: tally(findings.map(({ severity }) => severity)) })
const enhanced = (...findings: readonly ReturnType<typeof finding>[]): ReadScan => ({
  ...found(...findings),
  saysFixes: true,
})

describe('an image', () => {
  test('passes where nothing is found, and says what was judged', () => {
    const result = judgeGate(gathered())
    expect(v.parse(GateResultSchema, JSON.parse(JSON.stringify(result)))).toEqual(JSON.parse(JSON.stringify(result)))
    expect(result).toMatchObject({ verdict: 'pass', reasons: [], counts: {}, scanning: 'basic' })
    expect(result.image).toMatchObject({
      digest: DIGEST,
      tag: '1.4.2',
      index: false,
      uri: expect.stringContaining(`@${DIGEST}`),
    })
  })

  test('fails where there are more than may be, the worst first and marked', () => {
    const { verdict: says, reasons, findings } = judgeGate(gathered({ scans: [found(high, critical)] }))
    expect([says, reasons]).toEqual(['fail', ['It has 1 critical, 1 high, where 0 critical, 0 high may be.']])
    expect(findings.map(({ id, over }) => [id, over])).toEqual([
      ['CVE-2026-0002', true],
      ['CVE-2026-0001', true],
    ])
  })

  test('passes with as many as there may be; what has no limit is none of its business', () => {
    const scans = [found(high, finding({ id: 'CVE-2026-0003', severity: 'MEDIUM' }))]
    expect(judgeGate(gathered({ scans, limits: { CRITICAL: 0, HIGH: 1 } })).verdict).toBe('pass')
    expect(judgeGate(gathered({ scans, limits: {} })).verdict).toBe('pass')
    expect(judgeGate(gathered({ scans, limits: { MEDIUM: 0 } })).reasons).toEqual([
      'It has 1 medium, where 0 medium may be.',
    ])
  })

  test('what is over a limit comes before what is worse and is not', () => {
    const { findings } = judgeGate(gathered({ scans: [found(critical, high)], limits: { HIGH: 0 } }))
    expect(findings.map(({ severity, over }) => [severity, over])).toEqual([
      ['HIGH', true],
      ['CRITICAL', false],
    ])
  })

  test('what ECR counts and does not list counts', () => {
    const result = judgeGate(
      gathered({ scans: [{ ...found(high), unlisted: { CRITICAL: 2 } }], limits: { CRITICAL: 0 } }),
    )
    expect(result).toMatchObject({ verdict: 'fail', counts: { CRITICAL: 2, HIGH: 1 }, unlisted: { CRITICAL: 2 } })
  })
})

describe('what does not count', () => {
  test('is shown: excepted, with who agreed and until when', () => {
    const exceptions = [exception({ finding: high.id, package: 'openssl' })]
    const { verdict: says, findings } = judgeGate(gathered({ scans: [found(high)], exceptions }))
    expect(says).toBe('pass')
    expect(findings[0]).toMatchObject({
      state: 'excepted',
      over: false,
      exception: { state: 'excepted', owner: 'team-a', line: 12 },
    })
  })

  test('an exception that ended counts no more, and is shown', () => {
    const exceptions = [exception({ finding: high.id, expires: '2026-11-19' })]
    const { verdict: says, findings } = judgeGate(gathered({ scans: [found(high)], exceptions }))
    expect([says, findings[0]?.state, findings[0]?.exception?.state]).toEqual(['fail', 'counts', 'expired'])
  })

  test('without a fix, where the scanner says which have one', () => {
    const result = judgeGate(gathered({ scans: [enhanced(critical)], fixableOnly: true }))
    expect([result.verdict, result.findings[0]?.state]).toEqual(['pass', 'not-fixable'])
    expect(judgeGate(gathered({ scans: [found(critical)], fixableOnly: true })).verdict).toBe('fail')
    expect(judgeGate(gathered({ scans: [enhanced(critical)] })).verdict).toBe('fail')
  })

  test('what the other image has too, unless it was milder there', () => {
    const base = { name: 'main', digest: OTHER, scans: [{ ...found(high), digest: OTHER }] }
    const result = judgeGate(gathered({ scans: [found(high, critical)], base }))
    expect(result.reasons).toEqual(['It has 1 critical, where 0 critical may be.'])
    expect(result.newSince).toEqual({ name: 'main', digest: base.digest })
    expect(judgeGate(gathered({ scans: [found(high)], base })).verdict).toBe('pass')
    const milder = { ...base, scans: [{ ...found(finding({ severity: 'LOW' })), digest: OTHER }] }
    expect(judgeGate(gathered({ scans: [found(high)], base: milder })).verdict).toBe('fail')
  })
})

describe('an image that is compared with another', () => {
  const base = { name: 'main', digest: OTHER }
  const otherScan = platformScan({ digest: OTHER, outcome: 'never', status: undefined })
  test.each([
    ['itself', { ...base, digest: DIGEST, scans: [found(high)] }, /is the very image that is judged/],
    ['one that is not scanned', { ...base, scans: [otherScan] }, /since main is not known\. It is not scanned\. /],
    ['what nothing scans', { ...base, scans: [] }, /since main is not known, since nothing scans it\./],
  ])('is unknown against %s, unless nothing is over a limit anyway', (_, other, reason) => {
    const result = judgeGate(gathered({ scans: [found(high)], base: other }))
    expect([result.verdict, result.reasons]).toEqual(['unknown', [expect.stringMatching(reason)]])
    expect(judgeGate(gathered({ base: other })).verdict).toBe('pass')
  })
})

describe('an image for several platforms', () => {
  const arm = member('linux/arm64', { findings: [high], counts: { HIGH: 1 }, saysFixes: true })
  const amd = member('linux/amd64/v2', {
    findings: [high, critical],
    counts: { HIGH: 1, CRITICAL: 1 },
    saysFixes: true,
  })

  test('has each finding once, with the platforms that have it', () => {
    const { findings, counts, image: of, reasons } = judgeGate(gathered({ scans: [arm, amd] }))
    expect(counts).toEqual({ HIGH: 1, CRITICAL: 1 })
    expect(findings.map(({ id, platforms }) => [id, platforms])).toEqual([
      ['CVE-2026-0002', ['linux/amd64/v2']],
      ['CVE-2026-0001', ['linux/arm64', 'linux/amd64/v2']],
    ])
    expect([of.index, reasons.length]).toEqual([true, 1])
  })

  test('of what platforms tell differently: the worse severity, the later fix, and whatever one knows', () => {
    const other = finding({ severity: 'CRITICAL', fixed: '3.0.16', installed: undefined, score: 9.8 })
    const scans = [arm, { ...amd, findings: [other] }]
    for (const order of [scans, scans.toReversed()])
      expect(judgeGate(gathered({ scans: order })).findings[0]).toMatchObject({
        ...{ severity: 'CRITICAL', fixed: '3.0.16', installed: '3.0.1', score: 9.8 },
      })
    const neither = [arm, amd].map((scan) => ({ ...scan, findings: [{ ...high, fixed: undefined }] }))
    expect(judgeGate(gathered({ scans: neither })).findings[0]?.fixed).toBeUndefined()
  })

  test('is unknown where one is, with what to do; what fails is certain', () => {
    const failed = member('linux/s390x', { status: 'UNSUPPORTED_IMAGE', outcome: 'failed', description: 'Unknown OS.' })
    const result = judgeGate(gathered({ scans: [failed] }))
    expect([result.verdict, result.scanning]).toEqual(['unknown', undefined])
    expect(result.reasons[0]).toMatch(
      /^linux\/s390x: Its scan ended as UNSUPPORTED_IMAGE \(Unknown OS\)\. The scanner knows/,
    )
    expect(judgeGate(gathered({ scans: [failed, amd] }))).toMatchObject({ verdict: 'fail', scanning: 'enhanced' })
  })
})

describe('what is not scanned', () => {
  test.each([
    [platformScan({ outcome: 'never', status: undefined }), 0, /^It is not scanned\. Have the registry scan on push/],
    [
      platformScan({ outcome: 'never', status: undefined }),
      600_000,
      /^It is not scanned, and was not within 10 minutes\. /,
    ],
    [
      platformScan({ outcome: 'pending', status: 'IN_PROGRESS' }),
      40_000,
      /^Its scan is IN_PROGRESS, and was not complete within 40 s\. Wait longer/,
    ],
    [platformScan({ outcome: 'pending', status: 'IMAGE_ARCHIVED' }), 0, /^It is archived: restore it/],
    [platformScan({ outcome: 'failed', status: 'FAILED' }), 0, /^Its scan ended as FAILED\. Start the scan again/],
    [
      {
        ...platformScan({ outcome: 'failed', status: undefined }),
        unread: 'ECR answered ThrottlingException to DescribeImageScanFindings',
      },
      0,
      /^Its scan could not be read: ECR answered ThrottlingException/,
    ],
  ])('is no pass (%#)', (scan, waited, reason) => {
    const { verdict: says, reasons, platforms } = judgeGate(gathered({ scans: [scan], waited }))
    expect([says, reasons.length]).toEqual(['unknown', 1])
    expect(reasons[0]).toMatch(reason)
    expect(platforms[0]?.problem).toBe(reasons[0])
  })

  test('a chart, an index without images', () => {
    expect(judgeGate(gathered({ scans: [], artifact: 'a Helm chart' })).reasons).toEqual([
      'It is a Helm chart, not an image: nothing scans it.',
    ])
    expect(judgeGate(gathered({ scans: [] }))).toMatchObject({ verdict: 'unknown', image: { index: false } })
  })
})

describe('rules on the image', () => {
  const fails = verdict({
    rule: 'non-root-user',
    severity: 'HIGH',
    reason: 'It runs as root.',
    fix: { text: 'USER 10001' },
  })
  const unknown = verdict({
    rule: 'no-secrets-in-image',
    outcome: 'unknown',
    severity: 'UNDEFINED',
    reason: 'It could not be read.',
  })
  const passes = verdict({ rule: 'max-image-size', outcome: 'pass', reason: 'It is small.' })
  const excepted = verdict({
    ...fails,
    rule: 'healthcheck',
    exception: { state: 'excepted', exception: exception({ rule: 'healthcheck' }) },
  })

  test('fail it, or leave it unknown; those that somebody agreed to do not', () => {
    expect(judgeGate(gathered({ rules: [passes, fails] }))).toMatchObject({
      verdict: 'fail',
      reasons: ['non-root-user: It runs as root.'],
    })
    expect(judgeGate(gathered({ rules: [unknown] }))).toMatchObject({ verdict: 'unknown' })
    expect(judgeGate(gathered({ rules: [passes, excepted] }))).toMatchObject({ verdict: 'pass', reasons: [] })
    expect(judgeGate(gathered({ rules: [unknown, fails] })).verdict).toBe('fail')
  })

  test('come in order: what fails, what is unknown, and then the rest', () => {
    const milder = { ...fails, rule: 'tag-naming', severity: 'LOW' as const }
    const { rules } = judgeGate(gathered({ rules: [passes, excepted, milder, unknown, fails] }))
    expect(rules.map(({ rule }) => rule)).toEqual([
      'non-root-user',
      'tag-naming',
      'no-secrets-in-image',
      'healthcheck',
      'max-image-size',
    ])
    expect(rules[0]?.fix).toEqual({ text: 'USER 10001' })
    expect(rules[3]?.exception).toMatchObject({ state: 'excepted' })
  })
})

describe('the limits as a rule of steward.yaml', () => {
  const limitsRule = { severity: 'HIGH' as const, line: 7 }
  const agreed = exception({ rule: 'vulnerabilities' })
  const scans = [found(high)]

  test('need not hold where somebody has agreed to that, and it is shown', () => {
    const result = judgeGate(gathered({ scans, limitsRule, exceptions: [agreed] }))
    expect([result.verdict, result.reasons, result.findings[0]?.over]).toEqual(['pass', [], false])
    expect(result.rules).toEqual([
      expect.objectContaining({
        rule: 'vulnerabilities',
        outcome: 'fail',
        line: 7,
        exception: expect.objectContaining({ state: 'excepted', owner: 'team-a' }),
      }),
    ])
  })

  test.each([
    ['where the exception has ended', { limitsRule, exceptions: [{ ...agreed, expires: '2026-11-19' }] }],
    ['where it is about another repository', { limitsRule, exceptions: [{ ...agreed, repositories: ['team-b/*'] }] }],
    ['where the command line says what may be', { exceptions: [agreed] }],
  ])('hold %s', (_, change) => {
    expect(judgeGate(gathered({ scans, ...change }))).toMatchObject({ verdict: 'fail', rules: [] })
  })

  test('that hold need no exception', () => {
    expect(judgeGate(gathered({ limitsRule, exceptions: [agreed] })).rules).toEqual([])
  })
})

test('a text that is no https address is none', () => {
  const [one] = judgeGate(gathered({ scans: [found(finding({ url: 'javascript:alert(1)' }))] })).findings
  expect(one?.url).toBeUndefined()
  expect(judgeGate(gathered({ scans: [found(finding({ url: 'https://a.example' }))] })).findings[0]?.url).toBe(
    'https://a.example',
  )
})

test('all tags of the image, and where the tag went meanwhile', () => {
  const result = judgeGate(
    gathered({
      moved: 'sha256:b',
      tag: undefined,
      image: image({ tags: ['a'] }),
      detail: detail({ tags: ['a', 'b'] }),
    }),
  )
  expect(result).toMatchObject({ moved: 'sha256:b', image: { tags: ['a', 'b'], tag: undefined } })
})

const anyFinding = fc.record({
  ...{ id: fc.constantFrom('CVE-1', 'CVE-2', 'CVE-3'), package: fc.constantFrom('a', 'b') },
  ...{ severity: fc.constantFrom(...SEVERITIES), fixed: fc.constantFrom(undefined, '1.2', '1.10') },
})
const anyScan = fc.record({
  findings: fc.array(anyFinding, { maxLength: 6 }),
  outcome: fc.constantFrom('complete' as const, 'failed' as const, 'pending' as const, 'never' as const),
  saysFixes: fc.boolean(),
})

test('what counts is never less than what one platform alone has; a pass has every scan, and nothing over', () => {
  fc.assert(
    fc.property(fc.array(anyScan, { maxLength: 3 }), fc.boolean(), (some, fixableOnly) => {
      const scans = some.map((scan, index) => member(`linux/${index}`, { ...scan, counts: {} }))
      const result = judgeGate(gathered({ scans, fixableOnly }))
      const isWhole = scans.length > 0 && scans.every(({ outcome }) => outcome === 'complete')
      const over = result.findings.filter(({ over: isOver }) => isOver)
      expect(result.verdict).toBe(over.length > 0 ? 'fail' : isWhole ? 'pass' : 'unknown')
      for (const { findings, saysFixes } of scans) {
        const own = new Set(
          findings
            .filter(({ severity, fixed }) => severity === 'CRITICAL' && !(fixableOnly && saysFixes && !fixed))
            .map((one) => `${one.id}${one.package}`),
        )
        expect(result.counts.CRITICAL ?? 0).toBeGreaterThanOrEqual(own.size)
      }
    }),
  )
})

test('what an image has from what it is built upon is counted, without what does not count', () => {
  const scans = [enhanced({ ...high, layer: 'a' }, { ...critical, layer: 'a' }, finding({ id: 'CVE-3', layer: 'own' }))]
  const ancestor = { layers: ['a'], name: 'node:20', isWhole: false }
  const text = 'the lowest layer, which is of node:20'
  expect(judgeGate(gathered({ scans, ancestor })).builtUpon).toEqual({ text, findings: 2, fixable: 1 })
  expect(judgeGate(gathered({ scans, ancestor, fixableOnly: true })).builtUpon).toEqual({
    text,
    findings: 1,
    fixable: 1,
  })
  expect(judgeGate(gathered({ scans, ancestor: { ...ancestor, layers: ['other'] } }))).not.toHaveProperty('builtUpon')
  expect(judgeGate(gathered({ scans }))).not.toHaveProperty('builtUpon')
})
