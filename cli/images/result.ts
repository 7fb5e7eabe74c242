import * as v from 'valibot'
import { OUTCOMES } from '../../functions/domain/rule/judgement.ts'
import { SEVERITIES } from '../../functions/domain/severity.ts'
import { STATES } from '../check/tally.ts'

const Count = v.pipe(v.number(), v.integer(), v.minValue(0))
const Instant = v.pipe(v.string(), v.isoTimestamp())
const Counts = v.pipe(
  v.partial(
    v.object(
      Object.fromEntries(SEVERITIES.map((name) => [name, Count])) as Record<(typeof SEVERITIES)[number], typeof Count>,
    ),
  ),
  v.description('Findings by severity; what is absent has none.'),
)

/** Worst last. */
export const SCAN_STATES = ['none', 'archived', 'complete', 'pending', 'never', 'failed', 'unread'] as const

const ScanSchema = v.object({
  state: v.pipe(
    v.picklist(SCAN_STATES),
    v.description(
      'That of the worst platform. none: it is no image, and is not scanned. archived: nobody can pull it, and its scan was not read.',
    ),
  ),
  counts: v.pipe(
    Counts,
    v.description('Of all platforms, a finding of several of them once; those that are excepted too.'),
  ),
  excepted: v.pipe(Count, v.description('Of these, how many somebody agreed to live with.')),
  platforms: v.array(
    v.object({
      digest: v.string(),
      platform: v.optional(v.string()),
      status: v.pipe(v.optional(v.string()), v.description('As ECR spells it; absent where it was never scanned.')),
      scannedAt: v.optional(Instant),
      counts: Counts,
    }),
  ),
})

const VerdictSchema = v.object({
  state: v.pipe(v.picklist(STATES), v.description('unasked: no rule is in force for it, or it is not judged.')),
  rules: v.pipe(
    v.array(
      v.object({
        rule: v.string(),
        outcome: v.picklist(OUTCOMES),
        severity: v.picklist(SEVERITIES),
        reason: v.string(),
        excepted: v.boolean(),
      }),
    ),
    v.description('Those that fail or are unknown; excepted where somebody agreed to it.'),
  ),
})

const ImageSchema = v.object({
  digest: v.string(),
  tags: v.array(v.string()),
  pushedAt: Instant,
  pulledAt: v.pipe(v.optional(Instant), v.description('Absent where ECR has recorded no pull.')),
  sizeInBytes: v.pipe(Count, v.description('Compressed; of an index, that of its largest image.')),
  status: v.picklist(['ACTIVE', 'ARCHIVED', 'ACTIVATING']),
  kind: v.pipe(
    v.picklist(['image', 'index', 'artifact', 'unknown']),
    v.description('unknown: the listing does not say it, and its manifest was not, or could not be, read.'),
  ),
  what: v.pipe(v.optional(v.string()), v.description('Of an artifact: a signature.')),
  platforms: v.pipe(
    v.array(v.string()),
    v.description('Of an index; of a single image where a rule had its configuration read.'),
  ),
  scan: v.pipe(v.optional(ScanSchema), v.description('Absent with --quick.')),
  verdict: v.pipe(v.optional(VerdictSchema), v.description('Absent with --quick, and without a steward.yaml.')),
  problems: v.pipe(v.array(v.string()), v.description('What could not be read of it, in sentences.')),
})

/** What `images --json` writes. What changes the meaning of a field raises `schemaVersion`. */
export const ImagesResultSchema = v.object({
  schemaVersion: v.literal(1),
  readAt: Instant,
  account: v.string(),
  region: v.string(),
  repository: v.string(),
  config: v.pipe(v.optional(v.string()), v.description('The configuration that was read.')),
  total: v.pipe(Count, v.description('Images that there are; with --tagged or --untagged, of those alone.')),
  images: v.pipe(v.array(ImageSchema), v.description('The newest, newest first.')),
  outcome: v.pipe(
    v.picklist(['pass', 'unknown', 'access']),
    v.description('As the exit code: 0 where everything could be read, whatever the verdicts are; 3, 4.'),
  ),
})

export type ImagesResult = v.InferOutput<typeof ImagesResultSchema>
export type ImageRow = ImagesResult['images'][number]
export type RowScan = NonNullable<ImageRow['scan']>
export type RowVerdict = NonNullable<ImageRow['verdict']>
