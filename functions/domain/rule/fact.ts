/** Something that was read from AWS, or in words why it could not be. */
export type Fact<T> = { readonly value: T } | { readonly unread: string }

export const known = <T>(value: T): Fact<T> => ({ value })

export const unread = (why: string): Fact<never> => ({ unread: why })

/** One fact for each value. */
export type Facts<V> = { readonly [K in keyof V]: Fact<V[K]> }
