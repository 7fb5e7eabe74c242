import type { AttachedSbom, ImageSboms } from '../attached.ts'
import type { IndexedImage, IndexedPackage, Without } from './entry.ts'

/** What is known to be in an image or in one platform of it; a package may be there several times. */
export type KnownContents = Pick<IndexedImage, 'manifest' | 'platform'> & {
  readonly contents: { readonly packages: readonly IndexedPackage[] } | Without
}

type OfManifest = ImageSboms['manifests'][number]

/** Why nothing is known of an image that carries no SBOM. */
export const NONE = 'it has no SBOM'

/** An SBOM that names what it is about has to name this image. @param digests of the manifest, and of its index */
const isAbout = (about: readonly string[], digests: readonly string[]): boolean =>
  about.length === 0 || digests.some((digest) => about.includes(digest))

function whyNone({ sboms, unread }: OfManifest): string {
  if (unread > 0) return 'more is attached to it than is read'
  const [first] = sboms
  if (first === undefined) return NONE
  return 'refused' in first ? `its SBOM cannot be read: ${first.refused}` : 'its SBOM is about another image'
}

/** What all of its SBOMs say together, whoever signed them: of two that differ, each may know what the other missed. */
function contentsOf(one: OfManifest, index: string): KnownContents['contents'] {
  const read = one.sboms.filter(
    (sbom): sbom is Extract<AttachedSbom, { readonly sbom: unknown }> =>
      'sbom' in sbom && isAbout(sbom.sbom.about, [one.digest, index]),
  )
  if (read.length === 0) return { without: whyNone(one) }
  return { packages: read.flatMap(({ sbom }) => sbom.packages) }
}

const isKnown = ({ contents }: KnownContents): boolean => 'packages' in contents

/**
 * What the SBOMs of an image say is in it. Of an index that is each platform by itself, and the index where something is
 * attached to it: that is taken to be about all platforms that have no SBOM of their own.
 */
export function contentsOfImage({ isIndex, manifests }: ImageSboms): readonly KnownContents[] {
  const [own, ...others] = manifests
  if (!own) return [{ contents: { without: NONE } }]
  const whole: KnownContents = { contents: contentsOf(own, own.digest) }
  if (!isIndex || others.length === 0) return [whole]
  const platforms = others.map(
    (one): KnownContents => ({
      manifest: one.digest,
      ...(one.platform !== undefined && { platform: one.platform }),
      contents: contentsOf(one, own.digest),
    }),
  )
  return isKnown(whole) ? [whole, ...platforms.filter(isKnown)] : platforms
}
