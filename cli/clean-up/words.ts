/** `1 image`, `1,200 images`. */
export const counted = (count: number, one: string, many = `${one}s`): string =>
  `${count.toLocaleString('en-US')} ${count === 1 ? one : many}`

/** `$5.12`; `under $0.01` for less than a cent. */
export const inDollars = (dollars: number): string =>
  dollars > 0 && dollars < 0.005 ? 'under $0.01' : `$${dollars.toFixed(2)}`

/** `2026-11-28 03:00 UTC` of an ISO instant. */
export const minute = (instant: string): string => `${instant.slice(0, 10)} ${instant.slice(11, 16)} UTC`

/** `sha256:4a5b6c7d8e9f`, as people compare them. */
export const shortDigest = (digest: string): string => digest.slice(0, 'sha256:'.length + 12)

/** Digests in a sentence, short. */
export const withShortDigests = (text: string): string => text.replace(/sha256:[0-9a-f]{64}/g, shortDigest)

/** Its tags, or its digest where it has none. */
export const imageName = ({ tags, digest }: { readonly tags: readonly string[]; readonly digest: string }): string =>
  tags.length === 0 ? shortDigest(digest) : `${tags.slice(0, 2).join(', ')}${tags.length > 2 ? ', …' : ''}`
