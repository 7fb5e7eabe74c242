/** Edits (insert, delete, replace) that make `b` of `a`. Quadratic: for short texts. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (const [i, left] of [...a].entries()) {
    const next = [i + 1]
    for (const [j, right] of [...b].entries()) {
      next.push(Math.min((row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1, (row[j] ?? 0) + Number(left !== right)))
    }
    row = next
  }
  return row.at(-1) ?? 0
}

/** The one of `words` that is meant by `text`, case aside, if any is within a third of its letters. */
export function nearest(text: string, words: readonly string[]): string | undefined {
  const [best] = words
    .map((word) => ({ word, edits: distance(text.slice(0, 64).toLowerCase(), word.toLowerCase()) }))
    .sort((a, b) => a.edits - b.edits)
  return best && best.edits <= best.word.length / 3 ? best.word : undefined
}
