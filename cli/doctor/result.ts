import * as v from 'valibot'
import { AREAS, STATES } from './finding.ts'

const FixSchema = v.object({
  text: v.optional(v.pipe(v.string(), v.description('A sentence.'))),
  command: v.optional(v.pipe(v.string(), v.description('A line to copy.'))),
})

const FindingSchema = v.object({
  area: v.picklist(AREAS),
  state: v.pipe(
    v.picklist(STATES),
    v.description('note: nothing to mend. unknown: it could not be looked at, which is never ok.'),
  ),
  what: v.pipe(v.string(), v.description('What was looked at.')),
  found: v.string(),
  fix: v.array(FixSchema),
})

const PermissionsSchema = v.object({
  command: v.pipe(v.string(), v.description('clean-up apply')),
  actions: v.array(
    v.object({
      action: v.pipe(v.string(), v.description('ecr:DescribeImages')),
      when: v.optional(v.pipe(v.string(), v.description('with --yes; absent where the command always needs it.'))),
      state: v.pipe(
        v.picklist(['allowed', 'denied', 'unknown', 'unasked']),
        v.description('unasked: asking might change something, or tells nothing.'),
      ),
      why: v.optional(v.pipe(v.string(), v.description('Of what is not known, or was not asked.'))),
    }),
  ),
})

/** What `doctor --json` writes. What changes the meaning of a field raises `schemaVersion`. */
export const DoctorResultSchema = v.object({
  schemaVersion: v.literal(1),
  lookedAt: v.pipe(v.string(), v.description('ISO 8601 instant.')),
  version: v.pipe(v.string(), v.description('Of ecr-steward.')),
  account: v.optional(v.string()),
  region: v.optional(v.string()),
  findings: v.array(FindingSchema),
  permissions: v.array(PermissionsSchema),
  statements: v.pipe(
    v.array(v.object({ Effect: v.literal('Allow'), Action: v.array(v.string()), Resource: v.string() })),
    v.description('To add to the policy of the caller, so that what is missing is allowed.'),
  ),
  outcome: v.pipe(v.picklist(['pass', 'usage', 'unknown', 'access']), v.description('As the exit code: 0, 2, 3, 4.')),
})

export type DoctorResult = v.InferOutput<typeof DoctorResultSchema>
