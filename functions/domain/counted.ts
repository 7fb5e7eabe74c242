/** `1,200`, of whole numbers. By hand: what Node knows of languages takes 10 ms to load. */
export const grouped = (count: number): string => String(count).replace(/\B(?=(?:\d{3})+$)/g, ',')

/** `1 image`, `1,200 images`, `2 repositories`. */
export const counted = (count: number, one: string, many = `${one}s`): string =>
  `${grouped(count)} ${count === 1 ? one : many}`
