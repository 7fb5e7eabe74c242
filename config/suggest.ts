import leven from 'leven'

const LONGEST = 60
const MOST_NAMED = 10

/** `one of a, b, c`; a single one stands alone. */
export function oneOf(words: readonly string[]): string {
  const more = words.length > MOST_NAMED ? ` and ${words.length - MOST_NAMED} more` : ''
  return `${words.length > 1 ? 'one of ' : ''}${words.slice(0, MOST_NAMED).join(', ')}${more}`
}

/** Letters that are enough for a beginning. */
const BEGINNING = 3

/**
 * A candidate with a prefix may be meant without it: `security` is near to `slack:security`. Its beginning is near too:
 * `tag-imm` to `tag-immutability`.
 */
const distance = (word: string, candidate: string): number =>
  word.length >= BEGINNING && candidate.startsWith(word)
    ? 1
    : Math.min(leven(word, candidate), leven(word, candidate.slice(candidate.indexOf(':') + 1)))

/** `. Did you mean HIGH?`, or nothing where no candidate is near. Case is no difference. */
export function didYouMean(word: unknown, candidates: readonly string[]): string {
  if (typeof word !== 'string' || word.length > LONGEST) return ''
  const ranked = candidates
    .map((candidate) => ({ candidate, distance: distance(word.toLowerCase(), candidate.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance)
  const [best] = ranked
  return best && best.distance <= Math.ceil(word.length / 3) ? `. Did you mean ${best.candidate}?` : ''
}
