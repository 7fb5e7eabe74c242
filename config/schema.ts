import * as v from 'valibot'
import { AlertsSchema } from './schema/alerts.ts'
import { ChannelsSchema } from './schema/channels.ts'
import { CleanUpSchema } from './schema/clean-up.ts'
import { ExceptionsSchema } from './schema/exceptions.ts'
import { MembersSchema } from './schema/members.ts'
import { OperationsSchema } from './schema/operations.ts'
import { PolicySchema, RegistrySchema } from './schema/policy.ts'
import { SignersSchema, TrustedRootSchema } from './schema/signers.ts'
import { SweepSchema } from './schema/sweep.ts'
import { mapping } from './schema/words.ts'

/** The file as it is written. Names in kebab-case, as its readers see them. */
export const ConfigFileSchema = v.pipe(
  mapping({
    alerts: AlertsSchema,
    channels: v.optional(ChannelsSchema),
    policy: v.optional(PolicySchema),
    registry: v.optional(RegistrySchema),
    signers: v.optional(SignersSchema),
    'trusted-root': v.optional(TrustedRootSchema),
    exceptions: v.optional(ExceptionsSchema),
    'clean-up': v.optional(CleanUpSchema),
    sweep: v.optional(SweepSchema),
    members: v.optional(MembersSchema),
    operations: v.optional(OperationsSchema),
  }),
  v.title('ecr-steward configuration'),
  v.description('steward.yaml: read and checked when the stack is synthesised, and built into the functions.'),
)

export type ConfigFile = v.InferOutput<typeof ConfigFileSchema>

/** What to write where a required key is missing. */
export const EXAMPLES: Readonly<Record<string, string>> = {
  alerts: 'alerts: [{ repositories: ["**"], to: [sns] }]',
  repositories: 'repositories: ["**"]',
  to: 'to: [sns]',
  'slack-webhook': 'slack-webhook: { secret: ecr-steward/slack/security }',
  secret: 'secret: ecr-steward/slack/security',
  email: 'email: [platform@example.com]',
  mode: 'mode: report',
  policy: 'policy: lifecycle/ci.json',
  reason: 'reason: TLS is terminated before this service',
  owner: 'owner: team-a',
  expires: 'expires: 2027-01-31',
}
