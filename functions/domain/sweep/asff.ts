import { createHash } from 'node:crypto'
import type { RegistryRef } from '../facts/registry-facts.ts'
import type { Severity } from '../severity.ts'
import { UNSEEN } from '../unseen.ts'

export type AsffSeverity = { readonly Label: Exclude<Severity, 'UNDEFINED'>; readonly Original: string }

export type AsffPackage = { readonly Name: string; readonly Version?: string; readonly FixedInVersion?: string }

export type AsffVulnerability = {
  readonly Id: string
  readonly VulnerablePackages: readonly AsffPackage[]
  readonly ReferenceUrls?: readonly string[]
  readonly FixAvailable?: 'YES' | 'PARTIAL'
}

export type AsffResource = {
  readonly Type: 'AwsEcrContainerImage' | 'AwsEcrRepository' | 'Other'
  readonly Id: string
  readonly Partition: string
  readonly Region: string
  readonly Details?: {
    readonly AwsEcrContainerImage?: {
      readonly RegistryId: string
      readonly RepositoryName: string
      readonly ImageDigest: string
      readonly ImageTags?: readonly string[]
      readonly ImagePublishedAt?: string
    }
    readonly AwsEcrRepository?: { readonly Arn: string; readonly RepositoryName: string }
  }
}

/**
 * What is used of the format of Security Hub. Of severity and types the top level is the customer's once the finding is there,
 * and `FindingProviderFields` the provider's.
 * @see https://docs.aws.amazon.com/securityhub/latest/userguide/securityhub-findings-format-syntax.html
 */
export type AsffFinding = {
  readonly SchemaVersion: '2018-10-08'
  readonly Id: string
  readonly ProductArn: string
  readonly ProductName: string
  readonly GeneratorId: string
  readonly AwsAccountId: string
  readonly Types: readonly string[]
  readonly FirstObservedAt?: string
  readonly CreatedAt: string
  readonly UpdatedAt: string
  readonly Severity: AsffSeverity
  readonly FindingProviderFields: { readonly Severity: AsffSeverity; readonly Types: readonly string[] }
  readonly Title: string
  readonly Description: string
  readonly Remediation?: { readonly Recommendation: { readonly Text: string; readonly Url?: string } }
  readonly SourceUrl?: string
  readonly ProductFields?: Readonly<Record<string, string>>
  readonly Resources: readonly [AsffResource]
  readonly Compliance?: { readonly Status: 'FAILED' | 'PASSED' | 'NOT_AVAILABLE' }
  readonly Vulnerabilities?: readonly [AsffVulnerability]
  readonly RecordState: 'ACTIVE' | 'ARCHIVED'
}

/**
 * Most characters of a text, and of items in a list. Where the API names no limit, what a reader can take in.
 * @see https://docs.aws.amazon.com/securityhub/1.0/APIReference/API_AwsSecurityFinding.html
 */
export const LIMITS = { id: 512, title: 256, description: 1_024, remediation: 512, field: 2_048, word: 256, list: 50 }

/** A text from outside as one visible line within a limit, cut between characters. Security Hub refuses an empty one. */
export function within(text: string, most: number): string {
  const line = text.toWellFormed().replace(UNSEEN, ' ').trim() || '–'
  if (line.length <= most) return line
  let whole = ''
  for (const character of line) {
    if (whole.length + character.length >= most) break
    whole += character
  }
  return `${whole.trimEnd()}…`
}

const PLAIN = /^[\x21-\x7e]+$/

export const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 32)

/** The same for the same thing in every sweep, so that Security Hub updates a finding instead of having it twice. */
export function findingId(resource: string, what: string): string {
  const id = `ecr-steward/${resource}/${what}`
  return PLAIN.test(id) && id.length <= LIMITS.id ? id : `ecr-steward/${hashOf(id)}`
}

/**
 * The product under which any account may send findings of its own.
 * @see https://docs.aws.amazon.com/securityhub/latest/userguide/securityhub-custom-providers.html
 */
export const productArn = ({ account, region }: RegistryRef, partition: string): string =>
  `arn:${partition}:securityhub:${region}:${account}:product/${account}/default`

/** What is not known has no label of its own. */
export const severityOf = (severity: Severity): AsffSeverity => ({
  Label: severity === 'UNDEFINED' ? 'INFORMATIONAL' : severity,
  Original: severity,
})

/** What makes a finding another one than the one that was sent: all but its instants. */
export const contentOf = ({ CreatedAt: _, UpdatedAt: __, ...content }: AsffFinding): string =>
  hashOf(JSON.stringify(content))
