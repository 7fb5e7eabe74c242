import type { Artifact, ImageManifest, PlatformManifest } from '../../domain/facts/image-facts.ts'
import { shortDigest } from '../../domain/image.ts'
import { Unreadable } from '../../faults.ts'
import { unreadable } from './json.ts'
import { MANIFEST_LIMIT, type Member, type Opened, type OpenedImage, openManifest } from './manifest.ts'

/** Manifests that one call of BatchGetImage brings. */
const MEMBERS = 100
/** Bytes of all manifests of an index together: that many must fit into one answer, twice. */
const TOTAL = 4 * MANIFEST_LIMIT

/** Every image that a digest stands for, or the artifact that it is. */
export type Images = { readonly kind: 'image'; readonly images: readonly OpenedImage[] } | Artifact

/** No runtime asks for such a platform: BuildKit's attestations have it. @see https://docs.docker.com/build/metadata/attestations/attestation-storage/ */
const isRunnable = ({ platform }: Member): boolean => platform !== 'unknown/unknown'

/** The members of an index that have to be read. @throws {Unreadable} where they are too many or too large */
export function membersToRead(members: readonly Member[]): readonly Member[] {
  if (members.length > MEMBERS) throw unreadable(`its index lists more than ${MEMBERS} manifests`)
  const runnable = members.filter(isRunnable)
  if (runnable.length === 0) throw unreadable('its index lists no platform')
  if (runnable.some(({ size }) => size > MANIFEST_LIMIT))
    throw unreadable('its index lists a manifest of more than 4 MiB')
  if (runnable.reduce((sum, { size }) => sum + size, 0) > TOTAL)
    throw unreadable('its index lists manifests of more than 16 MiB together')
  return runnable
}

function openMember({ digest, platform }: Member, text: string | undefined): Opened {
  const name = platform ?? shortDigest(digest)
  // Just pushed, it may not show yet.
  if (text === undefined) throw new Unreadable(`${name} of its index is not in the repository`, false, undefined)
  const opened = openManifest(text, digest)
  if (opened.kind === 'index') throw unreadable(`${name} of its index is an index itself, which is not followed`)
  return opened.kind === 'image' ? { ...opened, platform } : opened
}

/**
 * The images of an index; what else it lists, such as attestations, is left out.
 * @param texts manifests by digest
 * @throws {Unreadable} where one cannot be relied upon
 */
export function imagesOf(members: readonly Member[], texts: ReadonlyMap<string, string>): Images {
  const opened = members.map((member) => openMember(member, texts.get(member.digest)))
  const images = opened.filter((one): one is OpenedImage => one.kind === 'image')
  // As registries without referrers keep signatures and SBOMs.
  return images.length > 0 ? { kind: 'image', images } : { kind: 'artifact', what: 'an index of artifacts' }
}

const withoutConfiguration = ({ kind: _, configuration: __, ...platform }: OpenedImage): PlatformManifest => platform

/** As facts have it. */
export const manifestOf = (opened: Images): ImageManifest =>
  opened.kind === 'artifact' ? opened : { kind: 'image', platforms: opened.images.map(withoutConfiguration) }
