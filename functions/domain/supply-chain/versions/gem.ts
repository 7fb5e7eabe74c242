import { END, type Piece, type Scheme } from './key.ts'

const VERSION = /^\d+(?:\.[0-9a-z]+)*(?:-[0-9a-z.-]+)?$/i

const [BEFORE, NUMBER] = [-1, 1]

/** A zero is as good as what is no longer there. */
function piece(text: string): Piece {
  if (!/^\d/.test(text)) return [BEFORE, text]
  const number = BigInt(text)
  return number === 0n ? END : [NUMBER, number]
}

/** @see https://docs.ruby-lang.org/en/master/Gem/Version.html */
export const gem: Scheme = (version) => {
  if (!VERSION.test(version)) return undefined
  const pieces = [...version.replaceAll('-', '.pre.').matchAll(/\d+|[a-z]+/gi)].map(([text]) => piece(text))
  const words = pieces.findIndex(([rank]) => rank === BEFORE)
  if (words < 0) return pieces
  const numbers = pieces.slice(0, words)
  // Zeros at the end of the numbers say nothing.
  return [...numbers.slice(0, numbers.findLastIndex(([rank]) => rank === NUMBER) + 1), ...pieces.slice(words)]
}
