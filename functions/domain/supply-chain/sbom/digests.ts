/** Also within a package URL, where a colon may be escaped. */
const DIGEST = /sha256(?::|%3a)([0-9a-f]{64})(?![0-9a-f])/gi

/** Digests (`sha256:…`) that stand in these texts, each once. */
export const digestsIn = (texts: readonly (string | undefined)[]): string[] => [
  ...new Set(
    texts.flatMap((text = '') => [...text.matchAll(DIGEST)].map(([, hex = '']) => `sha256:${hex.toLowerCase()}`)),
  ),
]

/** As SPDX spells it, and CycloneDX. */
const SHA256 = /^sha-?256$/i

/** A checksum as `digestsIn` finds it; undefined where it is of another algorithm. */
export const checksum = (algorithm = '', value = ''): string | undefined =>
  SHA256.test(algorithm) ? `sha256:${value}` : undefined
