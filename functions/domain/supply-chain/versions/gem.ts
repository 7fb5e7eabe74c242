import type { Piece, Scheme } from './key.ts'

const VERSION = /^\d+(?:\.[0-9a-z]+)*(?:-[0-9a-z.-]+)?$/i

const [BEFORE, NUMBER] = [-1, 1]

const isZero = ([rank, value]: Piece): boolean => rank === NUMBER && value === 0n

/** @see https://docs.ruby-lang.org/en/master/Gem/Version.html */
export const gem: Scheme = (version) => {
  if (!VERSION.test(version)) return undefined
  const kept: Piece[] = []
  for (const [text] of version.replaceAll('-', '.pre.').matchAll(/\d+|[a-z]+/gi)) {
    const piece: Piece = /^\d/.test(text) ? [NUMBER, BigInt(text)] : [BEFORE, text]
    while (piece[0] === BEFORE && kept.length > 0 && isZero(kept.at(-1) as Piece)) kept.pop()
    kept.push(piece)
  }
  while (kept.length > 0 && isZero(kept.at(-1) as Piece)) kept.pop()
  return kept
}
