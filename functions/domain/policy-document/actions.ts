import { ANY, fits, ONE, type Token } from '../wildcard.ts'
import type { Patterns } from './parse.ts'

const tokensOf = (pattern: string): Token[] =>
  pattern.split('').map((character) => {
    if (character === '*') return ANY
    return character === '?' ? ONE : character
  })

/**
 * Whether an action, such as `ecr:PutImage`, is one of those. Case does not count.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html
 */
export const includesAction = ({ negated, patterns }: Patterns, action: string): boolean =>
  patterns.some((pattern) => fits(tokensOf(pattern.toLowerCase()), action.toLowerCase())) !== negated

/** Whether every action of ECR is one of those. */
export const includesAll = ({ negated, patterns }: Patterns): boolean =>
  !negated && patterns.some((pattern) => ['*', 'ecr:*'].includes(pattern.toLowerCase()))

/** As they are written, for comparing and for showing. */
export const writtenActions = ({ negated, patterns }: Patterns): readonly string[] =>
  negated ? [`everything but ${patterns.join(', ')}`] : patterns

/** What it takes to pull an image, and to find it. */
export const PULL: ReadonlySet<string> = new Set([
  'ecr:batchchecklayeravailability',
  'ecr:batchgetimage',
  'ecr:getdownloadurlforlayer',
  'ecr:describeimages',
  'ecr:listimages',
])

/** What it takes to push one, beside pulling. @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-push-iam.html */
export const PUSH: ReadonlySet<string> = new Set([
  'ecr:completelayerupload',
  'ecr:initiatelayerupload',
  'ecr:putimage',
  'ecr:uploadlayerpart',
])

/** What it takes to replicate into a registry. */
export const REPLICATE: ReadonlySet<string> = new Set(['ecr:createrepository', 'ecr:replicateimage'])
