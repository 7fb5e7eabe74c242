import { stripVTControlCharacters, styleText } from 'node:util'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { format } from '../../../../cli/gate/formats/table.ts'
import { FORMATS } from '../../../../cli/gate/formats.ts'
import { type Paint, widthOf } from '../../../../cli/terminal.ts'
import type { GateResult } from '../../../../functions/domain/gate/result.ts'
import { everywhere, excepted, failing, finding, full, gateResult, LOOK, many, RESULTS, unknown } from '../results.ts'

const shown = (result: GateResult, width = 100): string => format(result, { ...LOOK, width })

const linesOf = (result: GateResult, width?: number): string[] => shown(result, width).trimEnd().split('\n')

/** What is to be copied is whole. */
const isCopied = (line: string): boolean => /https:\/\/|sha256:[0-9a-f]{64}|^ *\$ |^docker pull |CDK /.test(line)

const tooWide = (result: GateResult, width: number): string[] =>
  linesOf(result, width).filter((line) => widthOf(line) > width && !isCopied(line))

describe('table', () => {
  it('is a format', async () => {
    expect((await FORMATS.table?.())?.format).toBe(format)
  })

  it.each([60, 80, 120])('is as it was agreed, in %d columns', async (width) => {
    await expect(shown(full(), width)).toMatchFileSnapshot(`golden/table-full-${width}.txt`)
    await expect(shown(failing(), width)).toMatchFileSnapshot(`golden/table-failing-${width}.txt`)
  })

  it.each(['passing', 'unknown', 'lenient', 'unlisted', 'nothing', 'scan', 'hostile'])(
    'is as it was agreed: %s',
    async (name) => {
      await expect(shown(RESULTS[name]?.() ?? gateResult())).toMatchFileSnapshot(`golden/table-${name}.txt`)
    },
  )

  it('says once what is wrong with the one scan that there is, and what to do', () => {
    const problem = 'It is not scanned. Have the registry scan on push.'
    const [platform] = gateResult().platforms
    const one = gateResult({
      ...{ verdict: 'unknown', reasons: [problem], scanning: undefined },
      platforms: [{ digest: platform?.digest ?? '', counts: {}, problem }],
    })
    const lines = linesOf(one)
    expect(lines.filter((line) => line.includes('It is not scanned'))).toHaveLength(1)
    expect(lines.slice(lines.indexOf('SCAN'), -2)).toEqual([
      'SCAN',
      '    → With --start-scan the gate starts a basic scan.',
    ])
    // Where a rule fails, the first line says that.
    const failed = linesOf({ ...one, verdict: 'fail', reasons: ['non-root-user: It runs as root.', problem] })
    expect(failed.filter((line) => line.includes('It is not scanned'))).toHaveLength(1)
  })

  it('shows forty of ten thousand, and says how many there are', () => {
    const lines = linesOf(many())
    expect(lines[0]).toBe('FAIL  2,000 critical, 2,000 high in prod/api:1.4.2 (0 allowed)')
    expect(lines.filter((line) => line.includes('CVE-'))).toHaveLength(40)
    expect(lines).toContain('  … and 3,960 more')
    expect(lines).toContain('Every finding: --output json, or --output html=report.html')
    expect(lines.length).toBeLessThan(60)
  })

  it('is short, whatever there is much of', () => {
    const [rule] = excepted().rules
    const upgrade = { package: 'x', installed: [], to: '2', closes: 1, over: 1, severity: 'HIGH' as const, ids: [] }
    const times = <T>(one: T): T[] => Array.from({ length: 1_000 }, () => one)
    const agreed = excepted().findings[1]?.exception
    const lines = linesOf({
      ...everywhere('long '.repeat(200), full()),
      reasons: times('long '.repeat(1_000)),
      platforms: times({ digest: 'sha256:1', counts: {}, problem: 'long '.repeat(1_000) }),
      upgrades: times(upgrade),
      rules: times({ ...(rule as NonNullable<typeof rule>), reason: 'long '.repeat(1_000) }),
      findings: times(finding({ state: 'excepted', exception: agreed, id: 'long '.repeat(1_000) })),
    })
    expect(lines.length).toBeLessThan(400)
  })

  it.each([60, 80, 120])('is never wider than %d columns but for what is to be copied', (width) => {
    for (const result of Object.values(RESULTS)) expect(tooWide(result(), width)).toEqual([])
    expect(tooWide(everywhere('長い名前の🐙', full()), width)).toEqual([])
  })

  it('puts the same words on a terminal as in a pipe, and colours beside them', () => {
    const paint: Paint = (name, text) => styleText(name, text, { validateStream: false })
    for (const result of Object.values(RESULTS)) {
      const coloured = format(result(), { ...LOOK, width: 80, paint })
      expect(stripVTControlCharacters(coloured)).toBe(shown(result(), 80))
    }
    expect(format(failing(), { ...LOOK, paint })).toContain('\u001b[31m')
  })

  it('holds no control character and no command of a runner, whatever comes from outside', () => {
    const hostile = fc.string({ unit: fc.constantFrom(...'::##[]% \n\r\t\u001b\u009b\u202e\u2028abc'), maxLength: 80 })
    fc.assert(
      fc.property(hostile, fc.constantFrom(60, 120), (text, width) => {
        for (const line of linesOf(everywhere(text, full()), width)) {
          expect(line).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]|##\[/u)
          expect(line.trimStart().startsWith('::')).toBe(false)
        }
      }),
      { numRuns: 40 },
    )
  })

  it.each([
    [
      'limits that differ',
      { limits: { CRITICAL: 0, HIGH: 1 } },
      'FAIL  1 critical (0 allowed), 2 high (1 allowed) in prod/api:1.4.2',
    ],
    ['rules alone', { counts: {}, rules: excepted().rules }, 'FAIL  1 rule fails for prod/api:1.4.2'],
    ['something else', { counts: {}, reasons: ['It is a chart.'] }, 'FAIL  prod/api:1.4.2: It is a chart.'],
  ])('says why it fails: %s', (_, change, first) => {
    expect(linesOf({ ...failing(), ...change })[0]).toBe(first)
  })

  it('names an image by its digest where it was asked for by it', () => {
    const { tag: _, ...image } = gateResult().image
    expect(linesOf(gateResult({ image }))[0]).toBe(
      'PASS  0 critical, 0 high in prod/api@sha256:4a4a4a4a4a4a (0 allowed)',
    )
  })

  it('says that findings have no limit', () => {
    const lines = linesOf(gateResult({ limits: {} }))
    expect(lines[0]).toBe('PASS  prod/api:1.4.2: findings have no limit')
    expect(lines).toContain('  Allowed: any number (default).')
  })

  it('says a reason that nothing else says', () => {
    const lines = linesOf({ ...failing(), reasons: [...failing().reasons, 'The image compared with is gone.'] })
    expect(lines).toContain('WHY')
    expect(lines).toContain('  - The image compared with is gone.')
  })

  it('says how to start a scan where there was none, and nothing of the kind where there was one', () => {
    expect(shown(unknown(), 120)).toContain('With --start-scan the gate starts a basic scan.')
    const platforms = [{ digest: 'sha256:1', status: 'COMPLETE', counts: {}, problem: 'AccessDenied' }]
    expect(shown(gateResult({ platforms }))).toContain('sha256:1: COMPLETE: AccessDenied\n\ndocker')
  })

  it('says once what a platform or a rule says', () => {
    const reasons = [
      'linux/arm64: It was never scanned.',
      'base-image: AccessDenied',
      'The image compared with is gone.',
    ]
    const text = shown({ ...unknown(), reasons: ['Another.', ...reasons] }, 120)
    expect(text).toContain('ALSO\n  - The image compared with is gone.\n\n')
    expect(text.match(/never scanned/g)).toHaveLength(1)
  })

  it('shows what is known of a package', () => {
    const { fixed: _f, installed: _i, url: _u, ...bare } = finding({ over: true })
    const findings = [bare, { ...bare, fixed: '2' }, finding({ over: true, exploit: true, platforms: ['linux/arm64'] })]
    const text = shown(gateResult({ verdict: 'fail', findings, platforms: unknown().platforms }), 120)
    expect(text).toContain('  openssl\n')
    expect(text).toContain('  openssl → 2\n')
    expect(text).toContain('openssl 3.0.1 → 3.0.15, exploit known (linux/arm64 alone)  https://')
  })
})
