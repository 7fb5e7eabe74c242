import type { ImageRef } from '../domain/image.ts'
import { Gone } from '../faults.ts'
import { openManifest } from '../policy/image/manifest.ts'
import { type Images, imagesOf, membersToRead } from '../policy/image/platforms.ts'
import type { Manifests } from './ecr-manifests.ts'

/**
 * What a digest is of, by its manifest; of an index, by those of its members, which one more call has.
 * @throws {Unreadable}
 * @throws {Gone}
 */
export async function imagesIn(manifests: Manifests, image: ImageRef): Promise<Images> {
  const text = (await manifests(image, [image.digest])).get(image.digest)
  if (text === undefined) throw new Gone('the image is not there')
  const opened = openManifest(text, image.digest)
  if (opened.kind === 'artifact') return opened
  if (opened.kind === 'image') return { kind: 'image', images: [opened] }
  const members = membersToRead(opened.members)
  return imagesOf(members, await manifests(image, [...new Set(members.map(({ digest }) => digest))]))
}
