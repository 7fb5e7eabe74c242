import { numbersIn, type Piece, type Scheme } from './key.ts'

/** `1.25rc1` is how Go's own releases are written; NuGet has four numbers. */
const VERSION = /^(?:v|go)?(\d+(?:\.\d+)*)(?:-([0-9A-Za-z.-]+)|(rc|beta)(\d+))?(?:\+[0-9A-Za-z.-]+)?$/

const [BEFORE, NUMBER_WITHIN, TEXT_WITHIN, NUMBER] = [-1, 1, 2, 3]

const identifier = (text: string): Piece => (/^\d+$/.test(text) ? [NUMBER_WITHIN, BigInt(text)] : [TEXT_WITHIN, text])

/** @see https://semver.org/#spec-item-11 */
export const semantic: Scheme = (version) => {
  const found = VERSION.exec(version)
  if (!found) return undefined
  const [, numbers = '', before = found.slice(3, 5).filter(Boolean).join('.')] = found
  return [
    ...numbersIn(numbers).map((number): Piece => [NUMBER, number]),
    ...(before ? ([[BEFORE], ...before.split('.').map(identifier)] satisfies Piece[]) : []),
  ]
}
