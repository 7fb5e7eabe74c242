import type { AlertPolicy } from '../domain/alert-policy.ts'
import type { EventPattern, NamedPattern } from '../domain/event-pattern.ts'
import { SEVERITIES, type Severity, toSeverity } from '../domain/severity.ts'
import { wantedSeverities } from './contract.ts'

/** Words for the end of a scan, and for one that has not ended; every other word is a failure, also an unknown one. */
export const COMPLETE: readonly string[] = ['COMPLETE', 'INITIAL_SCAN_COMPLETE', 'ACTIVE']
export const NOT_YET: readonly string[] = ['PENDING', 'IN_PROGRESS', 'IMAGE_ARCHIVED']

/** Every word for a severity that ECR and Inspector document; a rule can only ask for what it can name. */
export const SEVERITY_WORDS: readonly string[] = [...SEVERITIES, 'INFORMAL', 'UNTRIAGED']

/** The words that mean one of the severities. */
const wordsFor = (severities: readonly Severity[]): readonly string[] =>
  SEVERITY_WORDS.filter((word) => severities.includes(toSeverity(word)))

const BASIC = { source: ['aws.ecr'], 'detail-type': ['ECR Image Scan'] } as const

/** Inspector sends the same detail type for Lambda functions, also for one that is called `ecr`, and EC2 instances. */
const ENHANCED = {
  source: ['aws.inspector2'],
  'detail-type': ['Inspector2 Scan'],
  resources: [{ wildcard: 'arn:aws*:ecr:*:*:repository/*' }],
} as const

type Scanner = { readonly id: string; readonly name: string; readonly head: typeof BASIC | typeof ENHANCED }

const SCANNERS: readonly Scanner[] = [
  { id: 'BasicScan', name: 'Basic scan', head: BASIC },
  { id: 'EnhancedScan', name: 'Enhanced scan', head: ENHANCED },
]

/**
 * At least one finding of one of the severities. EventBridge takes an `$or` with a single alternative for the name of
 * a field.
 * @see https://github.com/aws/event-ruler#or-matching
 */
function someOf(words: readonly string[]): EventPattern['detail'] {
  const some = words.map((word) => ({ 'finding-severity-counts': { [word]: [{ numeric: ['>', 0] }] } }))
  return some.length === 1 ? { ...some[0] } : { $or: some }
}

/** No count that we know: none at all, or words that AWS has not documented. EventBridge tells neither from `{}`. */
const NO_COUNTS = {
  'finding-severity-counts': Object.fromEntries(
    [...SEVERITY_WORDS, 'TOTAL'].map((word) => [word, [{ exists: false }]]),
  ),
}

function scanPatterns({ id, name, head }: Scanner, words: readonly string[]): readonly NamedPattern[] {
  return [
    {
      id,
      description: `${name} complete, with findings of ${words.join(', ')}`,
      pattern: { ...head, detail: { 'scan-status': COMPLETE, ...someOf(words) } },
    },
    {
      id: `${id}Uncounted`,
      description: `${name} complete, without a count that has a known name: not clean until it has been looked at`,
      pattern: { ...head, detail: { 'scan-status': COMPLETE, ...NO_COUNTS } },
    },
    {
      id: `${id}Failed`,
      description: `${name} that failed or cannot be done: the image is unknown, not clean`,
      pattern: { ...head, detail: { 'scan-status': [{ 'anything-but': [...COMPLETE, ...NOT_YET] }] } },
    },
  ]
}

/** One event per finding, hundreds after a push: only those of images, as bad as somebody wants to know, still open. */
const findingPattern = (words: readonly string[]): NamedPattern => ({
  id: 'EnhancedFinding',
  description: `Enhanced finding of ${words.join(', ')} in an image, created or updated`,
  pattern: {
    source: ['aws.inspector2'],
    'detail-type': ['Inspector2 Finding'],
    detail: { resources: { type: ['AWS_ECR_CONTAINER_IMAGE'] }, severity: words, status: ['ACTIVE'] },
  },
})

/**
 * The rules of scan-alert, as narrow as the payloads allow: the severities are those that some entry of `alerts` wants.
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/ecr-eventbridge.html
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-scanning-enhanced-events.html
 */
export function scanAlertPatterns(alerts: readonly AlertPolicy[]): readonly NamedPattern[] {
  const words = wordsFor(wantedSeverities(alerts))
  return [...SCANNERS.flatMap((scanner) => scanPatterns(scanner, words)), findingPattern(words)]
}
