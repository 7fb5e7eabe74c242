import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { format as page } from '../cli/gate/formats/html.ts'
import { format as table } from '../cli/gate/formats/table.ts'
import type { Paint } from '../cli/terminal.ts'
import { html, ours } from '../functions/domain/sweep/page/html.ts'
import { sample } from '../test/cli/gate/sample.ts'
import { ROOT } from './step.ts'

const COLOURS: Readonly<Record<string, string>> = {
  red: 'color:#ff7b72',
  green: 'color:#56d364',
  yellow: 'color:#e3b341',
  magenta: 'color:#d2a8ff',
  cyan: 'color:#79c0ff',
  bold: 'font-weight:700',
  dim: 'color:#9da7b3',
}

/** Characters that no text has, around the looks of a text, and behind it. */
const [BEGIN, TEXT, END] = ['\ue000', '\ue001', '\ue002']

const marking: Paint = (name, text) => `${BEGIN}${[name].flat().join(' ')}${TEXT}${text}${END}`

/** What a terminal shows, as a page. */
function terminal(text: string): string {
  const marked = text
    .split('\n')
    .map((line) => html`${line}`.text)
    .join('\n')
    .replace(new RegExp(`${BEGIN}([^${TEXT}]*)${TEXT}`, 'g'), (_, looks: string) => {
      const style = looks.split(' ').map((look) => COLOURS[look] ?? '')
      return `<span style="${style.join(';')}">`
    })
    .replaceAll(END, '</span>')
  return html`<pre style="margin:0;padding:16px 20px;width:max-content;background:#0d1117;color:#e6edf3;font:14px/1.45 monospace">${ours(marked)}</pre>`
    .text
}

/** What `ecr-steward gate` shows on a terminal, and its page. */
export async function takeGate(browser: Browser): Promise<void> {
  const look = { paint: marking, width: 120, source: 'Dockerfile' }
  const result = sample()
  // The address in the console is too long for a picture.
  const image = { ...result.image, url: `${result.image.url.slice(0, 110)}…` }
  const view = await browser.newPage({ viewport: { width: 1280, height: 860 } })
  await view.setContent(terminal(table({ ...result, image }, look).trimEnd()))
  await view.locator('pre').screenshot({ path: join(ROOT, 'docs/gate-table.png') })
  await view.setContent(page(result, look))
  await view.screenshot({ path: join(ROOT, 'docs/gate-report.png') })
  await view.close()
}
