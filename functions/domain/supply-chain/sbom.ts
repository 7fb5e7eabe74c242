/**
 * A licence expression, taken apart: `MIT OR (Apache-2.0 AND BSD-3-Clause)`.
 * @see https://spdx.github.io/spdx-spec/v2.3/SPDX-license-expressions/
 */
export type Licence =
  | {
      readonly id: string
      readonly exception?: string | undefined /** `GPL-2.0+` */
      readonly orLater?: true | undefined
    }
  | { readonly and: readonly Licence[] }
  | { readonly or: readonly Licence[] }
  /** What is no expression of SPDX, as it stands there. */
  | { readonly unread: string }

/** A package within an image, as its SBOM names it. Anything may stand in it: escape where shown. */
export type SbomPackage = {
  /** With the namespace of its ecosystem, as its users write it: `@babel/core`, `org.apache.logging.log4j/log4j-core`. */
  readonly name: string
  /** Undefined where the SBOM does not say it. */
  readonly version?: string | undefined
  /** Type of its package URL: `npm`, `maven`, `pypi`, `deb`, `rpm`, `apk`, `golang`; undefined where it has none. */
  readonly ecosystem?: string | undefined
  /** Undefined where the SBOM does not say it, or says `NOASSERTION`. */
  readonly licence?: Licence | undefined
}

/** What is used of an SBOM, whichever its format. */
export type Sbom = {
  /** `SPDX 2.3`, `CycloneDX 1.6`. */
  readonly format: string
  /** Digests (`sha256:…`) that it says it is about; empty where it does not say so. */
  readonly about: readonly string[]
  readonly packages: readonly SbomPackage[]
  /** ISO 8601 instant at which it was made. */
  readonly created?: string | undefined
  /** `syft 1.4.1`. */
  readonly tool?: string | undefined
}
