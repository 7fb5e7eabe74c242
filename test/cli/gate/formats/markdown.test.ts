import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { format, markdownWithin } from '../../../../cli/gate/formats/markdown.ts'
import { FORMATS } from '../../../../cli/gate/formats.ts'
import type { GateResult } from '../../../../functions/domain/gate/result.ts'
import { everywhere, excepted, failing, finding, full, gateResult, HOSTILE, LOOK, many, RESULTS } from '../results.ts'
import { anyText } from './texts.ts'

const written = (result: GateResult): string => format(result, LOOK)

/** What is left without code, links of ours, and what a backslash makes plain. */
const plain = (text: string): string =>
  text.replace(/\\[\\`*_{}[\]<>()|~!&$:.\-+=#]|`[^`\n]*`/g, '').replace(/\]\(https:\/\/[^()|\\`<>[\]\s]+\)/g, ']')

/** Elements that this project writes. */
const isOurs = (element: string): boolean => /^<\/?(?:details|summary)>$/.test(element)

describe('markdown', () => {
  it('is a format', async () => {
    expect((await FORMATS.markdown?.())?.format).toBe(format)
  })

  it.each(['full', 'failing', 'passing', 'unknown', 'lenient', 'unlisted', 'nothing', 'scan', 'hostile'])(
    'is as it was agreed: %s',
    async (name) => {
      const result = name === 'full' ? full() : (RESULTS[name]?.() ?? gateResult())
      await expect(written(result)).toMatchFileSnapshot(`golden/markdown-${name}.md`)
    },
  )

  it('begins with the verdict', () => {
    expect(written(failing()).split('\n')[0]).toBe('## ❌ FAIL: 1 critical, 2 high in prod/api:1.4.2 \\(0 allowed\\)')
  })

  it('shows a hundred of ten thousand, and counts the rest', () => {
    const text = written(many())
    expect(text.match(/\*\*CRITICAL\*\*/g)).toHaveLength(100)
    expect(text).toContain('… and 3,900 more.')
  })

  it('has room in a comment of GitHub, whatever comes, and says what it leaves out', () => {
    const long = everywhere('`'.repeat(300), many(1_000))
    const findings = long.findings.map((one) => ({ ...one, url: `https://x.example/${'y'.repeat(900)}` }))
    const text = written({ ...long, findings })
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(65_000)
    expect(text).toContain('more.')
    expect(written({ ...full(), reasons: Array.from({ length: 5_000 }, () => '語'.repeat(300)) }).length).toBeLessThan(
      65_000,
    )
  })

  it.each([65_000, 20_000, 8_000, 4_000, 1_500, 300])('has room in %d bytes, with the verdict first', (bytes) => {
    const text = markdownWithin(many(), bytes)
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(bytes)
    expect(text).toMatch(/^## ❌ FAIL: 2,000 critical, 2,000 high/)
  })

  it('is nothing where not even the verdict has room', () => {
    expect(markdownWithin(many(), 20)).toBe('')
    expect(markdownWithin(many(), -1)).toBe('')
  })

  it('shows a command as it is, or says where it is', () => {
    const [rule] = excepted().rules
    const withCommand = (command: string) =>
      written({ ...excepted(), rules: [{ ...(rule as NonNullable<typeof rule>), fix: { text: 'Mend it.', command } }] })
    expect(withCommand('aws ecr x')).toContain('→ Mend it. `aws ecr x`')
    expect(withCommand('a | b')).toContain('The command is in the output of `--output json`.')
  })

  it.each([
    ['https://x.example/a_b', '[CVE-2026'],
    ['http://x.example', '| CVE-2026'],
    ['javascript:alert(1)', '| CVE-2026'],
    ['no address', '| CVE-2026'],
    [`https://x.example/${'y'.repeat(2_000)}`, '| CVE-2026'],
  ])('links to https alone: %s', (url, shown) => {
    expect(written(gateResult({ findings: [finding({ over: true, url })] }))).toContain(shown)
  })

  it('keeps an address within its link', () => {
    const url = 'https://x.example/) [evil](https://y.example) | <b> `'
    expect(written(gateResult({ findings: [finding({ over: true, url })] }))).toContain(
      '(https://x.example/%29%20%5Bevil%5D%28https://y.example%29%20%7C%20%3Cb%3E%20%60)',
    )
  })

  it('brings no markup, nobody mentioned and no command of a runner, whatever comes from outside', () => {
    fc.assert(
      fc.property(fc.oneof(anyText, fc.constant(HOSTILE)), (text) => {
        const all = written(everywhere(text, full()))
        expect(all).not.toMatch(/##(?:vso)?\[|[^\P{Cc}\n]|\p{Cf}/u)
        expect(plain(all)).not.toMatch(/@|:\/\/|\bwww\./)
        expect((plain(all).match(/<[^>]*>/g) ?? []).filter((one) => !isOurs(one))).toEqual([])
        expect(plain(all)).not.toMatch(/\]\(|!\[/)
        for (const line of all.split('\n')) expect(line.trimStart().startsWith('::')).toBe(false)
      }),
      { numRuns: 60 },
    )
  })

  it('has as many cells in each row as in the head, whatever comes from outside', () => {
    const cells = (line: string): number => line.replace(/\\./g, '').split('|').length
    fc.assert(
      fc.property(anyText, (text) => {
        const rows = written(everywhere(text, full())).split('\n\n')
        for (const table of rows.filter((one) => one.startsWith('| ')))
          expect(new Set(table.trim().split('\n').map(cells)).size).toBe(1)
      }),
      { numRuns: 60 },
    )
  })
})
