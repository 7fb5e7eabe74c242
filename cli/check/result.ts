import * as v from 'valibot'
import { MODES } from '../../functions/domain/policy.ts'
import { OUTCOMES } from '../../functions/domain/rule/judgement.ts'
import { SEVERITIES } from '../../functions/domain/severity.ts'

const Count = v.pipe(v.number(), v.integer(), v.minValue(0))

const ExceptionSchema = v.object({
  state: v.pipe(
    v.picklist(['excepted', 'expired']),
    v.description('An expired exception holds no more: the verdict counts.'),
  ),
  reason: v.string(),
  owner: v.string(),
  expires: v.pipe(v.string(), v.description('Last UTC day on which it holds: 2027-01-31.')),
  line: v.pipe(Count, v.description('In steward.yaml, from 1.')),
})

const FixSchema = v.object({
  text: v.pipe(v.string(), v.description('One sentence.')),
  command: v.optional(v.pipe(v.string(), v.description('A line for a shell.'))),
  cdk: v.optional(v.pipe(v.string(), v.description('Property of a CDK construct.'))),
  change: v.optional(
    v.pipe(
      v.object({ before: v.string(), after: v.string() }),
      v.description('A document that the command replaces, as it is and as it would be.'),
    ),
  ),
})

const VerdictSchema = v.object({
  rule: v.pipe(v.string(), v.description('Name in steward.yaml: ecr-steward explain says more on it.')),
  outcome: v.pipe(v.picklist(OUTCOMES), v.description('unknown: it could not be read, which is never a pass.')),
  severity: v.pipe(v.picklist(SEVERITIES), v.description('Of the rule; UNDEFINED where the outcome is unknown.')),
  mode: v.picklist(MODES.filter((mode) => mode !== 'off')),
  reason: v.pipe(v.string(), v.description('One sentence.')),
  evidence: v.array(v.object({ name: v.string(), value: v.string() })),
  fix: v.optional(FixSchema),
  exception: v.optional(ExceptionSchema),
  line: v.pipe(Count, v.description('Of the rule in steward.yaml, from 1.')),
})

const SubjectSchema = v.object({
  kind: v.picklist(['registry', 'repository', 'image']),
  account: v.string(),
  region: v.string(),
  repository: v.optional(v.string()),
  digest: v.optional(v.string()),
  tags: v.optional(v.array(v.string())),
  verdicts: v.pipe(v.array(VerdictSchema), v.description('Of every rule in force, also those that pass.')),
})

/** What `check --json` writes. What changes the meaning of a field raises `schemaVersion`. */
export const CheckResultSchema = v.pipe(
  v.object({
    schemaVersion: v.literal(1),
    judgedAt: v.pipe(v.string(), v.description('ISO 8601 instant.')),
    config: v.pipe(v.string(), v.description('The configuration that was read.')),
    subjects: v.array(SubjectSchema),
    missing: v.pipe(
      v.array(v.object({ name: v.string(), problem: v.string() })),
      v.description('What was asked for and could not be judged: not there, or not to be listed.'),
    ),
    denied: v.pipe(
      v.array(v.object({ action: v.string(), resource: v.string() })),
      v.description('Permissions that were missing, once each.'),
    ),
    totals: v.pipe(
      v.object({
        ...{ registry: Count, repository: Count, image: Count },
        ...{ fail: Count, unknown: Count, excepted: Count, pass: Count, notApplicable: Count, unasked: Count },
      }),
      v.description('Subjects by kind, and by the worst of their verdicts. unasked: no rule is in force for it.'),
    ),
    outcome: v.pipe(
      v.picklist(['pass', 'fail', 'usage', 'unknown', 'access']),
      v.description('As the exit code: 0, 1, 2, 3, 4.'),
    ),
  }),
  v.title('Result of ecr-steward check'),
)

export type CheckResult = v.InferOutput<typeof CheckResultSchema>
