import type * as ecr from '@aws-sdk/client-ecr'
import { AwsError } from '../error.ts'
import type { Handler } from '../service.ts'
import { page } from './page.ts'
import type { Registry } from './state.ts'

const MOST_EXCLUSIONS = 100

const notFound = (principal: string): AwsError =>
  new AwsError('ExclusionNotFoundException', `The pull time update exclusion for '${principal}' was not found.`)

/** Whether a principal of IAM is excluded; a session is what its role is. */
export function isExcluded({ exclusions }: Registry, principalArn: string): boolean {
  const [, account, role] = /^arn:aws[a-z-]*:sts::(\d{12}):assumed-role\/([^/]+)\//.exec(principalArn) ?? []
  if (role === undefined) return exclusions.has(principalArn)
  const isIt = (arn: string): boolean => arn.includes(`:iam::${account}:role/`) && arn.endsWith(`/${role}`)
  return [...exclusions.keys()].some(isIt)
}

function register(registry: Registry, { principalArn = '' }: ecr.RegisterPullTimeUpdateExclusionRequest) {
  const { exclusions } = registry
  if (exclusions.has(principalArn))
    throw new AwsError(
      'ExclusionAlreadyExistsException',
      `The pull time update exclusion for '${principalArn}' already exists.`,
    )
  if (exclusions.size >= MOST_EXCLUSIONS)
    throw new AwsError('LimitExceededException', `A registry can have at most ${MOST_EXCLUSIONS} exclusions.`)
  const createdAt = registry.now()
  exclusions.set(principalArn, createdAt)
  return { principalArn, createdAt }
}

/** @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-time-update-exclusions.html */
export const pullExclusionHandlers = (registry: Registry): Record<string, Handler> => ({
  RegisterPullTimeUpdateExclusion: (input: ecr.RegisterPullTimeUpdateExclusionRequest) => register(registry, input),
  DeregisterPullTimeUpdateExclusion: ({ principalArn = '' }: ecr.DeregisterPullTimeUpdateExclusionRequest) => {
    if (!registry.exclusions.delete(principalArn)) throw notFound(principalArn)
    return { principalArn }
  },
  ListPullTimeUpdateExclusions: (input: ecr.ListPullTimeUpdateExclusionsRequest) => {
    const arns = [...registry.exclusions.keys()].sort()
    const { items, nextToken } = page(arns, (arn) => arn, 'ListPullTimeUpdateExclusions', input)
    return { pullTimeUpdateExclusions: items, nextToken }
  },
})
