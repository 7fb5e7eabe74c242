import * as v from 'valibot'
import { AncestrySchema } from './report-bases.ts'
import { count, counts, instant, severity } from './report-words.ts'

// What is 0, false or empty is not written of repositories, which are many: report-json.ts.
const zero = v.optional(count, 0)
const noCounts = v.optional(counts, {})
const names = v.optional(v.array(v.string()), [])
/** 0 to 100. */
const score = v.pipe(v.number(), v.minValue(0), v.maxValue(100))

const Registry = { account: v.string(), region: v.string() }

const Sums = {
  /** Repositories that were judged. */
  repositories: count,
  /** Images that were judged: those with a tag. */
  images: count,
  /** Of these, the images without a scan that is complete: what they have is not known. */
  unscanned: count,
  /** Of all images in store, and what they cost a month at most. */
  bytes: count,
  dollarsPerMonth: v.number(),
  /** What clean-up would take at most. */
  removableBytes: count,
  removableDollarsPerMonth: v.number(),
  /** Findings that count, each once for each image. */
  findings: counts,
  /** Those of them that are older than their SLA days. */
  overdue: counts,
  /** Verdicts of rules that are open. In the totals also those of the registries themselves, which have no owner. */
  fails: count,
  unknowns: count,
  /** Findings and verdicts that somebody has agreed to live with. */
  excepted: count,
}

/**
 * Where the score comes from: points that are lost, worst first; of repositories in an estate of more than 2,000 the worst
 * alone. Those of a repository may be more than 100 together; those of an owner, and of all, are what is missing to 100.
 */
const Loss = v.object({ why: v.string(), points: v.number() })

export const TrendPointSchema = v.object({ at: instant, score, ...Sums })

const OwnerSchema = v.object({
  owner: v.string(),
  score,
  /** Points of the score against the last sweep, below 0 where it got worse; absent where the owner had nothing then. */
  change: v.optional(v.number()),
  losses: v.array(Loss),
  ...Sums,
})

/** One thing to do that closes much. */
const FixSchema = v.object({
  kind: v.picklist(['base', 'package', 'rule']),
  /** `Upgrade openssl to 3.0.15`, `Rebuild on a newer base/node`, `Turn on scan on push`. */
  title: v.string(),
  command: v.optional(v.string()),
  severity,
  closes: v.object({ findings: count, fails: count, images: count, repositories: count }),
  /** Some of the repositories that it is about, those with the most first. None where it is about registries. */
  repositories: v.array(v.string()),
})

const AgeSchema = v.object({
  severity,
  /** Days within which it has to go; null where there are none. */
  sla: v.nullable(count),
  /** By age in days: below 7, 30, 90, and more. */
  buckets: v.tuple([count, count, count, count]),
  overdue: count,
})

const ExceptionSchema = v.object({
  what: v.string(),
  owner: v.string(),
  reason: v.string(),
  expires: v.string(),
  line: count,
  /** Findings and verdicts that it speaks of; those of one that has expired count again. */
  uses: count,
  /** `unused`: it speaks of nothing that a sweep which saw everything has seen. */
  state: v.picklist(['expired', 'expires-soon', 'unused', 'holds']),
})

const FindingSchema = v.object({
  id: v.string(),
  severity,
  package: v.string(),
  installed: v.optional(v.string()),
  fixed: v.optional(v.string()),
  url: v.optional(v.pipe(v.string(), v.startsWith('https://'))),
  days: count,
  overdue: v.optional(v.boolean(), false),
  excepted: v.optional(v.string()),
})

const VerdictSchema = v.object({
  rule: v.string(),
  outcome: v.picklist(['fail', 'unknown']),
  severity,
  reason: v.string(),
  fix: v.optional(v.string()),
  command: v.optional(v.string()),
  excepted: v.optional(v.string()),
})

const ImageSchema = v.object({
  digest: v.string(),
  /** The first of them, as of the users. */
  tags: names,
  pushedAt: instant,
  sizeBytes: count,
  users: names,
  scan: v.string(),
  counts: noCounts,
  verdicts: v.optional(v.array(VerdictSchema), []),
  /** Worst first. */
  findings: v.optional(v.array(FindingSchema), []),
  /** Findings that were left out to keep the report small. */
  omitted: zero,
})

const RepositorySchema = v.object({
  ...Registry,
  repository: v.string(),
  owner: v.string(),
  score,
  losses: v.optional(v.array(Loss), []),
  // As in the sums. What clean-up would save of a repository is what its removable bytes cost: `standardCost`.
  ...{ images: zero, unscanned: zero, bytes: zero, dollarsPerMonth: v.optional(v.number(), 0), removableBytes: zero },
  ...{ findings: noCounts, overdue: noCounts, fails: zero, unknowns: zero, excepted: zero },
  /** What of it could not be read. */
  unread: names,
  /** What is open in it and in its images; undefined where it was left out to keep the report small. */
  details: v.optional(
    v.object({
      verdicts: v.optional(v.array(VerdictSchema), []),
      lints: names,
      images: v.optional(v.array(ImageSchema), []),
      omitted: zero,
    }),
  ),
})

const NotJudgedSchema = v.object({ ...Registry, repository: v.nullable(v.string()), why: v.string() })

/** What `report.json` holds. What changes the meaning of a field raises `schemaVersion`. */
export const SweepReportSchema = v.pipe(
  v.object({
    schemaVersion: v.literal(1),
    /** Of the sweep: `2026-11-24t21`. */
    id: v.string(),
    startedAt: instant,
    endedAt: instant,
    /** Registries that were to be judged; a problem is why one was not, or not whole. */
    targets: v.array(v.object({ ...Registry, listed: count, judged: count, problem: v.nullable(v.string()) })),
    coverage: v.object({
      listed: count,
      judged: count,
      /** Of these, the repositories of which something could not be read. */
      notWhole: count,
      /** Of those listed, the repositories that were deleted before they could be judged: nothing is missing of them. Absent: none. */
      gone: v.optional(count),
      /** Whether all that was listed was judged whole, and all of the targets could be listed. */
      complete: v.boolean(),
      /** The first of them; without a repository, the registry itself or those of its repositories whose batches did not end. */
      notJudged: v.array(NotJudgedSchema),
      omitted: count,
    }),
    /**
     * `fail`: a rule fails, or a finding is older than its SLA days. `unknown`: nothing of that, and not everything is
     * known: something was not judged or not scanned, or nothing was there to be judged.
     */
    verdict: v.picklist(['pass', 'fail', 'unknown']),
    score,
    losses: v.array(Loss),
    totals: v.object(Sums),
    /** Against the last sweep before; null where there was none. */
    since: v.nullable(
      v.object({
        at: instant,
        score: v.number(),
        /** By repository and rule: how many more of its verdicts fail than did, and how many fewer. */
        newFails: count,
        fixedFails: count,
        /** Findings, each once for each repository. What is excepted by now is not fixed, nor what could not be read. */
        newFindings: counts,
        fixedFindings: counts,
        bytes: v.number(),
        dollarsPerMonth: v.number(),
      }),
    ),
    /** Oldest first, this sweep last. */
    trend: v.array(TrendPointSchema),
    /** Lowest score first. */
    owners: v.array(OwnerSchema),
    /** Owners that were left out to keep the report small: those with the best scores. */
    ownersOmitted: count,
    /** Those that close most first. */
    fixes: v.array(FixSchema),
    /** Findings by what brings them, of the images that the records hold. */
    ancestry: v.optional(AncestrySchema, { bases: [], omitted: 0, inherited: 0, own: 0, unplaced: 0 }),
    rules: v.array(v.object({ rule: v.string(), pass: count, fail: count, unknown: count, excepted: count })),
    ages: v.array(AgeSchema),
    exceptions: v.array(ExceptionSchema),
    registries: v.array(v.object({ ...Registry, verdicts: v.array(VerdictSchema) })),
    /** Lowest score first. */
    repositories: v.array(RepositorySchema),
  }),
  v.title('Report of a sweep of ecr-steward'),
)

export type SweepReport = v.InferOutput<typeof SweepReportSchema>
export type Sums = SweepReport['totals']
export type TrendPoint = SweepReport['trend'][number]
export type OwnerReport = SweepReport['owners'][number]
export type RepositoryReport = SweepReport['repositories'][number]
export type ImageReport = NonNullable<RepositoryReport['details']>['images'][number]
export type FindingReport = ImageReport['findings'][number]
export type VerdictReport = ImageReport['verdicts'][number]
export type TopFix = SweepReport['fixes'][number]
export type BaseReport = SweepReport['ancestry']['bases'][number]
export type AgeReport = SweepReport['ages'][number]
export type ExceptionState = SweepReport['exceptions'][number]
