import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import fc from 'fast-check'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { format } from '../../../../cli/gate/formats/html.ts'
import { FORMATS } from '../../../../cli/gate/formats.ts'
import type { GateResult } from '../../../../functions/domain/gate/result.ts'
import { CHROMIUM, CONTRASTS, hasChromium, launchChromium } from '../../../chromium.ts'
import { everywhere, failing, finding, full, gateResult, HOSTILE, LOOK, many, RESULTS } from '../results.ts'
import { sample } from '../sample.ts'
import { anyText } from './texts.ts'

const written = (result: GateResult): string => format(result, LOOK)

const tagsOf = (page: string): string[] => [...page.matchAll(/<\/?([a-z][a-z0-9]*)/gi)].map(([, tag]) => tag ?? '')

describe('html', () => {
  it('is a format', async () => {
    expect((await FORMATS.html?.())?.format).toBe(format)
  })

  it.each(['full', 'failing', 'nothing', 'scan'])('is as it was agreed: %s', async (name) => {
    const page = written(name === 'full' ? full() : (RESULTS[name]?.() ?? gateResult()))
    const plain = page.replace(/<style>.*<\/style>/s, '').replace(/sha256-[\w+/]+=*(?=&#39;)/, 'sha256-…')
    await expect(plain).toMatchFileSnapshot(`golden/html-${name}.txt`)
  })

  it('has the elements of a page with harmless words, whatever comes from outside', () => {
    const expected = tagsOf(written(everywhere('x', full())))
    fc.assert(
      fc.property(anyText, (text) => {
        const page = written(everywhere(`x${text}`, full()))
        expect(tagsOf(page)).toEqual(expected)
        expect(page).not.toMatch(/[^\P{Cc}\n]|\p{Cf}|##(?:vso)?\[|^\s*::/mu)
      }),
      { numRuns: 25 },
    )
  })

  it('links to https alone', () => {
    const page = written(gateResult({ findings: [finding({ over: true, url: 'javascript:alert(1)' })] }))
    expect(page).not.toContain('javascript:')
  })

  it('holds ten thousand findings, of which the first are drawn, and counts what is more than it can bear', () => {
    expect(written(many()).match(/CVE-2026-\d{5}<\/a>/g)).toHaveLength(10_000)
    const findings = Array.from({ length: 20_100 }, () => finding({ over: true }))
    const page = written(gateResult({ verdict: 'fail', findings }))
    expect(page).toContain('19,800 more')
    expect(page).toContain('>100 more in the output of')
    expect(Buffer.byteLength(page)).toBeLessThan(8_000_000)
  })
})

describe.skipIf(!hasChromium)(`the page in a browser (skipped without ${CHROMIUM})`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'steward-gate-page-'))
  let browser: Browser
  let page: Page
  const complaints: string[] = []
  const requests: string[] = []

  const open = async (result: GateResult, options: BrowserContextOptions = {}): Promise<void> => {
    const file = join(folder, 'gate.html')
    writeFileSync(file, written(result))
    page = await browser.newPage({ viewport: { width: 1280, height: 900 }, ...options })
    page.on('console', (message) => complaints.push(message.text()))
    page.on('pageerror', (error) => complaints.push(String(error)))
    page.on('dialog', (dialog) => dialog.dismiss().then(() => complaints.push('a dialog opened')))
    page.on('request', (request) => requests.push(request.url()))
    await page.goto(pathToFileURL(file).href)
  }

  const unfold = () => page.evaluate('for (const one of document.querySelectorAll("details")) one.open = true')
  const isWide = (): Promise<boolean> => page.evaluate('document.documentElement.scrollWidth > innerWidth')

  beforeAll(async () => {
    browser = await launchChromium()
  })

  afterEach(async () => {
    await page.close()
    expect(complaints.splice(0)).toEqual([])
    expect(requests.splice(0).filter((url) => !url.startsWith('file:'))).toEqual([])
  })

  afterAll(async () => {
    await browser?.close()
    rmSync(folder, { recursive: true })
  })

  it('says the verdict, what to fix and the worst findings on the first screen', async () => {
    await open(sample())
    expect(await page.title()).toBe('FAIL: prod/api:1.4.2')
    const texts = [
      '2 critical, 4 high in prod/api:1.4.2 (0 allowed)',
      'Upgrade openssl to 3.0.15-1~deb12u1',
      'CVE-2026-24990',
    ]
    for (const text of texts) {
      const box = await page.getByText(text).last().boundingBox()
      expect(box && box.y + box.height, text).toBeLessThan(900)
    }
  })

  it('draws two hundred of ten thousand, and unfolds the others', async () => {
    await open(many())
    const shown = (): Promise<number> =>
      page.evaluate('[...document.querySelectorAll("tbody tr")].filter((one) => one.checkVisibility()).length')
    // Those over the limit, and one platform.
    expect(await shown()).toBe(201)
    await page.getByText('3,800 more').click()
    expect(await shown()).toBe(4_001)
  })

  it.each(['light', 'dark'] as const)('has a contrast of 4.5 everywhere, %s', async (colorScheme) => {
    await open(full(), { colorScheme })
    await unfold()
    const found = (await page.evaluate(CONTRASTS)) as { ratio: number; text: string }[]
    expect(found.length).toBeGreaterThan(60)
    expect(found.filter(({ ratio }) => ratio < 4.5)).toEqual([])
  })

  it('fits a phone, folded and unfolded, also with names that never end', async () => {
    for (const result of [sample(), everywhere('n'.repeat(200), full())]) {
      await page?.close()
      await open(result, { viewport: { width: 375, height: 800 } })
      expect(await isWide()).toBe(false)
      await unfold()
      expect(await isWide()).toBe(false)
    }
  })

  it('is printed light and within the paper', async () => {
    await open(sample(), { colorScheme: 'dark', viewport: { width: 718, height: 1040 } })
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' })
    expect(await page.evaluate('getComputedStyle(document.body).getPropertyValue("--text")')).toBe('#1f2328')
    expect(await isWide()).toBe(false)
    expect(await page.locator('nav').isVisible()).toBe(false)
  })

  it('has landmarks, one title, and a caption for each table', async () => {
    await open(full())
    for (const role of ['banner', 'main', 'navigation', 'contentinfo'] as const)
      expect(await page.getByRole(role).count(), role).toBe(1)
    expect(await page.locator('h1').count()).toBe(1)
    expect(await page.locator('table:not(:has(> caption)), section:not([aria-labelledby])').count()).toBe(0)
    await page.keyboard.press('Tab')
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Skip to the result')
  })

  it('shows hostile texts as texts', async () => {
    await open(everywhere(`"><img src=x onerror=alert(1)></script><script>alert(2)</script>'${HOSTILE}`, full()))
    await unfold()
    expect(await page.locator('img, iframe, object, embed, base, link, script').count()).toBe(0)
    expect(await page.getByText('<img src=x onerror=alert(1)>').first().isVisible()).toBe(true)
  })

  it('shows a failed scan as one, and what nobody asked of a scan', async () => {
    await open(failing())
    expect(await page.getByRole('heading', { name: 'Over the limit' }).isVisible()).toBe(true)
    await page.close()
    await open({ ...failing(), kind: 'scan', verdict: 'pass', reasons: [], limits: {} })
    expect(await page.getByText('SCANNED').isVisible()).toBe(true)
    expect(await page.getByText('allowed').count()).toBe(0)
  })
})
