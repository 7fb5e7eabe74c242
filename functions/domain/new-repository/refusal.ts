/** An option that cannot be what was meant, as code spells it: `tagExclusions`. `why` and `write` are sentences without a full stop. */
export type Refusal = { readonly prop: string; readonly why: string; readonly write: string }

/** A text as a sentence can bear it. */
export const quoted = (text: string): string => JSON.stringify(text.length > 80 ? `${text.slice(0, 79)}…` : text)

/** A word that is none of those there are: types do not hold for what Node runs as it stands. */
export const wordRefusal = (prop: string, word: string, words: readonly string[]): Refusal | undefined =>
  words.includes(word) ? undefined : { prop, why: `${quoted(word)} is none`, write: `one of ${words.join(', ')}` }
