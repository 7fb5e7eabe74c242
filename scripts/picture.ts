import { join } from 'node:path'
import { chromium } from 'playwright-core'
import { loadConfig } from '../config/load.ts'
import { ensureAssembly } from '../local/assembly.ts'
import { readEvents, timeOf } from '../local/event-files.ts'
import { replayer } from '../local/replay.ts'
import { run } from '../local/user-error.ts'
import { startWorld } from '../local/world.ts'

const ROOT = join(import.meta.dirname, '..')
const SAMPLE = join(ROOT, 'events/enhanced-scan-inherited-from-base.json')
const PICTURE = join(ROOT, 'docs/message.png')

/** Takes the picture of the README: the message on a sample, as the local Slack page shows it. */
async function main(): Promise<void> {
  const config = loadConfig(join(ROOT, 'steward.yaml'))
  const [input] = readEvents(SAMPLE)
  if (!input) throw new Error(`${SAMPLE} holds no event`)
  const { folder } = await ensureAssembly(ROOT)
  const world = await startWorld({ assembly: folder, config, start: timeOf(input.event) ?? Date.now() })
  const browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-background-networking'],
  })
  try {
    await replayer(world, config)([input])
    const page = await browser.newPage({ viewport: { width: 760, height: 1100 } })
    await page.goto(world.slack.url)
    await page.locator('article').first().screenshot({ path: PICTURE })
  } finally {
    await browser.close()
    await world.close()
  }
}

await run(main)
