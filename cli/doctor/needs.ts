import { READS_OF_EVIDENCE, READS_OF_INSPECTOR } from '../../functions/contract.ts'
import { SOURCE_NAMES } from '../../functions/domain/in-use/source-names.ts'
import { IN_USE_ACTIONS } from '../../functions/in-use/contract.ts'

/** What a command calls, as IAM names it. */
export type Need = {
  /** `ecr:DescribeImages` */
  readonly action: string
  /** When it is called: `with --images`; absent where the command is of no use without it. */
  readonly when?: string
}

const always = (...operations: readonly string[]): readonly Need[] =>
  operations.map((operation) => ({ action: `ecr:${operation}` }))

const only = (when: string, ...operations: readonly string[]): readonly Need[] =>
  operations.map((operation) => ({ action: `ecr:${operation}`, when }))

/** Where images run: without one of these reads nothing is removed. */
const inUse = (ignored: readonly string[]): readonly Need[] => {
  const sources = SOURCE_NAMES.filter((name) => !ignored.includes(name))
  const actions = new Set(sources.flatMap((name) => IN_USE_ACTIONS[name]))
  return [...actions].map((action) => ({
    action,
    ...(action.startsWith('inspector2:') && { when: 'where the account has EKS' }),
    ...(action === 'ecr:GetRegistryScanningConfiguration' && { when: 'where the account has EKS' }),
  }))
}

/** ECR asks Inspector for findings as whoever asks ECR: the command itself never calls it. */
export const UNDER_ENHANCED = 'under enhanced scanning'

const INSPECTED: readonly Need[] = READS_OF_INSPECTOR.map((operation) => ({
  action: `inspector2:${operation}`,
  when: UNDER_ENHANCED,
}))

const RULES = [
  ...only('for rules on lifecycle policies', 'GetLifecyclePolicy'),
  ...only('for rules on policies of repositories', 'GetRepositoryPolicy'),
  ...only('for rules on AWS tags', 'ListTagsForResource'),
  ...only('for rules on scanning', 'GetRegistryScanningConfiguration'),
  ...only('for rules on the registry', 'DescribePullThroughCacheRules', 'DescribeRegistry', 'GetRegistryPolicy'),
]

/** Of the keys of signers alone. */
export const READS_KEY = 'kms:GetPublicKey'

const EVIDENCE: readonly Need[] = [
  ...only('for rules on signatures and SBOMs', ...READS_OF_EVIDENCE),
  { action: READS_KEY, when: 'for signers with a key of KMS' },
]

const IMAGES = [
  ...only('for images', 'DescribeImages'),
  ...only('for rules on what is in images', 'BatchGetImage', 'GetDownloadUrlForLayer'),
  ...only('for rules on findings', 'DescribeImageScanFindings'),
  ...INSPECTED,
]

const SCANNED = [...always('DescribeImages', 'DescribeImageScanFindings'), ...INSPECTED]

/** What would go from a repository, and who else may pull it. */
const PLANNING = always('BatchGetImage', 'DescribeImages', 'GetRegistryPolicy', 'GetRepositoryPolicy')

const EVALUATING = always('BatchGetImage', 'DescribeImages', 'DescribeRepositories', 'GetLifecyclePolicy')

const IF_YES = 'with --yes'

const IF_THERE = 'where it is there already'

const COMING_AGAIN = 'to say what stays, and what makes it again'

/** @param ignored sources of clean-up.in-use that steward.yaml leaves out */
type NeedsOf = (ignored: readonly string[]) => readonly Need[]

/**
 * Commands that call AWS, and what each of them calls: held against their calls by a test. What is kept in a bucket, with
 * `--store s3://…`, the stack and its table, and the roles of other accounts are apart.
 */
export const NEEDS: Readonly<Record<string, NeedsOf>> = {
  init: () => [...always('DescribeRepositories'), ...RULES, ...IMAGES],
  check: () => [...always('DescribeRepositories'), ...RULES, ...IMAGES, ...EVIDENCE],
  gate: () => [
    ...SCANNED,
    ...only('for images for several platforms, and with --rules', 'BatchGetImage'),
    ...only('with --start-scan', 'StartImageScan'),
    ...only('with --rules', 'GetDownloadUrlForLayer'),
    ...EVIDENCE,
  ],
  scan: () => [
    ...SCANNED,
    ...only('for images for several platforms, and for the layers that findings come from', 'BatchGetImage'),
    ...always('StartImageScan'),
  ],
  images: () => [
    ...always('DescribeImages'),
    ...only('without --quick', 'BatchGetImage', 'DescribeImageScanFindings'),
    ...INSPECTED,
    ...only('for rules on what is in images', 'GetDownloadUrlForLayer'),
  ],
  release: () => [...always('DescribeImages'), ...only(IF_YES, 'BatchDeleteImage', 'BatchGetImage', 'PutImage')],
  verify: () => [
    ...always('BatchGetImage', 'DescribeImages', 'GetDownloadUrlForLayer', 'ListImageReferrers'),
    ...only('for signers with a signing profile', 'DescribeImageSigningStatus'),
    { action: READS_KEY, when: 'for signers with a key of KMS' },
  ],
  sweep: (ignored) => [
    ...always('DescribeRepositories', 'DescribeImages'),
    ...[...RULES, ...IMAGES, ...EVIDENCE, ...inUse(ignored)],
  ],
  'repository create': () => [
    // Whoever gives tags while making something needs the permission to tag.
    ...always('CreateRepository', 'DescribeRepositories', 'TagResource'),
    ...only('unless --lifecycle none', 'PutLifecyclePolicy'),
    ...only('with --pull-from or --push-from', 'SetRepositoryPolicy'),
    ...only(IF_THERE, 'DescribeImages', 'GetLifecyclePolicy', 'GetRepositoryPolicy', 'ListTagsForResource'),
    ...only('to say whether images are scanned', 'GetRegistryScanningConfiguration'),
  ],
  'repository list': () => [
    ...always('DescribeRepositories'),
    ...only('without --quick', 'GetLifecyclePolicy', 'ListTagsForResource'),
    ...only('with --images', 'DescribeImages'),
    ...only('to say whether images are scanned', 'GetRegistryScanningConfiguration'),
  ],
  'repository delete': (ignored) => [
    ...always('DescribeImages', 'DescribeRepositories', 'GetLifecyclePolicy'),
    ...always('GetRepositoryPolicy', 'ListTagsForResource'),
    ...only('where it holds images', 'GetRegistryPolicy'),
    ...only(COMING_AGAIN, 'DescribePullThroughCacheRules', 'DescribeRegistry', 'DescribeRepositoryCreationTemplates'),
    ...inUse(ignored),
    ...only('without --dry-run', 'DeleteRepository'),
  ],
  'lifecycle preview': () => [
    ...EVALUATING,
    ...only('with --native', 'GetLifecyclePolicyPreview', 'StartLifecyclePolicyPreview'),
  ],
  'lifecycle diff': () => EVALUATING,
  'lifecycle apply': () => [...EVALUATING, ...only(IF_YES, 'PutLifecyclePolicy')],
  'lifecycle show': () => always('DescribeRepositories', 'GetLifecyclePolicy'),
  'lifecycle delete': () => [
    ...always('DescribeRepositories', 'GetLifecyclePolicy'),
    ...only(IF_YES, 'DeleteLifecyclePolicy'),
  ],
  'clean-up plan': (ignored) => [...always('DescribeRepositories'), ...PLANNING, ...inUse(ignored)],
  'clean-up apply': (ignored) => [
    ...PLANNING,
    ...inUse(ignored),
    ...only(IF_YES, 'BatchDeleteImage', 'PutImage', 'UpdateImageStorageClass'),
  ],
  'clean-up undo': () => [...always('DescribeImages'), ...only(IF_YES, 'PutImage', 'UpdateImageStorageClass')],
  'clean-up in-use': (ignored) => [
    ...always('BatchGetImage', 'DescribeImages', 'DescribeRepositories'),
    ...inUse(ignored),
  ],
  'clean-up guard': (ignored) => [...EVALUATING, ...inUse(ignored)],
}

/** Commands that call nothing of AWS, or do as well where they may not: a bucket, and names to complete. */
export const OFFLINE: readonly string[] = [
  ...['rules', 'explain', 'report', 'config validate', 'config show', 'config schema', 'lifecycle lint', 'find'],
  ...['clean-up stop', 'clean-up resume', 'completion', 'doctor', 'replay', 'trusted-root'],
]
