/** Line and column of an offset in a text, both from 1; of its end for what lies behind it. */
export type Positions = (offset: number) => { readonly line: number; readonly column: number }

/** Counts lines as editors do. The YAML library's own counter misses some of a text that it could not read. */
export function createPositions(text: string): Positions {
  const starts = [0]
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1)
  return (offset) => {
    const inside = Math.min(offset, text.length)
    let [low, high] = [0, starts.length]
    while (high - low > 1) {
      const middle = (low + high) >> 1
      if ((starts[middle] as number) <= inside) low = middle
      else high = middle
    }
    return { line: low + 1, column: inside - (starts[low] as number) + 1 }
  }
}
