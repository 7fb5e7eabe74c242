import type { ImageReference } from './use.ts'

/** `docker pull` takes none of these; Kubernetes and some tools show images with them. */
const SCHEME = /^(?:https?|docker(?:-pullable)?):\/\//

/**
 * A private registry of ECR, in whichever partition and of whichever kind of endpoint.
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/Registries.html
 */
const HOST = /^(?<account>\d{12})\.dkr[.-]ecr(?:-fips)?\.(?<region>[a-z]{2,4}(?:-[a-z0-9]+)+)\.[a-z0-9.-]+(?::\d+)?$/

/** @see https://github.com/distribution/reference/blob/main/regexp.go */
const PATH =
  /^(?<repository>[a-z0-9][a-z0-9._/-]*)(?::(?<tag>\w[\w.-]{0,127}))?(?:@(?<digest>[a-z0-9+._-]+:[0-9a-f]{32,}))?$/

/**
 * An image as anything that runs images names it: `111122223333.dkr.ecr.eu-central-1.amazonaws.com/prod/api:1.4`. Without a tag
 * and a digest it is `latest`; with both, the digest is what is pulled.
 * @returns undefined for what is in no private registry of ECR, or can be pulled by nobody
 */
export function parseReference(text: string): ImageReference | undefined {
  const name = text.trim().replace(SCHEME, '')
  const slash = name.indexOf('/')
  const { account, region } = HOST.exec(name.slice(0, Math.max(slash, 0)).toLowerCase())?.groups ?? {}
  const { repository, tag, digest } = PATH.exec(name.slice(slash + 1))?.groups ?? {}
  if (account === undefined || region === undefined || repository === undefined) return undefined
  return { account, region, repository, tag: tag ?? (digest === undefined ? 'latest' : undefined), digest }
}
