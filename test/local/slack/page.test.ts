import { existsSync } from 'node:fs'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { compose } from '../../../functions/notify/message/compose.ts'
import { type SlackSink, startSlackSink } from '../../../local/slack/sink.ts'
import { alert, item } from '../../notify/alerts.ts'

const CHROMIUM = '/usr/bin/chromium'
const found = existsSync(CHROMIUM)

describe.skipIf(!found)(`the page in a browser (skipped without ${CHROMIUM})`, () => {
  let browser: Browser
  let page: Page
  let sink: SlackSink
  const complaints: string[] = []

  const send = async (changes: Parameters<typeof alert>[0]): Promise<void> => {
    const body = JSON.stringify(compose(alert(changes), 'security'))
    const response = await fetch(sink.webhook('security'), { method: 'POST', body })
    expect(await response.text()).toBe('ok')
  }

  const headings = (): Promise<string[]> => page.locator('.message .heading').allTextContents()

  beforeAll(async () => {
    sink = await startSlackSink()
    browser = await chromium.launch({
      executablePath: CHROMIUM,
      args: ['--no-sandbox', '--disable-background-networking'],
    })
    page = await browser.newPage()
    page.on('console', (message) => complaints.push(message.text()))
    page.on('pageerror', (error) => complaints.push(String(error)))
    page.on('dialog', (dialog) => dialog.dismiss().then(() => complaints.push('a dialog opened')))
    await page.goto(sink.url)
  })

  afterAll(async () => {
    await browser?.close()
    await sink?.close()
  })

  test('says that there is nothing yet', async () => {
    await page.getByText('No messages yet').waitFor()
    expect(await page.title()).toBe('No messages – ecr-steward')
  })

  test('shows messages as they come, the newest first, and counts them', async () => {
    await send({ title: '1 critical in first' })
    await page.getByText('1 critical in first').waitFor()
    await send({ title: '1 critical in second' })
    await page.getByText('1 critical in second').waitFor()
    expect(await headings()).toEqual(['🔴 1 critical in second', '🔴 1 critical in first'])
    expect(await page.title()).toBe('(2) Messages – ecr-steward')
    expect(await page.getByText('No messages yet').isVisible()).toBe(false)
  })

  test('shows the bar in the colour of the severity', async () => {
    const bar = page.locator('.attachment').first()
    expect(
      await bar.evaluate(
        (element) => element.ownerDocument.defaultView?.getComputedStyle(element, '::before').backgroundColor,
      ),
    ).toBe('rgb(224, 36, 36)')
  })

  test('opens links in a tab that knows nothing of this one', async () => {
    const link = page.getByRole('link', { name: 'CVE-2026-31789' }).first()
    expect(await link.getAttribute('href')).toBe('https://nvd.nist.gov/vuln/detail/CVE-2026-31789')
    expect(await link.getAttribute('rel')).toBe('noopener noreferrer')
  })

  test('shows hostile text as text', async () => {
    const markup = '<img src=x onerror=alert(1)>'
    await send({
      title: `1 critical in ${markup}`,
      items: [item({ id: markup, subject: '<script>alert(2)</script>' })],
    })
    await page.getByText(`🔴 1 critical in ${markup}`).waitFor()
    expect(await page.locator('.message script, .message img:not(.avatar)').count()).toBe(0)
    expect(complaints).toEqual([])
  })

  test('shows a reader who comes later the same', async () => {
    const later = await browser.newPage()
    await later.goto(sink.url)
    await later.getByText('1 critical in first').waitFor()
    expect(await later.locator('.message .heading').allTextContents()).toEqual(await headings())
    await later.close()
  })
})
