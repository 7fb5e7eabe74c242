const UNITS = ['B', 'kB', 'MB', 'GB', 'TB'] as const

/** Decimal places of the largest unit that keep every byte of what anybody writes. */
const PLACES = 6

/** `500 MB`, `1.5 GB`: decimal units, as ECR bills and as registries show them. */
export const BYTES = /^\d{1,6}(?:\.\d{1,6})? ?(?:B|[kK]B|MB|GB|TB)$/

/** Bytes of a text that `BYTES` takes. */
export function parseBytes(text: string): number {
  const [, amount = '', unit = ''] = /^([\d.]+) ?([A-Za-z]+)$/.exec(text) ?? []
  const power = UNITS.findIndex((one) => one.toLowerCase() === unit.toLowerCase())
  return Math.round(Number(amount) * 1_000 ** power)
}

/** The text that `parseBytes` reads as these bytes, in the largest unit that says them in few places. */
export function bytesText(bytes: number): string {
  const texts = UNITS.map((unit, power) => `${Number((bytes / 1_000 ** power).toFixed(PLACES))} ${unit}`)
  return texts.findLast((text) => Number.parseFloat(text) >= 1 && parseBytes(text) === bytes) ?? `${bytes} B`
}

/** `1.4 GB`: measured bytes in three digits. */
export function roughBytes(bytes: number): string {
  const power = Math.min(UNITS.length - 1, Math.floor(Math.log10(Math.max(bytes, 1)) / 3))
  return `${Number((bytes / 1_000 ** power).toPrecision(3))} ${UNITS[power]}`
}
