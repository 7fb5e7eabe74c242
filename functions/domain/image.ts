/** An image as the registry knows it. The digest is its identity; tags move. */
export type ImageRef = {
  /** 12-digit registry id. */
  readonly account: string
  readonly region: string
  readonly repository: string
  /** `sha256:` and 64 hexadecimal digits. */
  readonly digest: string
  readonly tags: readonly string[]
}

/** One key per image and repository: two repositories with the same digest may have two owners. */
export const imageKey = (image: ImageRef): string =>
  `${image.account}/${image.region}/${image.repository}@${image.digest}`
