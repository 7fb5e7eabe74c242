/** An image repository, and perhaps an image in it, as an ARN names it. */
export type RepositoryArn = {
  readonly account: string
  readonly region: string
  readonly repository: string
  readonly digest?: string | undefined
}

const ECR_ARN =
  /^arn:aws[a-z-]*:ecr:([a-z0-9-]{1,32}):(\d{12}):repository\/([a-z0-9._/-]{2,256}?)(?:\/([a-z0-9]+:\w+))?$/

/**
 * Reads `arn:aws:ecr:REGION:ACCOUNT:repository/NAME[/DIGEST]`, of any partition; a name may hold slashes.
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerregistry.html
 */
export function parseRepositoryArn(text: string): RepositoryArn | undefined {
  const [, region, account, repository, digest] = ECR_ARN.exec(text) ?? []
  return region && account && repository ? { account, region, repository, digest } : undefined
}

/** Whether an ARN is of ECR at all; ids of other services (`i-0123`, Azure's) are not. */
export const isEcrArn = (text: unknown): boolean => typeof text === 'string' && /^arn:aws[a-z-]*:ecr:/.test(text)

/** The service that a resource belongs to, in a word: `lambda`, `ec2`, or `another service`. */
export function serviceOf(resource: unknown): string {
  if (typeof resource !== 'string') return 'another service'
  if (/^i-[0-9a-f]+$/.test(resource)) return 'ec2'
  return /^arn:aws[a-z-]*:([a-z0-9-]{1,32}):/.exec(resource)?.[1] ?? 'another service'
}
