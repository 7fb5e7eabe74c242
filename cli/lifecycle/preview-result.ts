import * as v from 'valibot'

const Count = v.pipe(v.number(), v.integer(), v.minValue(0))
const Action = v.picklist(['keep', 'expire', 'archive'])
const Digest = v.pipe(v.string(), v.description('sha256:…'))

const ImageSchema = v.object({
  digest: Digest,
  tags: v.array(v.string()),
  action: v.pipe(Action, v.description('What ECR does within 24 hours.')),
  rule: v.pipe(
    v.nullable(Count),
    v.description("Priority of the rule whose affair the image is; null where it is none's."),
  ),
  reason: v.string(),
  dueAt: v.pipe(
    v.nullable(v.string()),
    v.description(
      'ISO 8601 instant at which the days of the rule are over: past or to come. Null where none gives it days.',
    ),
  ),
  sizeBytes: v.pipe(Count, v.description('0 for an index: ECR gives it the size of its largest image.')),
})

const SumSchema = v.object({ images: Count, bytes: Count, dollarsPerMonth: v.number() })

const MarkSchema = v.pipe(
  v.object({ action: Action, rule: v.nullable(Count) }),
  v.description('What is done, and by the rule of which priority.'),
)

const SummarySchema = v.object({
  at: v.pipe(v.string(), v.description('ISO 8601 instant as of which it is.')),
  images: Count,
  keep: v.pipe(
    SumSchema,
    v.description('What it costs a month, at most: layers that images share are in the bytes of each.'),
  ),
  expire: v.pipe(SumSchema, v.description('What is saved a month, at most.')),
  archive: v.pipe(SumSchema, v.description('What is saved a month: nothing below 150 TB in the archive.')),
})

const OneFields = {
  images: v.pipe(v.array(ImageSchema), v.description('Every image, in the order in which they were read.')),
  summary: SummarySchema,
  differences: v.optional(
    v.pipe(
      v.array(v.object({ digest: Digest, tags: v.array(v.string()), ours: MarkSchema, native: MarkSchema })),
      v.description("With --native: images of which ECR's own preview says something else."),
    ),
  ),
}

const Ref = { repository: v.string(), account: v.string(), region: v.string() }

/** What `lifecycle preview --json` writes: of one repository or of files, and of what patterns or several words name. */
export const PreviewSchema = v.union([
  v.object(OneFields),
  v.object({
    repositories: v.array(v.object({ ...Ref, ...OneFields })),
    missing: v.pipe(
      v.array(v.object({ name: v.string(), problem: v.string() })),
      v.description('What was asked for and could not be read.'),
    ),
  }),
])

export type PreviewImage = v.InferOutput<typeof ImageSchema>
export type PreviewSummary = v.InferOutput<typeof SummarySchema>
