/** Rows of a chunk, as a power of two. A column grows by whole chunks: nothing is ever copied into something larger. */
const BITS = 14

export const CHUNK = 1 << BITS

export const chunkOf = (row: number): number => row >>> BITS

export const within = (row: number): number => row & (CHUNK - 1)
