import type { IRole } from 'aws-cdk-lib/aws-iam'
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager'

/**
 * A secret whose name begins with `ecr-pullthroughcache/`, in the account and region of the stack, or its ARN. In it are `username` and `accessToken`.
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache-creating-secret.html
 */
export type CacheCredentials = ISecret | string

/** Which registry is cached, and what ECR needs for it. */
export type PullThroughCache = {
  /**
   * With which the names of the cached repositories begin: `docker-hub` for `docker-hub/library/alpine`. By default the word that `upstream` has.
   * Of 2 to 30 characters, and neither equal to another one nor inside of it.
   */
  readonly prefix?: string
} & (
  | { readonly upstream: 'ecr-public' | 'kubernetes' | 'quay' }
  | { readonly upstream: 'docker-hub' | 'ghcr' | 'gitlab' | 'chainguard'; readonly credentials: CacheCredentials }
  | {
      readonly upstream: 'azure'
      /** `contoso` of `contoso.azurecr.io`. */
      readonly registryName: string
      readonly credentials: CacheCredentials
    }
  | {
      /** A private registry of ECR, of another account or region. */
      readonly upstream: 'ecr'
      /** Twelve digits; the account of the stack by default. */
      readonly account?: string
      /** The region of the stack by default. */
      readonly region?: string
      /** With which the names of its repositories begin, in place of `prefix`. By default all of them are cached, under their whole names. */
      readonly upstreamRepositoryPrefix?: string
      /**
       * Who pulls from the other account: a role of this account that `pullthroughcache.ecr.amazonaws.com` may take. By default one is made
       * where the account is another one. What it is allowed has to be allowed there, too.
       * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache-private.html
       */
      readonly role?: IRole
    }
)

export type Upstream = PullThroughCache['upstream']

type Known = {
  readonly title: string
  /** Undefined where it is made of more than the upstream. */
  readonly host?: string
  readonly asksWhoPulls: boolean
}

/** What ECR can cache. @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache.html */
export const UPSTREAMS: Readonly<Record<Upstream, Known>> = {
  'docker-hub': { title: 'Docker Hub', host: 'registry-1.docker.io', asksWhoPulls: true },
  ghcr: { title: 'the GitHub Container Registry', host: 'ghcr.io', asksWhoPulls: true },
  gitlab: { title: 'the GitLab Container Registry', host: 'registry.gitlab.com', asksWhoPulls: true },
  azure: { title: 'the Azure Container Registry', asksWhoPulls: true },
  chainguard: { title: 'Chainguard', host: 'cgr.dev', asksWhoPulls: true },
  quay: { title: 'Quay', host: 'quay.io', asksWhoPulls: false },
  'ecr-public': { title: 'ECR Public', host: 'public.ecr.aws', asksWhoPulls: false },
  kubernetes: { title: 'the registry of Kubernetes', host: 'registry.k8s.io', asksWhoPulls: false },
  ecr: { title: 'a private registry of ECR', asksWhoPulls: false },
}
