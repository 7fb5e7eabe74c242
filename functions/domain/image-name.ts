/** What a name of an image is made of; a tag or a digest must not hold a slash. */
const NAME = /^(?<path>[\w.-]+(?::\d+(?=\/))?(?:\/[\w.-]+)*?)(?::(?<tag>[\w.-]+))?(?<digest>@sha256:[0-9a-f]{64})?$/i

/** Registries of the same images: official ones are called by their name alone. */
const OFFICIAL =
  /^(?:(?:index\.|registry-1\.)?docker\.io\/(?:library\/)?|library\/|public\.ecr\.aws\/(?:docker\/library|amazonlinux)\/)/

/** A private registry of ECR. @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/Registries.html */
const PRIVATE = /^\d{12}\.dkr[.-]ecr(?:-fips)?\.[a-z0-9-]+\.(?:amazonaws\.com(?:\.cn)?|on\.aws)\//

/** In a pull-through cache, what Docker Hub calls `library/node`. */
const CACHED = /^(?:[\w.-]+\/)+library\//

/** As many characters as any registry would take. */
const LONGEST = 512

/** A name without its tag and digest: `registry.example/team/web`. Undefined for what is no name. */
export const untagged = (name: string): string | undefined =>
  (name.length <= LONGEST ? NAME.exec(name)?.groups : undefined)?.path

/** The repository that a name without tag means in a private registry of ECR, whosever; undefined for one elsewhere. */
export const privateRepository = (path: string): string | undefined =>
  PRIVATE.test(path) ? path.replace(PRIVATE, '') : undefined

/**
 * The name of an image as people write it: `node:22-slim` for `docker.io/library/node:22-slim`, `base/node:22` for one in a
 * private registry of ECR. Without a tag it is `latest`, unless a digest says which it is.
 * @returns undefined for what is no name
 */
export function commonName(name: string): string | undefined {
  const { path, tag, digest } = (name.length <= LONGEST ? NAME.exec(name)?.groups : undefined) ?? {}
  if (path === undefined) return undefined
  const isPrivate = PRIVATE.test(path)
  const short = path.replace(PRIVATE, '').replace(OFFICIAL, '')
  const common = isPrivate ? short.replace(CACHED, '') : short
  if (tag !== undefined) return `${common}:${tag}`
  return digest !== undefined || common === 'scratch' ? common : `${common}:latest`
}
