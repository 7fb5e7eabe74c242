import type * as ecr from '@aws-sdk/client-ecr'
import { invalidParameter } from '../complaints.ts'

type Mutability = Pick<ecr.CreateRepositoryRequest, 'imageTagMutability' | 'imageTagMutabilityExclusionFilters'>

const MOST_WILDCARDS = 2
const FILTERS = 'imageTagMutabilityExclusionFilters'

/**
 * Exclusion filters come with a mutability that has exclusions, and with no other; each has at most two wildcards.
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-tag-mutability.html
 * @throws AwsError InvalidParameterException
 */
export function checkMutability({ imageTagMutability: mode, imageTagMutabilityExclusionFilters: filters }: Mutability) {
  const hasExclusions = mode?.endsWith('_WITH_EXCLUSION') ?? false
  if (hasExclusions && !filters)
    throw invalidParameter(
      FILTERS,
      `ImageTagMutabilityExclusionFilters can't be null when imageTagMutability is set as ${mode}`,
    )
  if (!hasExclusions && filters)
    throw invalidParameter(
      FILTERS,
      `ImageTagMutabilityExclusionFilters must be null when imageTagMutability is set as ${mode ?? 'MUTABLE'}`,
    )
  for (const { filter = '' } of filters ?? [])
    if (filter.split('*').length - 1 > MOST_WILDCARDS)
      throw invalidParameter('filter', `must have at most ${MOST_WILDCARDS} wildcards`)
}
