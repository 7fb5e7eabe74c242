import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { entry, type SeedImage } from './build.ts'
import { LATER_LEDGER_IMAGES, LEDGER_IMAGES } from './ledger-images.ts'
import { fileOf, SIGNED, type SignedImage } from './signed-files.ts'

const REPOSITORIES = ['api', 'batch', 'vault', 'web'] as const

export const SIGNED_IMAGES: readonly SignedImage[] = REPOSITORIES.flatMap(
  (name) => JSON.parse(readFileSync(join(SIGNED, fileOf(`team-ledger/${name}`)), 'utf8')) as SignedImage[],
)

const attachedTo = (name: string): readonly SeedImage[] =>
  SIGNED_IMAGES.filter(({ image }) => image === name)
    .flatMap(({ attached }) => attached)
    .map(({ tag, pushed, ...kept }) => entry(kept.name, { tags: tag === undefined ? [] : [tag], pushed }, kept))

const withAttached = (images: readonly SeedImage[]): readonly SeedImage[] =>
  images.flatMap((image) => [image, ...attachedTo(image.name)])

/** The images of team-ledger, each before what is attached to it. */
export const SIGNED_BEFORE: readonly SeedImage[] = withAttached(LEDGER_IMAGES)
export const SIGNED_LATER: readonly SeedImage[] = withAttached(LATER_LEDGER_IMAGES)
