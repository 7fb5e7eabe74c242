import { END, type Piece, type Scheme } from './key.ts'

const [WORD_AT_ONCE, NUMBER_AT_ONCE, WORD, NUMBER] = [-1, 1, 2, 3]

/** A word that follows a number at once is of before a release, as `1.0rc1` is; behind a separator it comes after. */
function piece([, separator, number, word]: RegExpMatchArray, index: number): Piece {
  const isAtOnce = separator === '' && index > 0
  if (number !== undefined) return [isAtOnce ? NUMBER_AT_ONCE : NUMBER, BigInt(number)]
  return [isAtOnce ? WORD_AT_ONCE : WORD, word]
}

const pieces = (text: string): Piece[] => [...text.matchAll(/([^a-z\d]*)(?:(\d+)|([a-z]+))/gi)].map(piece)

/**
 * Epoch, version and release. Separators of several characters are taken as one.
 * @see https://man.archlinux.org/man/vercmp.8
 */
export const arch: Scheme = (evr) => {
  const found = /^(?:(\d+):)?([^:-]+)(?:-([^:-]+))?$/.exec(evr)
  if (!found) return undefined
  const [, epoch = '0', version = '', release = ''] = found
  return [[NUMBER, BigInt(epoch)], ...pieces(version), END, ...pieces(release)]
}
