import { END, type Piece, type Scheme } from './key.ts'

const [BEFORE, SERVICE_PACK, OTHER, DASHED, DOTTED] = [-1, 1, 2, 3, 4]

const QUALIFIERS: Readonly<Record<string, Piece>> = {
  alpha: [BEFORE, '0'],
  beta: [BEFORE, '1'],
  milestone: [BEFORE, '2'],
  ...{ rc: [BEFORE, '3'], cr: [BEFORE, '3'] },
  snapshot: [BEFORE, '4'],
  ...{ final: END, ga: END, release: END },
  sp: [SERVICE_PACK],
}

/** Where a number follows at once. */
const SHORT: Readonly<Record<string, string>> = { a: 'alpha', b: 'beta', m: 'milestone' }

/** A separator, a number or a qualifier, and whether a number follows at once. */
const TOKEN = /([.-]?)(?:(\d+)|([^.\d-]+)(?=(\d)?))?/g

function qualifier(text: string, followed: boolean): Piece {
  const word = (followed ? SHORT[text] : undefined) ?? text
  return Object.hasOwn(QUALIFIERS, word) ? (QUALIFIERS[word] as Piece) : [OTHER, word]
}

/** Two tokens without a separator count as dashed. What is empty is a zero. */
function pieces(version: string): Piece[] {
  return [...version.matchAll(TOKEN)].flatMap(([all, separator, number, text, next], index): Piece[] => {
    if (all === '') return []
    if (text !== undefined) return [qualifier(text, next !== undefined)]
    return [[separator === '.' || index === 0 ? DOTTED : DASHED, BigInt(number ?? 0)]]
  })
}

const isNothing = ([rank, value]: Piece): boolean => rank === 0 || value === 0n

/** Whatever is no dotted number begins a group, and nothing is what a group ends with. */
function withoutTrailingNothing(all: readonly Piece[]): Piece[] {
  const kept: Piece[] = []
  for (const piece of all) {
    const begins = piece[0] !== DOTTED
    while (begins && kept.length > 0 && isNothing(kept.at(-1) as Piece)) kept.pop()
    kept.push(piece)
  }
  while (kept.length > 0 && isNothing(kept.at(-1) as Piece)) kept.pop()
  return kept
}

/** Every text is a version of Maven. @see https://maven.apache.org/pom.html#version-order-specification */
export const maven: Scheme = (version) => withoutTrailingNothing(pieces(version.toLowerCase()))
