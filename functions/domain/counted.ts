/** `1,200`. */
export const grouped = (count: number): string => count.toLocaleString('en-US')

/** `1 image`, `1,200 images`, `2 repositories`. */
export const counted = (count: number, one: string, many = `${one}s`): string =>
  `${grouped(count)} ${count === 1 ? one : many}`
