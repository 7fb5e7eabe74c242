import { shortDigest } from '../../functions/domain/image.ts'

/** `$5.12`; `under $0.01` for less than a cent. */
export const inDollars = (dollars: number): string =>
  dollars > 0 && dollars < 0.005 ? 'under $0.01' : `$${dollars.toFixed(2)}`

/** Digests in a sentence, short. */
export const withShortDigests = (text: string): string => text.replace(/sha256:[0-9a-f]{64}/g, shortDigest)

/** Its tags, or its digest where it has none. */
export const imageName = ({ tags, digest }: { readonly tags: readonly string[]; readonly digest: string }): string =>
  tags.length === 0 ? shortDigest(digest) : `${tags.slice(0, 2).join(', ')}${tags.length > 2 ? ', …' : ''}`
