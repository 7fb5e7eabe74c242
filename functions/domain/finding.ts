import type { Severity } from './severity.ts'

/** One vulnerability in one package of one image. What a source does not know is `undefined`, never zero. */
export type Finding = {
  /** `CVE-…`, `ALAS-…`, `GHSA-…`. */
  readonly id: string
  readonly severity: Severity
  readonly package: string
  readonly installed?: string | undefined
  /** Version that closes it. */
  readonly fixed?: string | undefined
  /** Where to read about it; anything, not yet checked to be https. */
  readonly url?: string | undefined
  /** CVSS, 0 to 10. */
  readonly score?: number | undefined
  /** Probability of exploitation in the next 30 days, 0 to 1. */
  readonly epss?: number | undefined
  readonly exploit?: boolean | undefined
  /** Running tasks and pods of the image, as Inspector sees them. */
  readonly inUse?: number | undefined
  /** Digest of the layer that brings the package. */
  readonly layer?: string | undefined
}

/** Names the finding within its image, whatever the source calls its parts. */
export const findingKey = (finding: Finding): string => `${finding.id}|${finding.package}`

/** Id and package of a key; an id holds no bar, a package might. */
export function fromFindingKey(key: string): { readonly id: string; readonly package: string } {
  const bar = key.indexOf('|')
  return { id: key.slice(0, bar), package: key.slice(bar + 1) }
}
