/** `a, b, c and 4 more`: names as a sentence can bear them. */
export const listed = (names: readonly string[], most = 5): string =>
  names.length > most ? `${names.slice(0, most).join(', ')} and ${names.length - most} more` : names.join(', ')
