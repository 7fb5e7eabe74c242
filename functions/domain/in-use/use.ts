import type { RegistryRef } from '../facts/registry-facts.ts'

/** An image as something that runs names it; a tag, a digest, or both. */
export type ImageReference = {
  readonly account: string
  readonly region: string
  readonly repository: string
  readonly tag?: string | undefined
  readonly digest?: string | undefined
}

/** Something that runs, or can be started again without a new push, names an image. */
export type Use = {
  readonly image: ImageReference
  /** Who, in words: `ECS task definition web:42`, `Lambda function resize, version 7`. */
  readonly by: string
}

/**
 * What one source said about one account and region. Anything but `complete` blocks whatever the source could have protected:
 * it can name any image of any registry.
 */
export type InUseReport = {
  /** Name of the source: `ecs`, `lambda`, … */
  readonly source: string
  readonly registry: RegistryRef
  readonly uses: readonly Use[]
  /** Why it is not complete, and what to do, in words: `AccessDenied for ecs:ListTasks; …`. Undefined where it is complete. */
  readonly incomplete?: string | undefined
}

/** All that is known to be in use, as of one instant. */
export type Inventory = {
  /** When its reading began. Milliseconds since 1970: what came into use later may be missing. */
  readonly at: number
  readonly reports: readonly InUseReport[]
}

/** Images that the configuration keeps whatever runs. */
export type Pin = {
  readonly repositories: readonly string[]
  /** Patterns of tags, with `*`; an image with a tag that fits one is pinned. */
  readonly tags?: readonly string[] | undefined
  readonly digests?: readonly string[] | undefined
  readonly reason: string
  /** Line in steward.yaml. */
  readonly line: number
}
