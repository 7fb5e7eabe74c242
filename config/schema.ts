import * as v from 'valibot'
import { SEVERITIES } from '../functions/domain/severity.ts'
import { show } from './fault.ts'

/** What can be wrong with one value, in the words that follow its path. */
const expected =
  (what: string) =>
  ({ input }: { readonly input: unknown }): string =>
    `found ${show(input)}, expected ${what}`

const text = (what: string, pattern: RegExp) => v.pipe(v.string(expected(what)), v.regex(pattern, expected(what)))

const mapping = <const T extends v.ObjectEntries>(entries: T) =>
  v.strictObject(entries, expected(`a mapping with ${Object.keys(entries).join(', ')}`))

/** Longest of every list: more is a mistake, and the checks across entries take their square. */
export const MOST = 100

const list = <const T extends v.GenericSchema>(item: T, what: string) =>
  v.pipe(
    v.array(item, expected(what)),
    v.maxLength(MOST, `found more than ${MOST}, expected ${what.replace('a list', 'a shorter list')}`),
  )

/** Longest name of a repository in ECR. */
const LONGEST_NAME = 256

/** Segments of what an ECR repository name may hold, and `*`. @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_CreateRepository.html */
const PATTERN = new RegExp(`^(?=.{1,${LONGEST_NAME}}$)[a-z0-9._*-]+(?:/[a-z0-9._*-]+)*$`)

const CHANNEL = '[a-z0-9][a-z0-9_-]{0,79}'
const CHANNEL_NAME = new RegExp(`^${CHANNEL}$`)

/**
 * What Secrets Manager takes as a name, without what is a webhook URL in spite of it.
 * @see https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html
 */
const SECRET = /^(?=.{1,512}$)(?!.*hooks\.slack)(?!.*T[A-Z0-9]{6,20}\/B[A-Z0-9]{6,20}\/)[A-Za-z0-9/_+=.@-]+$/

const MAIL = /^(?=.{3,254}$)[^\s@]+@[^\s@.]+(?:\.[^\s@.]+)+$/

const RepositoriesSchema = v.pipe(
  list(
    text('a repository pattern: lower case, digits, . _ - / and the wildcards * and **', PATTERN),
    'a list of repository patterns, such as ["prod/**"]',
  ),
  v.minLength(1, expected('at least one repository pattern, such as "**"')),
  v.description(
    'Which repositories: * stays within one path segment, ** crosses. The first entry that matches a repository decides.',
  ),
  v.examples([['**'], ['prod/**', 'team-a/*']]),
)

const ThresholdSchema = v.pipe(
  v.picklist(SEVERITIES, expected(`one of ${SEVERITIES.join(', ')}`)),
  v.description('Lowest severity that is worth a message.'),
)

const ToSchema = v.pipe(
  list(
    text('slack:<channel> or sns', new RegExp(`^(?:sns|slack:${CHANNEL})$`)),
    'a list, such as [slack:security, sns]',
  ),
  v.minLength(1, expected('at least one of slack:<channel> and sns')),
  v.description(
    'Who is told: slack:<name under channels>, and sns for those who subscribe to the alerts topic. Every alert is on the topic.',
  ),
  v.examples([['slack:security', 'sns'], ['sns']]),
)

const AlertsSchema = v.pipe(
  list(
    mapping({ repositories: RepositoriesSchema, threshold: v.optional(ThresholdSchema, 'HIGH'), to: ToSchema }),
    'a list of entries with repositories, threshold and to',
  ),
  v.minLength(1, expected('at least one entry: without one, nothing is ever told')),
  v.description('Who is told about findings in which repositories. The first entry that matches decides.'),
)

const ChannelSchema = v.pipe(
  mapping({
    'slack-webhook': v.pipe(
      mapping({
        secret: v.pipe(
          text(
            "the name of the secret in Secrets Manager that holds the webhook's URL, not its value and not its ARN",
            SECRET,
          ),
          v.description(
            "Name of the secret in Secrets Manager whose value is the webhook's URL. Never the URL itself.",
          ),
          v.examples(['ecr-steward/slack/security']),
        ),
      }),
      v.description('Incoming webhook of Slack.'),
    ),
  }),
  v.description('Where messages go.'),
)

const ChannelsSchema = v.pipe(
  v.record(
    text('a channel name: lower case, digits, - and _', CHANNEL_NAME),
    ChannelSchema,
    expected('a mapping of channel names, such as security: { slack-webhook: { secret: ecr-steward/slack/security } }'),
  ),
  v.minEntries(1, expected('at least one channel; leave the key out where there is none')),
  v.maxEntries(MOST, `found more than ${MOST} channels, expected fewer`),
  v.description('Slack channels that alerts name as slack:<name>. The name is yours; the webhook decides the channel.'),
)

const OperationsSchema = v.pipe(
  mapping({
    email: v.pipe(
      list(text('an e-mail address', MAIL), 'a list of e-mail addresses, such as [platform@example.com]'),
      v.description('Who gets the alarms by e-mail. Each address confirms the subscription once. May be empty.'),
      v.examples([['platform@example.com']]),
    ),
  }),
  v.description('Who is told when the steward itself does not work: dead-letter queues, errors, delays.'),
)

/** The file as it is written. Names in kebab-case, as its readers see them. */
export const ConfigFileSchema = v.pipe(
  mapping({
    alerts: AlertsSchema,
    channels: v.optional(ChannelsSchema),
    operations: v.optional(OperationsSchema),
  }),
  v.title('ecr-steward configuration'),
  v.description('steward.yaml: read and checked when the stack is synthesised, and built into the functions.'),
)

export type ConfigFile = v.InferOutput<typeof ConfigFileSchema>

/** Sections of the design that a later version brings. */
export const PLANNED_SECTIONS: readonly string[] = ['policy', 'exceptions', 'clean-up', 'sweep']

export const isChannelName = (word: string): boolean => CHANNEL_NAME.test(word)

export const isPattern = (word: string): boolean => PATTERN.test(word)

/** What to write where a required key is missing. */
export const EXAMPLES: Readonly<Record<string, string>> = {
  alerts: 'alerts: [{ repositories: ["**"], to: [sns] }]',
  repositories: 'repositories: ["**"]',
  to: 'to: [sns]',
  'slack-webhook': 'slack-webhook: { secret: ecr-steward/slack/security }',
  secret: 'secret: ecr-steward/slack/security',
  email: 'email: [platform@example.com]',
}
