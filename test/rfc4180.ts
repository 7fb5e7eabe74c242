/** A second reading of RFC 4180, letter by letter: rows of cells. */
export function rows(text: string): string[][] {
  const all: string[][] = [[]]
  let cell = ''
  let quoted = false
  for (let n = 0; n < text.length; n++) {
    const letter = text[n]
    if (quoted && letter === '"' && text[n + 1] === '"') cell += text[n++]
    else if (letter === '"') quoted = !quoted
    else if (!quoted && letter === ',') cell = all.at(-1)?.push(cell) ? '' : cell
    else if (!quoted && letter === '\r') {
      all.at(-1)?.push(cell)
      all.push([])
      cell = ''
      n++
    } else cell += letter
  }
  return all.slice(0, -1)
}

/** Rows by the names of the first one. */
export function table(text: string): readonly Readonly<Record<string, string | undefined>>[] {
  const [heads = [], ...lines] = rows(text)
  return lines.map((cells) => Object.fromEntries(heads.map((head, n) => [head, cells[n]])))
}
