import type { EventPattern, NamedPattern } from '../domain/event-pattern.ts'
import { type PolicyEntry, type RegistryPolicy, registryRulesOf } from '../domain/policy.ts'
import { ruleOf } from '../domain/rulebook.ts'
import { REGISTRY_CALLS, REPOSITORY_CALLS } from './contract.ts'

const ofEcr = (detailType: string, detail: EventPattern['detail']): EventPattern => ({
  source: ['aws.ecr'],
  'detail-type': [detailType],
  detail,
})

/** Words that say that nothing is amiss, or not yet; every other word is a failure, also an unknown one. */
export const ARRIVED: readonly string[] = ['SUCCESS', 'COMPLETE', 'IN_PROGRESS', 'PENDING']

const failed = { 'anything-but': ARRIVED }

/**
 * What ECR says of itself, whether or not a rule is in force. A frequency is less than before only where it is not the
 * highest now, and was not the lowest; the function compares the two.
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/ecr-eventbridge.html
 */
const INCIDENTS: readonly NamedPattern[] = [
  {
    id: 'ScanningWeakened',
    description: 'Repositories may be scanned less often than before',
    pattern: ofEcr('ECR Scan Resource Change', {
      repositories: {
        'scan-frequency': [{ 'anything-but': ['CONTINUOUS_SCAN'] }],
        'previous-scan-frequency': [{ 'anything-but': ['MANUAL'] }],
      },
    }),
  },
  {
    id: 'ReplicationFailed',
    description: 'An image could not be replicated into this registry',
    pattern: ofEcr('ECR Replication Action', { result: [failed] }),
  },
  {
    id: 'CacheFailed',
    description: 'An image could not be brought into the pull-through cache',
    pattern: ofEcr('ECR Pull Through Cache Action', { 'sync-status': [failed] }),
  },
]

/**
 * Calls that were not refused. They come where a trail logs them: docs/cloudtrail.md.
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html
 */
const callsOf = (id: string, what: string, calls: readonly string[]): NamedPattern => ({
  id,
  description: `Somebody changed ${what}, as CloudTrail says`,
  pattern: ofEcr('AWS API Call via CloudTrail', {
    eventSource: ['ecr.amazonaws.com'],
    eventName: [...calls],
    errorCode: [{ exists: false }],
  }),
})

/** Changes of repositories, by whoever made them. */
export const REPOSITORY_CHANGED = callsOf('RepositoryChanged', 'a repository', REPOSITORY_CALLS)

const hasRulesOnRepositories = (policy: readonly PolicyEntry[]): boolean =>
  policy.some(({ rules }) => rules.some(({ rule, mode }) => mode !== 'off' && ruleOf(rule)?.about === 'repository'))

/** The rules of watch: what ECR did not do, and changes to what rules are in force for. */
export const watchPatterns = (policy: readonly PolicyEntry[], registry: RegistryPolicy): readonly NamedPattern[] => [
  ...INCIDENTS,
  ...(hasRulesOnRepositories(policy) ? [REPOSITORY_CHANGED] : []),
  ...(registryRulesOf(registry).length > 0 ? [callsOf('RegistryChanged', 'the registry', REGISTRY_CALLS)] : []),
]
