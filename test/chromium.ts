import { existsSync } from 'node:fs'
import { type Browser, chromium } from 'playwright-core'

export const CHROMIUM = '/usr/bin/chromium'

/** Tests of pages are skipped where there is none, with that in their name. */
export const hasChromium: boolean = existsSync(CHROMIUM)

export const launchChromium = (): Promise<Browser> =>
  chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox', '--disable-background-networking'] })

/** Colours as they are computed; the ratio of WCAG 2.2, of each text that is shown to the ground that is seen behind it. */
export const CONTRASTS = `(() => {
  const rgb = (text) => (text.match(/[\\d.]+/g) ?? []).map(Number)
  const light = ([r, g, b]) => {
    const [x, y, z] = [r, g, b].map((v) => (v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4))
    return 0.2126 * x + 0.7152 * y + 0.0722 * z
  }
  const groundOf = (element) => {
    for (let one = element; one; one = one.parentElement) {
      const colour = rgb(getComputedStyle(one).backgroundColor)
      if (colour[3] !== 0) return colour
    }
    return [255, 255, 255]
  }
  const found = []
  for (const element of document.body.querySelectorAll('*')) {
    const hasText = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim() !== '')
    if (!hasText || element.tagName === 'SCRIPT' || !element.checkVisibility()) continue
    const [a, b] = [light(rgb(getComputedStyle(element).color)), light(groundOf(element))]
    found.push({ ratio: (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05), text: element.className + ' ' + element.textContent.slice(0, 40) })
  }
  return found
})()`
