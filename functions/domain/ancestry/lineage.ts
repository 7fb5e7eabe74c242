import type { PlatformImage, PlatformManifest } from '../facts/image-facts.ts'
import { commonName } from '../image-name.ts'
import { BASE_NAME } from './ancestor.ts'

/** What an image is made of, as a record holds it. */
export type Lineage = {
  /** Of each platform the ids of its layers, lowest first. */
  readonly platforms: readonly (readonly string[])[]
  /** What it is built upon, as its annotation or label says: `node:22-slim`. */
  readonly base?: string
}

/** 16 of the 64 digits of a digest: no two layers of any estate have the same, and an image has many. */
export const layerId = (digest: string): string => digest.slice('sha256:'.length, 'sha256:'.length + 16)

/** What the platform says itself, before a label that it may have from its base. */
const baseOf = ({ annotations, ...image }: PlatformManifest | PlatformImage): string | undefined =>
  annotations[BASE_NAME] ?? ('config' in image ? image.config.labels[BASE_NAME] : undefined)

/** @param platforms with their configurations where these were read: labels are in them */
export function lineageOf(platforms: readonly (PlatformManifest | PlatformImage)[]): Lineage {
  const base = commonName(platforms.map(baseOf).find((name) => name !== undefined) ?? '')
  return { platforms: platforms.map(({ layers }) => layers.map(layerId)), ...(base !== undefined && { base }) }
}
