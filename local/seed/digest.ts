import { createHash } from 'node:crypto'

/** Digest of a text as registries write it: `sha256:` and 64 hexadecimal digits. */
export const digestOf = (text: string): string => `sha256:${createHash('sha256').update(text).digest('hex')}`

/** Digest of the layer of that name. Its bytes are never pulled, so only its name is hashed. */
export const layerDigest = (name: string): string => digestOf(`layer ${name}`)
