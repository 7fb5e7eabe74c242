import { join } from 'node:path'
import { type Browser, chromium } from 'playwright-core'
import { timeOf } from '../cli/replay/event-input.ts'
import { composeDigest } from '../functions/domain/sweep/digest-alert.ts'
import { reportHtml } from '../functions/domain/sweep/page/report-html.ts'
import { compose } from '../functions/notify/message/compose.ts'
import { ensureAssembly } from '../local/assembly.ts'
import { localConfig } from '../local/config.ts'
import { readEvents } from '../local/event-files.ts'
import { replayer } from '../local/replay.ts'
import { startSlackSink } from '../local/slack/sink.ts'
import { run } from '../local/user-error.ts'
import { startWorld } from '../local/world.ts'
import { busy, REPORT_URL, tellingOfHub } from '../test/domain/sweep/morning.ts'
import { report } from '../test/domain/sweep/page/report.ts'
import { takeGate } from './gate-pictures.ts'

const ROOT = join(import.meta.dirname, '..')
/** Each message on a sample, and the file of its picture. */
const PICTURES = [
  { sample: 'events/enhanced-scan-inherited-from-base.json', picture: 'docs/message.png' },
  { sample: 'events/push-that-fails-rules.json', picture: 'docs/policy-message.png' },
]

/** The first message of the local Slack page. */
async function shoot(browser: Browser, url: string, picture: string): Promise<void> {
  const page = await browser.newPage({ viewport: { width: 760, height: 1600 } })
  await page.goto(url)
  await page
    .locator('article')
    .first()
    .screenshot({ path: join(ROOT, picture) })
  await page.close()
}

/** Takes one picture of the README: the message on a sample, as the local Slack page shows it. */
async function take(browser: Browser, assembly: string, sample: string, picture: string): Promise<void> {
  const config = localConfig(ROOT)
  const [input] = readEvents(join(ROOT, sample))
  if (!input) throw new Error(`${sample} holds no event`)
  const world = await startWorld({ assembly, config, start: timeOf(input.event) ?? Date.now() })
  try {
    await replayer(world, config)([input])
    await shoot(browser, world.slack.url, picture)
  } finally {
    await world.close()
  }
}

/** The picture of the digest of a night on which much has come. */
async function takeDigest(browser: Browser): Promise<void> {
  const now = new Date('2026-11-27T21:04:20Z')
  const slack = await startSlackSink({ clock: { now: () => now.getTime() } })
  try {
    const alert = composeDigest(tellingOfHub({ now }), busy(), { url: REPORT_URL })
    await fetch(slack.webhook('security'), { method: 'POST', body: JSON.stringify(compose(alert, 'security')) })
    await shoot(browser, slack.url, 'docs/digest-message.png')
  } finally {
    await slack.close()
  }
}

/** The first screen of the report of a sweep. */
async function takeReport(browser: Browser): Promise<void> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 860 } })
  await page.setContent(reportHtml(report()))
  await page.screenshot({ path: join(ROOT, 'docs/report.png') })
  await page.close()
}

async function main(): Promise<void> {
  const { folder } = await ensureAssembly(ROOT)
  const browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-background-networking'],
  })
  try {
    for (const { sample, picture } of PICTURES) await take(browser, folder, sample, picture)
    await takeDigest(browser)
    await takeReport(browser)
    await takeGate(browser)
  } finally {
    await browser.close()
  }
}

await run(main)
