import * as v from 'valibot'
import { OUTCOMES } from '../rule/judgement.ts'
import { SEVERITIES } from '../severity.ts'

const count = v.pipe(v.number(), v.integer(), v.minValue(0))
/** ISO 8601, UTC. */
const instant = v.pipe(v.string(), v.isoTimestamp())
const severity = v.picklist(SEVERITIES)
const counts = v.partial(
  v.object(
    Object.fromEntries(SEVERITIES.map((name) => [name, count])) as Record<(typeof SEVERITIES)[number], typeof count>,
  ),
)

/** What somebody has agreed to live with, until a day. */
const AgreedSchema = v.object({
  state: v.picklist(['excepted', 'expired']),
  reason: v.string(),
  owner: v.string(),
  /** Last UTC day on which it holds. */
  expires: v.pipe(v.string(), v.isoDate()),
  /** In `steward.yaml`, from 1. */
  line: count,
})

/**
 * Why a finding does not count: somebody agreed to it, nothing fixes it and only what can be fixed is asked for, or the
 * image that this one is compared with has it too.
 */
export const FINDING_STATES = ['counts', 'excepted', 'not-fixable', 'known'] as const

const FindingSchema = v.object({
  /** `CVE-…`, `ALAS-…`, `GHSA-…`. Like every text of a finding it comes from outside: escape it where it is shown. */
  id: v.string(),
  severity,
  package: v.string(),
  installed: v.optional(v.string()),
  /** Version that closes it; absent where there is none, or the scanner does not say. */
  fixed: v.optional(v.string()),
  /** https alone. */
  url: v.optional(v.string()),
  /** CVSS, 0 to 10. */
  score: v.optional(v.number()),
  exploit: v.optional(v.boolean()),
  /** Digest of the layer that brings the package. */
  layer: v.optional(v.string()),
  /** `linux/arm64`, for each platform of an index that has it; none of an image for one platform. */
  platforms: v.array(v.string()),
  state: v.picklist(FINDING_STATES),
  /** Whether it counts, and there are more of its severity than there may be. */
  over: v.boolean(),
  exception: v.optional(AgreedSchema),
})

/** One scan: of the image, or of each platform of an index. */
const PlatformSchema = v.object({
  digest: v.string(),
  /** `linux/arm64`; absent where only the configuration of the image says it. */
  platform: v.optional(v.string()),
  /** As ECR spells it: `COMPLETE`, `ACTIVE`, `FAILED`, …; absent where it was never scanned. */
  status: v.optional(v.string()),
  scannedAt: v.optional(instant),
  /** Operating system as the scanner sees it: `DEBIAN_12`. */
  os: v.optional(v.string()),
  /** All findings, those that do not count too. */
  counts,
  /** Why its findings are not known, in a sentence; absent where they are. */
  problem: v.optional(v.string()),
})

/** One upgrade, with the findings that count and that it closes. */
const UpgradeSchema = v.object({
  package: v.string(),
  /** Every version among those installed. */
  installed: v.array(v.string()),
  /** The lowest that closes all of them. */
  to: v.string(),
  closes: count,
  /** Of these, how many are over a limit. */
  over: count,
  /** The worst of them. */
  severity,
  ids: v.array(v.string()),
})

const RuleSchema = v.object({
  rule: v.string(),
  outcome: v.picklist(OUTCOMES),
  severity,
  reason: v.string(),
  evidence: v.array(v.object({ name: v.string(), value: v.string() })),
  fix: v.optional(v.object({ text: v.string(), command: v.optional(v.string()), cdk: v.optional(v.string()) })),
  exception: v.optional(AgreedSchema),
  /** Of the rule in `steward.yaml`. */
  line: count,
})

/** `unknown`: nothing that was read says no, and not everything could be read. */
export const GATE_VERDICTS = ['pass', 'fail', 'unknown'] as const

/** What the gate says of one image: what `gate --output json` writes, and what every other format shows. */
export const GateResultSchema = v.object({
  schemaVersion: v.literal(1),
  /** `scan`: the same without limits, for `ecr-steward scan`. */
  kind: v.picklist(['gate', 'scan']),
  verdict: v.picklist(GATE_VERDICTS),
  /** Whether what is unknown lets it pass, as `--on-unknown pass` says. */
  lenient: v.boolean(),
  /** Why it fails or is unknown, in sentences, the worst first; none where it passes. */
  reasons: v.array(v.string()),
  judgedAt: instant,
  image: v.object({
    account: v.string(),
    region: v.string(),
    repository: v.string(),
    /** By which it was asked for; absent where it was asked for by digest. */
    tag: v.optional(v.string()),
    /** Of what is judged: fixed when the gate began, wherever the tag goes meanwhile. */
    digest: v.string(),
    /** All of its tags. */
    tags: v.array(v.string()),
    /** `docker pull` takes it: by digest. */
    uri: v.string(),
    /** Its page in the console. */
    url: v.string(),
    pushedAt: instant,
    /** Compressed. Bytes; of an index, those of its largest image. */
    sizeInBytes: count,
    /** Whether it is an index of several images. */
    index: v.boolean(),
  }),
  /** Digest that the tag names now, where it was moved while the gate waited. */
  moved: v.optional(v.string()),
  /** By the shape of the findings; absent where no scan is complete. */
  scanning: v.optional(v.picklist(['basic', 'enhanced'])),
  platforms: v.array(PlatformSchema),
  /** How many findings of a severity there may be; a severity that is absent has no limit. */
  limits: counts,
  /** Where they come from: `--max-high`, `steward.yaml line 12`, `default`. */
  limitsFrom: v.string(),
  /** Whether those alone count that a newer version fixes; basic scanning does not say which these are: all count then. */
  fixableOnly: v.boolean(),
  /** The image that this one is compared with. */
  newSince: v.optional(v.object({ name: v.string(), digest: v.string() })),
  /** What it is built upon, and how many of the findings that count come from there; absent where the scan says no layers. */
  builtUpon: v.optional(
    v.object({
      /** `base/node:20.14 (the 5 lowest layers)`, `the lowest layer, which is of node:20`. */
      text: v.string(),
      findings: count,
      /** Those of them for which a fix is published. */
      fixable: count,
    }),
  ),
  /** Findings that count, those of several platforms once; with those that ECR counts and does not list. */
  counts,
  /** Of these, how many ECR counts and does not list. */
  unlisted: counts,
  /** Every finding, those over a limit first, then the worst. */
  findings: v.array(FindingSchema),
  /** What closes most, those over a limit first. */
  upgrades: v.array(UpgradeSchema),
  /** Rules on images of `steward.yaml`, with `--rules`: those that fail first. */
  rules: v.array(RuleSchema),
})

export type GateResult = v.InferOutput<typeof GateResultSchema>
export type GateVerdict = GateResult['verdict']
export type GateFinding = GateResult['findings'][number]
export type FindingState = GateFinding['state']
export type GatePlatform = GateResult['platforms'][number]
export type GateUpgrade = GateResult['upgrades'][number]
export type GateRule = GateResult['rules'][number]
export type Agreed = v.InferOutput<typeof AgreedSchema>
