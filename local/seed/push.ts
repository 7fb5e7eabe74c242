import type { LocalAws } from '../aws/server.ts'
import type { SeedImage } from './build.ts'

/** Pushes an image with what it is made of, under each of its tags. */
export function pushImage({ ecr }: LocalAws, { repository, tags, text, mediaType, pushed, blobs }: SeedImage): void {
  for (const blob of blobs) ecr.putBlob(repository, blob)
  const image = {
    repositoryName: repository,
    imageManifest: text,
    imageManifestMediaType: mediaType,
    pushedAt: new Date(pushed),
  }
  if (tags.length === 0) ecr.putImage(image)
  for (const imageTag of tags) ecr.putImage({ ...image, imageTag })
}
