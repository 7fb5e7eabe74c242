import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { reportHtml } from '../../../../functions/domain/sweep/page/report-html.ts'
import type { SweepReport } from '../../../../functions/domain/sweep/report.ts'
import { CHROMIUM, CONTRASTS, hasChromium, launchChromium } from '../../../chromium.ts'
import { finding, image, report, repository, verdict } from './report.ts'

describe.skipIf(!hasChromium)(`the report in a browser (skipped without ${CHROMIUM})`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'steward-report-'))
  let browser: Browser
  let page: Page
  const complaints: string[] = []
  const requests: string[] = []

  const open = async (of: SweepReport = report(), options: BrowserContextOptions = {}, hash = ''): Promise<void> => {
    const file = join(folder, 'report.html')
    writeFileSync(file, reportHtml(of))
    page = await browser.newPage({ viewport: { width: 1280, height: 900 }, ...options })
    page.on('console', (message) => complaints.push(message.text()))
    page.on('pageerror', (error) => complaints.push(String(error)))
    page.on('dialog', (dialog) => dialog.dismiss().then(() => complaints.push('a dialog opened')))
    page.on('request', (request) => requests.push(request.url()))
    await page.goto(pathToFileURL(file).href + hash)
  }

  const names = (): Promise<string[]> => page.locator('#rows > tr > th > details > summary > bdi').allTextContents()
  const row = (name: string) => page.locator('#rows > tr', { has: page.getByText(name, { exact: true }) })
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

  it('says verdict, coverage and what was not judged on the first screen, with score, change, owners and money', async () => {
    await open()
    expect(await page.title()).toBe('Fail, score 75: container images, 2026-11-24t21')
    for (const text of [
      '39 of 40 repositories judged',
      'prod/huge',
      'AccessDenied',
      '4 new fails, 10 fixed',
      '$160.70',
    ]) {
      const box = await page.getByText(text).first().boundingBox()
      expect(box && box.y + box.height, text).toBeLessThan(900)
    }
    expect((await page.getByRole('heading', { name: 'Owners' }).boundingBox())?.y).toBeLessThan(700)
  })

  it('chooses by text, owner, severity and state, and says how many there are', async () => {
    await open()
    await page.getByRole('searchbox', { name: 'Text' }).fill('PROD/')
    await page.getByText('2 of 2 that fit, of 39 in all.').waitFor()
    expect(await names()).toEqual(['prod/api', 'prod/web'])
    await page.getByRole('combobox', { name: 'Owner' }).selectOption('web')
    await page.getByText('1 of 1 that fit').waitFor()
    await page.getByRole('combobox', { name: 'Owner' }).selectOption('batch')
    await page.getByText('No repository fits.').waitFor()
    await page.getByRole('searchbox', { name: 'Text' }).fill('')
    await page.getByRole('combobox', { name: 'Owner' }).selectOption('')
    await page.getByRole('combobox', { name: 'Findings' }).selectOption('high')
    await page.getByText('2 of 2 that fit').waitFor()
    await page.getByRole('combobox', { name: 'Findings' }).selectOption('')
    await page.getByRole('combobox', { name: 'State' }).selectOption('unread')
    await page.getByText('1 of 1 that fit').waitFor()
    expect(await names()).toEqual(['prod/web'])
  })

  it('sorts by its heads, and says so to who does not see it; the choice is in the address', async () => {
    await open()
    const head = page.getByRole('columnheader', { name: 'In store' }).last()
    await head.getByRole('button').click()
    expect(await head.getAttribute('aria-sort')).toBe('descending')
    expect((await names())[0]).toBe('data/job-36')
    await head.getByRole('button').click()
    expect(await head.getAttribute('aria-sort')).toBe('ascending')
    expect((await names())[0]).toBe('data/job-00')
    expect(page.url()).toContain('#repositories?sort=bytes')
  })

  it('opens with the choice of its address', async () => {
    await open(report(), {}, '#repositories?owner=data&sort=-score')
    await page.getByText('18 of 18 that fit').waitFor()
    expect((await names())[0]).toBe('data/job-35')
    expect(await page.getByRole('combobox', { name: 'Owner' }).inputValue()).toBe('data')
  })

  it('unfolds a repository to its images, their findings, and how to fix them, also after sorting', async () => {
    await open()
    for (const again of [false, true]) {
      if (again) await page.getByRole('button', { name: 'Score' }).click()
      const api = row('prod/api')
      await api.getByText('prod/api', { exact: true }).click()
      await api.getByText('Turn on tag immutability').first().waitFor()
      await api.getByText('and 1 more tag').click()
      await api.getByRole('link', { name: 'CVE-2026-31789' }).waitFor()
      expect(await api.getByText('Upgrade openssl to 3.0.15.').isVisible()).toBe(true)
      expect(await api.getByText('12 days, overdue').isVisible()).toBe(true)
    }
    await row('prod/web').getByText('prod/web', { exact: true }).click()
    await row('prod/web').getByText('ecr-steward check --images prod/web').waitFor()
  })

  it('is used without a mouse, and shows where one is', async () => {
    await open()
    await page.keyboard.press('Tab')
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Skip to the report')
    await page.keyboard.press('Enter')
    expect(await page.evaluate('document.activeElement.id')).toBe('main')
    await page.getByRole('button', { name: 'Owner' }).focus()
    await page.keyboard.press('Enter')
    expect((await names())[0]).toBe('data/job-00')
    await page.keyboard.press('Shift+Tab')
    expect(await page.evaluate('getComputedStyle(document.activeElement).outlineStyle')).toBe('solid')
    await row('prod/api').locator('summary').first().focus()
    await page.keyboard.press('Enter')
    await row('prod/api').getByText('Turn on tag immutability').first().waitFor()
  })

  it('has landmarks, headings in order, and a caption for each table', async () => {
    await open()
    for (const role of ['banner', 'main', 'navigation', 'contentinfo', 'search'] as const)
      expect(await page.getByRole(role).count(), role).toBe(1)
    expect(await page.locator('h1').count()).toBe(1)
    expect(await page.locator('table:not(:has(> caption))').count()).toBe(0)
    const unnamed = 'svg:not([aria-hidden=true]):not([aria-label]), section:not([aria-labelledby])'
    expect(await page.locator(unnamed).count()).toBe(0)
  })

  it.each(['light', 'dark'] as const)('has a contrast of 4.5 everywhere, %s', async (colorScheme) => {
    await open(report(), { colorScheme })
    await page.evaluate('for (const one of document.querySelectorAll("details")) one.open = true')
    const found = (await page.evaluate(CONTRASTS)) as { ratio: number; text: string }[]
    expect(found.length).toBeGreaterThan(200)
    expect(found.filter(({ ratio }) => ratio < 4.5)).toEqual([])
    const ground = await page.evaluate('getComputedStyle(document.body).backgroundColor')
    expect(ground).toBe(colorScheme === 'dark' ? 'rgb(13, 17, 23)' : 'rgb(255, 255, 255)')
  })

  it('is printed light, within the page, and without what can only be pressed', async () => {
    await open(report(), { colorScheme: 'dark', viewport: { width: 718, height: 1040 } })
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' })
    expect(await page.evaluate('getComputedStyle(document.body).getPropertyValue("--text")')).toBe('#1f2328')
    expect(await isWide()).toBe(false)
    for (const part of ['nav', 'form', '#shown', '#heads-hint'])
      expect(await page.locator(part).isVisible(), part).toBe(false)
    expect(await page.getByText('39 of 40 repositories judged').isVisible()).toBe(true)
  })

  it('fits a phone, folded and unfolded', async () => {
    await open(report(), { viewport: { width: 375, height: 800 } })
    expect(await isWide()).toBe(false)
    await row('prod/api').getByText('prod/api', { exact: true }).click()
    await row('prod/api').getByText('and 1 more tag').click()
    expect(await isWide()).toBe(false)
  })

  it('is read without scripts: what is wrong, what to do, and the worst repositories down to their findings', async () => {
    await open(report(), { javaScriptEnabled: false })
    expect(await page.getByText('39 of 40 repositories judged').isVisible()).toBe(true)
    expect(await page.getByRole('heading', { name: 'Rebuild on a newer base/node' }).isVisible()).toBe(true)
    expect(await page.getByRole('search').isVisible()).toBe(false)
    await row('prod/api').getByText('prod/api', { exact: true }).click()
    await row('prod/api').getByText('and 1 more tag').click()
    expect(await page.getByText('Upgrade openssl to 3.0.15.').isVisible()).toBe(true)
  })

  it('draws 200 rows, and the others when they are asked for', async () => {
    const repositories = Array.from({ length: 450 }, (_, n) =>
      repository({ repository: `prod/${n}`, details: undefined }),
    )
    await open(report({ repositories }))
    expect((await names()).length).toBe(200)
    await page.getByRole('button', { name: 'Show more' }).click()
    await page.getByText('400 of 450 that fit').waitFor()
    await page.getByRole('button', { name: 'Show more' }).click()
    expect((await names()).length).toBe(450)
    expect(await page.getByRole('button', { name: 'Show more' }).isVisible()).toBe(false)
  })

  it('shows hostile texts as texts, as written and as drawn', async () => {
    const evil = `"><img src=x onerror=alert(1)></script><script>alert(2)</script>'`
    const hostile = repository({
      ...{ repository: evil, owner: evil, unread: [evil], losses: [{ why: evil, points: 1 }] },
      details: {
        verdicts: [verdict({ rule: evil, reason: evil, fix: evil, command: evil, excepted: evil })],
        lints: [evil],
        images: [
          image({
            tags: [evil, evil],
            users: [evil],
            findings: [finding({ id: evil, package: evil, fixed: evil, url: `https://x/${evil}` })],
          }),
        ],
        omitted: 0,
      },
    })
    const { owners, fixes, exceptions, coverage } = report()
    await open(
      report({
        repositories: [hostile],
        owners: owners.map((one) => ({ ...one, owner: evil })),
        fixes: fixes.map((one) => ({ ...one, title: evil, repositories: [evil] })),
        exceptions: exceptions.map((one) => ({ ...one, what: evil, owner: evil, reason: evil })),
        coverage: { ...coverage, notJudged: [{ account: evil, region: evil, repository: evil, why: evil }] },
      }),
    )
    await page.getByRole('searchbox', { name: 'Text' }).fill('img')
    await page.getByText('1 of 1 that fit').waitFor()
    await page.locator('#rows summary').first().click()
    await page.locator('#rows').getByText('How to fix:').first().waitFor()
    expect(await names()).toEqual([evil])
    expect(await page.locator('img, iframe, object, embed, base, link').count()).toBe(0)
    expect(await page.locator('script').count()).toBe(2)
  })
})
