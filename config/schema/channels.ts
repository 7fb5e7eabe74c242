import * as v from 'valibot'
import { expected, list, MOST, mapping, text } from './words.ts'

const CHANNEL = '[a-z0-9][a-z0-9_-]{0,79}'
const CHANNEL_NAME = new RegExp(`^${CHANNEL}$`)

export const isChannelName = (word: string): boolean => CHANNEL_NAME.test(word)

/**
 * What Secrets Manager takes as a name, without what is a webhook URL in spite of it.
 * @see https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html
 */
const SECRET = /^(?=.{1,512}$)(?!.*hooks\.slack)(?!.*T[A-Z0-9]{6,20}\/B[A-Z0-9]{6,20}\/)[A-Za-z0-9/_+=.@-]+$/

export const ToSchema = v.pipe(
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

/** The Slack channels of a list `to`, each once. */
export const slackOf = (to: readonly string[]): string[] => [
  ...new Set(to.filter((target) => target !== 'sns').map((target) => target.slice('slack:'.length))),
]

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

export const ChannelsSchema = v.pipe(
  v.record(
    text('a channel name: lower case, digits, - and _', CHANNEL_NAME),
    ChannelSchema,
    expected('a mapping of channel names, such as security: { slack-webhook: { secret: ecr-steward/slack/security } }'),
  ),
  v.minEntries(1, expected('at least one channel; leave the key out where there is none')),
  v.maxEntries(MOST, `found more than ${MOST} channels, expected fewer`),
  v.description('Slack channels that alerts name as slack:<name>. The name is yours; the webhook decides the channel.'),
)
