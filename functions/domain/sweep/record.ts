import type { Lineage } from '../ancestry/lineage.ts'
import type { RegistryRef } from '../facts/registry-facts.ts'
import type { RepositoryRef } from '../facts/repository-facts.ts'
import type { Finding } from '../finding.ts'
import type { Severity } from '../severity.ts'
import type { Verdict } from '../verdict.ts'

/** A verdict as a record holds it: those that are open or excepted; what passes is counted by its rule. */
export type RecordedVerdict = Pick<Verdict, 'rule' | 'outcome' | 'severity' | 'mode' | 'reason' | 'fix'> & {
  readonly exception?: RecordedException
}

export type RecordedException = {
  readonly state: 'excepted' | 'expired'
  readonly reason: string
  readonly owner: string
  /** Last UTC day on which it holds: `2027-01-31`. */
  readonly expires: string
  /** In steward.yaml, from 1. */
  readonly line: number
}

export type RecordedFinding = Finding & {
  /** ISO 8601 instant at which a sweep first saw it in the repository: ages are counted from there. */
  readonly firstSeen: string
  readonly exception?: RecordedException
}

/** `never`: no scan is known; `failed`, `unsupported` and `pending` are no pass either. */
export type RecordedScan = 'complete' | 'failed' | 'unsupported' | 'pending' | 'never' | 'unread'

/**
 * One image that was judged and of which there is something to say: a finding, a verdict, or a scan that is not complete; also
 * one without any of these that others may be built upon.
 */
export type ImageRecord = {
  readonly digest: string
  readonly tags: readonly string[]
  /** ISO 8601 instant. */
  readonly pushedAt: string
  readonly sizeBytes: number
  /** Who or what uses it, in words: `ECS task definition web:42`. Undefined where nobody was asked. */
  readonly users?: readonly string[]
  readonly scan: RecordedScan
  /** Of an index, the digests of the platforms that were scanned in its place: events of scans name these. */
  readonly scanned?: readonly string[]
  readonly findings: readonly RecordedFinding[]
  /** Undefined where no finding has a layer, as after basic scanning, and where manifests could not be read. */
  readonly lineage?: Lineage
  /** Open or excepted. */
  readonly verdicts: readonly RecordedVerdict[]
}

/** Subjects by what a rule says of them. */
export type RuleCount = {
  readonly rule: string
  readonly pass: number
  readonly fail: number
  readonly unknown: number
  readonly excepted: number
}

/** What clean-up would take, at most; shared layers are counted once for each image. */
export type Removable = { readonly images: number; readonly bytes: number }

/**
 * Of images that are open and not in the record, since there are too many: what they add to the sums, exactly. A finding that
 * several images have counts with each.
 */
export type Omitted = {
  /** Images that are left out whole. Of others, some of the findings may be. */
  readonly images: number
  /** Those that count, by severity and by when a sweep first saw them (ISO 8601 instant). */
  readonly findings: readonly { readonly severity: Severity; readonly firstSeen: string; readonly count: number }[]
  readonly fails: number
  readonly unknowns: number
  /** Findings and verdicts that somebody has agreed to live with. */
  readonly excepted: number
}

/** All that a sweep knows of one repository. A line of the records. */
export type RepositoryRecord = RepositoryRef & {
  readonly kind: 'repository'
  readonly owner: string
  /** Open or excepted, of the repository itself. */
  readonly verdicts: readonly RecordedVerdict[]
  /** Of the repository and of its images. */
  readonly rules: readonly RuleCount[]
  /** Images that were judged: those with a tag, without archived ones. */
  readonly judged: number
  /** Of all images, also those without a tag; archived ones are among `images` and `bytes`. */
  readonly stored: {
    readonly images: number
    readonly untagged: number
    readonly archived: number
    readonly bytes: number
    readonly archivedBytes: number
  }
  /** Undefined where no entry of `clean-up` is about it, or it could not be planned. */
  readonly removable?: Removable
  /** Lints of its own lifecycle policy, in words. */
  readonly lints: readonly string[]
  /** Of those judged, the ones of which there is something to say; worst first. */
  readonly images: readonly ImageRecord[]
  readonly omitted?: Omitted
  /** What of it could not be read, in words: it is not judged whole. */
  readonly unread: readonly string[]
}

/** What the rules on a registry say. */
export type RegistryRecord = RegistryRef & {
  readonly kind: 'registry'
  readonly verdicts: readonly RecordedVerdict[]
  readonly rules: readonly RuleCount[]
  readonly unread: readonly string[]
}

/** What was to be judged and was not. `repository` is null where it is the registry as a whole. */
export type NotJudged = RegistryRef & {
  readonly kind: 'not-judged'
  readonly repository: string | null
  readonly why: string
  /** It was deleted after it was listed: there is nothing to be judged, and nothing is missing. */
  readonly isGone?: true
}

export type SweepRecord = RepositoryRecord | RegistryRecord | NotJudged
