/** It is no SBOM, or cannot be relied upon: a clause with `it` for the document, as `it is not JSON`. */
export class RefusedSbom extends Error {
  override readonly name = 'RefusedSbom'
}
