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

/** `sha256:4a5b6c7d8e9f`: enough to find it, as people compare them. */
export const shortDigest = (digest: string): string => digest.slice(0, 'sha256:'.length + 12)

/** One key per image and repository: two repositories with the same digest may have two owners. */
export const imageKey = (image: ImageRef): string =>
  `${image.account}/${image.region}/${image.repository}@${image.digest}`
