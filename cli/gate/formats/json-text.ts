/** What JSON leaves as it is and nobody would see: it moves the cursor of a terminal, or makes a line read as what it is not. */
const UNSEEN = /[\u007f-\u009f\p{Cf}\p{Zl}\p{Zp}]/gu

const escaped = (letter: string): string =>
  Array.from({ length: letter.length }, (_, n) => `\\u${letter.charCodeAt(n).toString(16).padStart(4, '0')}`).join('')

/** JSON that is read as it was, and in which everything is seen. */
export const jsonText = (value: unknown, indent?: number): string =>
  JSON.stringify(value, undefined, indent).replace(UNSEEN, escaped)
