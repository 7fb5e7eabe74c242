import * as v from 'valibot'
import { AlertSchema } from '../../functions/domain/alert.ts'

const StepSchema = v.object({
  function: v.pipe(v.string(), v.description('scan-alert, push-check, watch or notify.')),
  channel: v.optional(v.pipe(v.string(), v.description('Of notify: the channel of steward.yaml.'))),
  outcome: v.string(),
  reason: v.string(),
})

const CallSchema = v.object({
  action: v.pipe(
    v.string(),
    v.description('ecr:DescribeImages, as IAM names the right to it; slack:PostMessage is none of AWS.'),
  ),
  subject: v.pipe(v.string(), v.description('An image, a repository, a key of the table, a secret, a channel.')),
  made: v.pipe(v.boolean(), v.description('Whether it was made, as reads are with --live; otherwise it would be.')),
})

/** A line of what `replay --json` writes. What changes the meaning of a field raises `schemaVersion`. */
export const ReplayedSchema = v.pipe(
  v.object({
    schemaVersion: v.literal(1),
    event: v.pipe(v.string(), v.description('FILE, or FILE#N for the Nth of several, from 1; stdin for -.')),
    id: v.optional(v.pipe(v.string(), v.description('Of the event; of an alert out of a queue of notify, its own.'))),
    time: v.optional(v.string()),
    detailType: v.optional(v.string()),
    batch: v.pipe(
      v.number(),
      v.description('From 1. Events with the same number would be handed to a function together.'),
    ),
    rules: v.pipe(v.array(v.string()), v.description('Of the stack, those that let it through: scan-alert/BasicScan.')),
    stopped: v.pipe(
      v.array(v.string()),
      v.description('Where none does: what the rules on its kind of event miss in it, a sentence each.'),
    ),
    outcome: v.pipe(
      v.string(),
      v.description(
        'As the log of the function has it, where nothing was read: alerted, quiet, known, grouped, invalid, … undecided: it depends on what AWS says, which nobody asked.',
      ),
    ),
    reason: v.string(),
    steps: v.pipe(v.array(StepSchema), v.description('What each function would say of it, notify for each channel.')),
    alerts: v.pipe(v.array(AlertSchema), v.description('What would be told: docs/alert.schema.json.')),
    calls: v.pipe(
      v.array(CallSchema),
      v.description('Of the whole batch, in their order, with its first event; the others have none.'),
    ),
  }),
  v.title('A line of ecr-steward replay --json'),
)

export type Replayed = v.InferOutput<typeof ReplayedSchema>
export type Step = Replayed['steps'][number]
