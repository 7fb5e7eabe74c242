const UNITS = ['B', 'kB', 'MB', 'GB', 'TB'] as const

/** Decimal places of the largest unit that keep every byte of what anybody writes. */
const PLACES = 6

/** `500 MB`, `1.5 GB`: decimal units, as ECR bills and as registries show them. */
export const BYTES = /^\d{1,6}(?:\.\d{1,6})? ?(?:B|[kK]B|MB|GB|TB)$/

/** Bytes of a text that `BYTES` takes. */
export function parseBytes(text: string): number {
  const unit = text.replace(/[\d. ]/g, '').toLowerCase()
  const power = UNITS.findIndex((one) => one.toLowerCase() === unit)
  return Math.round(Number.parseFloat(text) * 1_000 ** power)
}

/** The text that `parseBytes` reads as these bytes, in the largest unit that says them in few places. */
export function bytesText(bytes: number): string {
  const texts = UNITS.map((unit, power) => `${Number((bytes / 1_000 ** power).toFixed(PLACES))} ${unit}`)
  return texts.findLast((text) => Number.parseFloat(text) >= 1 && parseBytes(text) === bytes) ?? `${bytes} B`
}

/** `1.4 GB`: measured bytes in three digits. */
export function roughBytes(bytes: number): string {
  let [value, power] = [bytes, 0]
  for (; value >= 999.5 && power < UNITS.length - 1; power++) value /= 1_000
  const places = value >= 99.95 ? 1 : value >= 9.995 ? 10 : 100
  return `${Math.round(value * places) / places} ${UNITS[power]}`
}
