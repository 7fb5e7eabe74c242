import * as v from 'valibot'

const count = v.pipe(v.number(), v.integer(), v.minValue(0))
/** ISO 8601, UTC. */
const instant = v.pipe(v.string(), v.isoTimestamp())
const digest = v.pipe(v.string(), v.regex(/^sha256:[0-9a-f]{64}$/))

const Sum = v.object({ images: count, bytes: count, dollarsPerMonth: v.number() })

/** One image that goes. */
const ItemSchema = v.object({
  repository: v.string(),
  digest,
  /** All its tags, as the plan saw them: it goes only if it has just these when it is its turn. */
  tags: v.array(v.string()),
  action: v.picklist(['delete', 'archive']),
  /** Whether it is an index: those go before their children. */
  isIndex: v.boolean(),
  /** Path of the policy in steward.yaml, and the priority of its rule; null for what goes with another image. */
  policy: v.string(),
  rule: v.nullable(v.number()),
  /** In words. */
  reason: v.string(),
  pushedAt: instant,
  /** Last pull, where there was one: an image that was pulled since stays. */
  pulledAt: v.nullable(instant),
  status: v.picklist(['ACTIVE', 'ARCHIVED']),
  sizeBytes: count,
})

/** One image that a rule would remove, and that stays. */
const ProtectedSchema = v.object({
  repository: v.string(),
  digest,
  tags: v.array(v.string()),
  /** Who or what keeps it, in words: `ECS task definition web:42`. */
  by: v.array(v.string()),
})

const PlanFields = {
  version: v.literal(1),
  id: v.pipe(v.string(), v.regex(/^[a-z0-9-]{8,64}$/)),
  account: v.pipe(v.string(), v.regex(/^\d{12}$/)),
  region: v.string(),
  createdAt: instant,
  /** Not applied any more from then on. */
  expiresAt: instant,
  atMost: v.object({ images: count, shareOfRepository: v.number(), shareOfRegistry: v.number() }),
  /** Images of every repository that was looked at, as the plan counted them. */
  population: v.record(v.string(), count),
  /** Images that go together as the oldest of a repository, which its share does not hold back; without it the share is all. */
  oldest: v.optional(v.record(v.string(), count)),
  inventory: v.object({
    at: instant,
    sources: v.array(
      v.object({
        source: v.string(),
        account: v.string(),
        region: v.string(),
        uses: count,
        incomplete: v.nullable(v.string()),
      }),
    ),
  }),
  /** In the order in which they go. */
  items: v.array(ItemSchema),
  protected: v.array(ProtectedSchema),
  /** Why something that may be removable is not looked at: an incomplete source, a repository that cannot be read. */
  blocked: v.array(v.object({ repository: v.nullable(v.string()), why: v.string() })),
  /** What waits for the next plan, since `atMost` says so. */
  heldBack: v.array(v.object({ repository: v.string(), images: count, why: v.string() })),
  totals: v.object({ delete: Sum, archive: Sum }),
}

/** A plan as it is stored; `hash` is over all the rest. The JSON Schema in docs/clean-up-plan.schema.json is generated from here. */
export const PlanSchema = v.object({ ...PlanFields, hash: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)) })

export type Plan = v.InferOutput<typeof PlanSchema>
export type PlanItem = Plan['items'][number]
export type ProtectedImage = Plan['protected'][number]
/** A plan before it is sealed. */
export type PlanDraft = Omit<Plan, 'hash'>
