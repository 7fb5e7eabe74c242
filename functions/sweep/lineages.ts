import { type Lineage, lineageOf } from '../domain/ancestry/lineage.ts'
import type { ImageContent, ImageScan } from '../domain/facts/image-facts.ts'
import type { Fact } from '../domain/rule/fact.ts'
import type { AnyFacts } from '../domain/rule/rule.ts'
import { Gone, Unreadable } from '../faults.ts'
import type { ListedImage, RepositoryImages } from '../judging/repository-images.ts'

/** What images of a repository are made of, as far as something comes of knowing it. */
export type Lineages = {
  /** Notes an image whose scan says of a finding which layer brings it, or upon which others may be built. */
  readonly note: (image: ListedImage, facts: AnyFacts) => void
  /**
   * Reads what was noted since the last time: of a hundred images one call.
   * @param areKnown whether the manifests of all images were read before: then none
   */
  readonly read: (images: RepositoryImages, areKnown: boolean) => Promise<void>
  readonly of: (digest: string) => Lineage | undefined
}

/** Whether it takes part: basic scanning says nothing of layers. */
function isWanted({ platforms }: ImageScan, isBase: boolean): boolean {
  return platforms.some(({ saysFixes, findings }) => (isBase && saysFixes) || findings.some(({ layer }) => layer))
}

/** What cannot be read is not known; an image that is gone was judged before. */
async function readOne(images: RepositoryImages, { ref }: ListedImage): Promise<Lineage | undefined> {
  try {
    const manifest = await images.reader.manifest(ref)
    return manifest.kind === 'image' ? lineageOf(manifest.platforms) : undefined
  } catch (error) {
    if (error instanceof Unreadable || error instanceof Gone) return undefined
    throw error
  }
}

/** @param isBase whether the repository holds images that others are built upon: of these the clean ones are known too */
export function createLineages(isBase: boolean): Lineages {
  const known = new Map<string, Lineage>()
  let noted: ListedImage[] = []
  return {
    note(image, { scan, content }) {
      const [scanned, opened] = [scan as Fact<ImageScan>, content as Fact<ImageContent> | undefined]
      if (!('value' in scanned) || !isWanted(scanned.value, isBase)) return
      const labelled = opened && 'value' in opened && opened.value.kind === 'image' ? opened.value.platforms : undefined
      if (labelled) known.set(image.ref.digest, lineageOf(labelled))
      else noted.push(image)
    },
    async read(images, areKnown) {
      const some = noted
      noted = []
      if (some.length === 0) return
      if (!areKnown) await images.prepare(some, true)
      for (const image of some) {
        const lineage = await readOne(images, image)
        if (lineage) known.set(image.ref.digest, lineage)
      }
    },
    of: (digest) => known.get(digest),
  }
}
