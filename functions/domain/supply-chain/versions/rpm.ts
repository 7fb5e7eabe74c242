import { END, type Piece, type Scheme } from './key.ts'

const [TILDE, CARET, TEXT, NUMBER] = [-1, 1, 2, 3]

function piece(token: string): Piece {
  if (token === '~') return [TILDE]
  if (token === '^') return [CARET]
  return /^\d/.test(token) ? [NUMBER, BigInt(token)] : [TEXT, token]
}

/** What is neither letter nor digit parts others, and is not compared. */
const pieces = (text: string): Piece[] => (text.match(/\d+|[a-z]+|[~^]/gi) ?? []).map(piece)

/**
 * Epoch, version and release.
 * @see https://rpm.org/docs/latest/manual/dependencies.html#versioning
 */
export const rpm: Scheme = (evr) => {
  const found = /^(?:(\d+):)?([^:-]+)(?:-([^:-]+))?$/.exec(evr)
  if (!found) return undefined
  const [, epoch = '0', version = '', release = ''] = found
  return [[NUMBER, BigInt(epoch)], ...pieces(version), END, ...pieces(release)]
}
