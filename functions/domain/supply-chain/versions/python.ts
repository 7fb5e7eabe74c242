import { numbersIn, type Piece, type Scheme } from './key.ts'

const VERSION = new RegExp(
  [
    String.raw`^v?(?:(\d+)!)?(\d+(?:\.\d+)*)`,
    String.raw`(?:[-_.]?(alpha|a|beta|b|preview|pre|c|rc)[-_.]?(\d*))?`,
    String.raw`(?:-(\d+)|[-_.]?(?:post|rev|r)[-_.]?(\d*))?`,
    String.raw`(?:[-_.]?(dev)[-_.]?(\d*))?`,
    String.raw`(?:\+([a-z0-9]+(?:[-_.][a-z0-9]+)*))?$`,
  ].join(''),
)

const [DEV, LOCAL_TEXT, LOCAL_NUMBER, POST, NUMBER] = [-4, 1, 2, 3, 4]
/** By the first letter; `pre` and `c` are other words for `rc`. */
const BEFORE: Readonly<Record<string, number>> = { a: -3, b: -2, c: -1, p: -1, r: -1 }

const local = (text: string): Piece => (/^\d+$/.test(text) ? [LOCAL_NUMBER, BigInt(text)] : [LOCAL_TEXT, text])

/** @see https://packaging.python.org/en/latest/specifications/version-specifiers/ */
export const python: Scheme = (version) => {
  const found = VERSION.exec(version.toLowerCase())
  if (!found) return undefined
  const [, epoch = '0', numbers = '', letter, before, postNumber, post, dev, devNumber, own] = found
  return [
    [NUMBER, BigInt(epoch)],
    ...numbersIn(numbers).map((number): Piece => [NUMBER, number]),
    ...(letter ? [[BEFORE[letter.charAt(0)] as number, BigInt(before || 0)] as const] : []),
    ...(postNumber !== undefined || post !== undefined ? [[POST, BigInt(postNumber ?? (post || 0))] as const] : []),
    ...(dev ? [[DEV, BigInt(devNumber || 0)] as const] : []),
    ...(own?.split(/[-_.]/).map(local) ?? []),
  ]
}
