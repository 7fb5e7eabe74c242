import type { EventPattern } from 'aws-cdk-lib/aws-events'
import type { AlertPolicy } from '../functions/domain/alert-policy.ts'
import { wantedSeverities } from '../functions/scan-alert/contract.ts'

/** A rule by what it is for. */
export type NamedPattern = { readonly id: string; readonly description: string; readonly pattern: EventPattern }

const SCANNING = ['IN_PROGRESS', 'PENDING']

/** ARNs of ECR repositories in every partition; the same detail types are sent for Lambda functions and EC2 instances. */
const REPOSITORIES = [{ wildcard: 'arn:aws*:ecr:*:*:repository/*' }]

/** At least one finding of one of the severities. An event leaves out the severities that have none. */
const someOf = (severities: readonly string[]) => ({
  $or: severities.map((severity) => ({ 'finding-severity-counts': { [severity]: [{ numeric: ['>', 0] }] } })),
})

/**
 * The rules of scan-alert, as narrow as the payloads allow: the severities are those that some entry of `alerts` wants.
 * A severity that AWS has not documented cannot be named by a rule.
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/ecr-eventbridge.html
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-scanning-enhanced-events.html
 */
export function scanAlertPatterns(alerts: readonly AlertPolicy[]): readonly NamedPattern[] {
  const severities = wantedSeverities(alerts)
  const worst = severities.join(', ')
  return [
    {
      id: 'BasicScan',
      description: `Basic scan complete, with findings of ${worst}`,
      pattern: {
        source: ['aws.ecr'],
        detailType: ['ECR Image Scan'],
        detail: { 'scan-status': ['COMPLETE'], ...someOf(severities) },
      },
    },
    {
      id: 'BasicScanFailed',
      description: 'Basic scan that failed or cannot be done',
      pattern: {
        source: ['aws.ecr'],
        detailType: ['ECR Image Scan'],
        detail: { 'scan-status': [{ 'anything-but': ['COMPLETE', ...SCANNING] }] },
      },
    },
    {
      id: 'EnhancedScan',
      description: `Enhanced scan complete, with findings of ${worst}`,
      pattern: {
        source: ['aws.inspector2'],
        detailType: ['Inspector2 Scan'],
        resources: REPOSITORIES as never,
        detail: { 'scan-status': ['INITIAL_SCAN_COMPLETE'], ...someOf(severities) },
      },
    },
    {
      id: 'EnhancedScanFailed',
      description: 'Enhanced scan that failed or cannot be done',
      pattern: {
        source: ['aws.inspector2'],
        detailType: ['Inspector2 Scan'],
        resources: REPOSITORIES as never,
        detail: { 'scan-status': [{ 'anything-but': ['INITIAL_SCAN_COMPLETE', ...SCANNING] }] },
      },
    },
    {
      id: 'EnhancedFinding',
      description: `Enhanced finding of ${worst}, created or updated`,
      pattern: {
        source: ['aws.inspector2'],
        detailType: ['Inspector2 Finding'],
        detail: {
          resources: { type: ['AWS_ECR_CONTAINER_IMAGE'] },
          severity: inspectorWords(severities),
          status: ['ACTIVE'],
        },
      },
    },
  ]
}

/** Inspector has a word of its own for what nobody has judged yet. */
const inspectorWords = (severities: readonly string[]): string[] =>
  severities.flatMap((severity) => (severity === 'UNDEFINED' ? ['UNDEFINED', 'UNTRIAGED'] : [severity]))
