import { createHash } from 'node:crypto'
import { buildSync } from 'esbuild'
import { describe, expect, it } from 'vitest'
import { reportHtml } from '../../../../functions/domain/sweep/page/report-html.ts'
import { dataOf } from '../../../../functions/domain/sweep/page/repositories.ts'
import { toRow, unpack } from '../../../../functions/domain/sweep/page/rows.ts'
import { base, empty, image, pass, report, repository, verdict } from './report.ts'

/** Style and script are of the code, not of the report: other tests look at them. */
const withoutCode = (page: string): string =>
  page
    .replace(/<style>[\s\S]*<\/style>/, '<style></style>')
    .replace(/<script>[\s\S]*<\/script>/, '<script></script>')
    .replace(/sha256-[^&]+/g, 'sha256-…')

describe('reportHtml', () => {
  it('is as it was agreed', async () => {
    await expect(withoutCode(reportHtml(report()))).toMatchFileSnapshot('../__snapshots__/report.html')
  })

  it('says that all is well in few words', async () => {
    await expect(withoutCode(reportHtml(pass()))).toMatchFileSnapshot('../__snapshots__/pass.html')
  })

  it('never looks well where nothing could be judged', () => {
    const page = reportHtml(empty())
    expect(page).toContain('No repositories were found in 1 registry.')
    expect(page).toContain('AccessDenied')
    expect(page).toContain('No repository was judged.')
    expect(page).not.toContain('<script>')
  })

  it('lets nothing run or load but its own script and style, by their hashes', () => {
    const page = reportHtml(report())
    const policy = page.match(/Content-Security-Policy" content="([^"]*)"/)?.[1]?.replaceAll('&#39;', "'") ?? ''
    const hashOf = (tag: string): string => {
      const text = page.match(new RegExp(`<${tag}>([\\s\\S]*?)</${tag}>`))?.[1] ?? ''
      return `'sha256-${createHash('sha256').update(text).digest('base64')}'`
    }
    expect(policy).toBe(
      `default-src 'none'; style-src ${hashOf('style')}; script-src ${hashOf('script')}; base-uri 'none'; form-action 'none'`,
    )
    expect(page).not.toMatch(/\s(?:src|style|on\w+)=/)
  })

  it('shows bases as texts, whatever they are called, ten of them at once', () => {
    const hostile = '"><script>alert(1)</script>\u202e'
    const bases = Array.from({ length: 12 }, (_, n) =>
      base({ name: n === 0 ? hostile : `base/${n}`, named: [hostile], rebuild: { on: hostile, fixes: 1, adds: 0 } }),
    )
    const ancestry = { bases, omitted: 1, inherited: 1, own: 0, unplaced: 0 }
    const [, markup = ''] = reportHtml(report({ ancestry })).split('<section id="bases"')
    const [section = ''] = markup.split('</section>')
    expect(section.match(/<th scope="row">/g)).toHaveLength(12)
    expect(section).toContain('<summary>2 more</summary>')
    expect(section).toContain('1 more base whose rebuild closes less')
    expect(section).not.toMatch(/<script|\u202e/)
    expect(section.match(/&quot;&gt;&lt;script&gt;/g)).toHaveLength(1 + 2 * 12)
  })

  it('links to https alone', () => {
    const findings = [{ ...image().findings[0], url: 'javascript:alert(1)' }] as ReturnType<typeof image>['findings']
    const details = { verdicts: [], lints: [], images: [image({ findings })], omitted: 0 }
    const [markup = ''] = reportHtml(report({ repositories: [repository({ details })] })).split('<script type')
    expect(markup).not.toContain('javascript:')
    expect(markup).toContain('<bdi>CVE-2026-31789</bdi>')
  })

  it('names what was not judged before anything else, five of them at once', () => {
    const one = { account: '1', region: 'r', why: 'denied' }
    const notJudged = Array.from({ length: 25 }, (_, n) => ({ ...one, repository: n === 0 ? null : `prod/${n}` }))
    const page = reportHtml(
      report({ coverage: { listed: 60, judged: 35, notWhole: 0, complete: false, notJudged, omitted: 3 } }),
    )
    const [head = ''] = page.split('</header>')
    expect(head).toContain('35 of 60 repositories judged')
    expect(head).toContain('<li><code>1 r</code>: denied')
    expect(head).toContain('<summary>22 more</summary>')
    expect(head).toContain('3 more that are not named here')
  })

  it('says how much it leaves out of long lists', () => {
    const { owners, fixes, exceptions, trend } = report()
    const many = <T>(all: readonly T[], count: number): T[] =>
      Array.from({ length: count }, (_, n) => all[n % all.length] as T)
    const page = reportHtml(
      report({
        owners: many(owners, 230),
        ownersOmitted: 1,
        fixes: many(fixes, 70),
        exceptions: many(exceptions, 201),
        trend: many(trend, 62),
      }),
    )
    expect(page).toContain('left out to keep the report small: 1.')
    expect(page).toContain('30 more owners are in report.json')
    expect(page).toContain('215 more owners are in report.json')
    expect(page).toContain('10 more fixes are in report.json')
    expect(page).toContain('1 more exception is in report.json')
    expect(page).toContain('2 more sweeps are in report.json')
  })

  it('has at most 4.5 MB: rows before details, worst first', () => {
    const reason = 'x'.repeat(2_000)
    const details = { verdicts: [verdict({ reason })], lints: [], images: [], omitted: 0 }
    const repositories = Array.from({ length: 4_000 }, (_, n) => repository({ repository: `prod/${n}`, details }))
    const page = reportHtml(report({ repositories }))
    expect(Buffer.byteLength(page)).toBeLessThanOrEqual(4_500_000)
    expect(Buffer.byteLength(page)).toBeGreaterThan(4_400_000)
    const data = JSON.parse(page.match(/id="data">([^<]*)</)?.[1] ?? '')
    expect(data.packed.rows).toHaveLength(4_000)
    expect(Object.keys(data.details)).toContain('0')
    expect(Object.keys(data.details)).not.toContain('3999')
    expect(page).toContain('What is open in it is shown where scripts run')
  })

  it('lets go of rows too where there are far too many', () => {
    const all = Array.from({ length: 100 }, (_, n) => repository({ repository: `prod/${n}` }))
    const { packed, details } = dataOf(all, 2_000)
    expect(packed.rows.length).toBeGreaterThan(5)
    expect(packed.rows.length).toBeLessThan(40)
    expect(details).toEqual({})
  })

  it('unpacks the rows that it packed', () => {
    const all = report().repositories
    expect(unpack(dataOf(all, 1_000_000).packed)).toEqual(all.map(toRow))
  })

  it('is the same page when it is bundled as functions are', async () => {
    const { outputFiles } = buildSync({
      entryPoints: ['functions/domain/sweep/page/report-html.ts'],
      ...({ bundle: true, minify: true, write: false, format: 'esm', platform: 'node' } as const),
    })
    const code = Buffer.from(outputFiles[0]?.contents ?? '').toString('base64')
    const bundled = (await import(/* @vite-ignore */ `data:text/javascript;base64,${code}`)) as {
      reportHtml: typeof reportHtml
    }
    expect(withoutCode(bundled.reportHtml(report()))).toBe(withoutCode(reportHtml(report())))
  })
})
