import type { Licence, Sbom } from '../sbom.ts'

/** Bytes of a package beside its texts, and of a part of a licence, as measured. */
const [PACKAGE, LICENCE] = [150, 64]

const partsOf = (licence: Licence): readonly Licence[] => {
  if ('and' in licence) return licence.and
  return 'or' in licence ? licence.or : []
}

/** About how many bytes of memory an SBOM takes. A licence that several packages share is there once. */
export function weightOf({ packages }: Sbom): number {
  const seen = new Set<Licence>()
  const ofLicence = (licence: Licence): number => {
    if (seen.has(licence)) return 0
    seen.add(licence)
    return partsOf(licence).reduce((sum, part) => sum + ofLicence(part), LICENCE)
  }
  return packages.reduce(
    (sum, { name, version = '', licence }) =>
      sum + PACKAGE + name.length + version.length + (licence ? ofLicence(licence) : 0),
    0,
  )
}
