import { describe, expect, it } from 'vitest'
import { faults, parsed } from './read.ts'

const CHANNELS = 'channels: { security: { slack-webhook: { secret: ecr-steward/slack/security } } }'

/** A whole file of which only `alerts` matters. */
const alerts = (entry: string): string => `alerts:\n  - ${entry}\n${CHANNELS}`

describe('a valid file', () => {
  it('becomes a configuration with its defaults', () => {
    const { config, warnings } = parsed(`
alerts:
  - repositories: ["prod/**"]
    threshold: MEDIUM
    to: [slack:security, sns]
  - repositories: ["**"]
    to: [sns]
${CHANNELS}
`)

    expect(config).toEqual({
      alerts: [
        { repositories: ['prod/**'], threshold: 'MEDIUM', slack: ['security'] },
        { repositories: ['**'], threshold: 'HIGH', slack: [] },
      ],
      channels: { security: { secret: 'ecr-steward/slack/security' } },
      policy: [],
      registry: { rules: [], slack: [] },
      signers: [],
      exceptions: [],
      operations: { email: [] },
    })
    expect(warnings).toEqual([])
  })

  it('needs no channel when nobody is told on Slack', () => {
    expect(parsed('alerts: [{ repositories: ["**"], to: [sns] }]').config.channels).toEqual({})
  })

  it('names who gets the alarms, each once', () => {
    const text = `${alerts('{ repositories: ["**"], to: [slack:security] }')}\noperations: { email: [a@b.example, a@b.example] }`

    expect(parsed(text).config.operations.email).toEqual(['a@b.example'])
  })

  it('tells a channel once, however often it is named', () => {
    const { config } = parsed(alerts('{ repositories: ["**"], to: [slack:security, sns, slack:security] }'))

    expect(config.alerts[0]?.slack).toEqual(['security'])
  })

  it('may use anchors', () => {
    const { config } = parsed(`
alerts:
  - repositories: ["prod/**"]
    to: &everyone [slack:security, sns]
  - repositories: ["**"]
    to: *everyone
${CHANNELS}`)

    expect(config.alerts[1]?.slack).toEqual(['security'])
  })

  it('may begin with a byte order mark and end its lines as Windows does', () => {
    const text = `\ufeff${alerts('{ repositories: ["**"], to: [slack:security] }').replaceAll('\n', '\r\n')}`

    expect(parsed(text).config.alerts).toHaveLength(1)
  })
})

describe('a file that looks like a mistake', () => {
  it('is warned about a channel that nothing is sent to', () => {
    expect(parsed(alerts('{ repositories: ["**"], to: [sns] }')).warnings).toEqual([
      'steward.yaml:3:13  channels.security: no alert goes to it. Add slack:security to a list "to", or remove it',
    ])
  })

  it('is warned that repositories outside of its patterns are never told', () => {
    expect(parsed(alerts('{ repositories: ["prod/**"], to: [slack:security] }')).warnings).toEqual([
      'steward.yaml:1:1  alerts: no alert for repositories that match no entry. To cover all, end the list with an entry for "**"',
    ])
  })
})

describe('a fault says where it is, what was found and what is allowed', () => {
  const first = '{ repositories: ["**"], to: [slack:security]'

  it.each([
    [
      'a misspelt threshold',
      alerts(`${first}, threshold: HIHG }`),
      'steward.yaml:2:62  alerts[0].threshold: found "HIHG", expected one of CRITICAL, HIGH, MEDIUM, LOW, INFORMATIONAL, UNDEFINED. Did you mean HIGH?',
    ],
    [
      'a threshold in lower case',
      alerts(`${first}, threshold: medium }`),
      'steward.yaml:2:62  alerts[0].threshold: found "medium", expected one of CRITICAL, HIGH, MEDIUM, LOW, INFORMATIONAL, UNDEFINED. Did you mean MEDIUM?',
    ],
    [
      'a threshold without a value',
      alerts(`${first}, threshold: }`),
      'steward.yaml:2:62  alerts[0].threshold: found nothing, expected one of CRITICAL, HIGH, MEDIUM, LOW, INFORMATIONAL, UNDEFINED',
    ],
    [
      'a number where a word belongs',
      alerts(`${first}, threshold: 7 }`),
      'steward.yaml:2:62  alerts[0].threshold: found 7, expected one of CRITICAL, HIGH, MEDIUM, LOW, INFORMATIONAL, UNDEFINED',
    ],
    [
      'a channel that is not defined',
      alerts('{ repositories: ["**"], to: [slack:secuirty, slack:security] }'),
      'steward.yaml:2:34  alerts[0].to[0]: found channel "secuirty", expected security. Did you mean security?',
    ],
    [
      'a channel where none is defined',
      'alerts: [{ repositories: ["**"], to: [slack:security] }]',
      'steward.yaml:1:39  alerts[0].to[0]: found channel "security", expected a channel under the key channels, which has none yet',
    ],
    [
      'a channel without its prefix',
      alerts('{ repositories: ["**"], to: [security, slack:security] }'),
      'steward.yaml:2:34  alerts[0].to[0]: found "security", expected slack:<channel> or sns. Did you mean slack:security?',
    ],
    [
      'one receiver that is not in a list',
      alerts('{ repositories: ["**"], to: slack:security }'),
      'steward.yaml:2:33  alerts[0].to: found "slack:security", expected a list, such as [slack:security, sns]',
    ],
    [
      'nobody to tell',
      'alerts: [{ repositories: ["**"], to: [] }]',
      'steward.yaml:1:38  alerts[0].to: found an empty list, expected at least one of slack:<channel> and sns',
    ],
    [
      'a key that is missing',
      'alerts: [{ repositories: ["**"] }]',
      'steward.yaml:1:10  alerts[0].to: missing, expected to: [sns]',
    ],
    [
      'a file without alerts',
      CHANNELS,
      'steward.yaml:1:1  alerts: missing, expected alerts: [{ repositories: ["**"], to: [sns] }]',
    ],
    [
      'a list of alerts without an entry',
      'alerts: []',
      'steward.yaml:1:9  alerts: found an empty list, expected at least one entry: without one, nothing is ever told',
    ],
    [
      'a misspelt key',
      alerts(`${first}, treshold: HIGH }`),
      'steward.yaml:2:51  alerts[0].treshold: unknown key, expected one of repositories, threshold, to. Did you mean threshold?',
    ],
    [
      'a misspelt section',
      'alerts: [{ repositories: ["**"], to: [sns] }]\noperation: { email: [] }',
      'steward.yaml:2:1  operation: unknown key, expected one of alerts, channels, policy, registry, signers, trusted-root, exceptions, clean-up, sweep, members and 1 more. Did you mean operations?',
    ],
    [
      'a folder in place of a pattern',
      alerts('{ repositories: ["prod/"], to: [slack:security] }'),
      'steward.yaml:2:22  alerts[0].repositories[0]: found "prod/", expected a repository pattern: lower case, digits, . _ - / and the wildcards * and **. Did you mean prod/**?',
    ],
    [
      'a pattern in upper case',
      alerts('{ repositories: ["Prod/*"], to: [slack:security] }'),
      'steward.yaml:2:22  alerts[0].repositories[0]: found "Prod/*", expected a repository pattern: lower case, digits, . _ - / and the wildcards * and **. Did you mean prod/*?',
    ],
    [
      'a pattern of another language',
      alerts('{ repositories: ["{a,b}/*"], to: [slack:security] }'),
      'steward.yaml:2:22  alerts[0].repositories[0]: found "{a,b}/*", expected a repository pattern: lower case, digits, . _ - / and the wildcards * and **',
    ],
    [
      'an entry after one that takes everything',
      `alerts:\n  - { repositories: ["**"], to: [sns] }\n  - { repositories: ["prod/**"], threshold: LOW, to: [sns] }`,
      'steward.yaml:3:22  alerts[1].repositories[0]: found "prod/**", which never applies: alerts[0] takes all of it with "**", and the first match wins. Move this entry before that one, or remove it',
    ],
    [
      'an ARN in place of a name',
      'alerts: [{ repositories: ["**"], to: [slack:a] }]\nchannels: { a: { slack-webhook: { secret: "arn:aws:secretsmanager:eu-west-1:123456789012:secret:a" } } }',
      'steward.yaml:2:43  channels.a.slack-webhook.secret: found "arn:aws:secretsmanager:eu-west-1:123456789012:secr…", expected the name of the secret in Secrets Manager that holds the webhook\'s URL, not its value and not its ARN',
    ],
    [
      'a channel name that cannot be written after slack:',
      'alerts: [{ repositories: ["**"], to: [sns] }]\nchannels: { "My channel": { slack-webhook: { secret: a } } }',
      'steward.yaml:2:13  channels["My channel"]: found "My channel", expected a channel name: lower case, digits, - and _',
    ],
    [
      'a list where names belong',
      'alerts: [{ repositories: ["**"], to: [sns] }]\nchannels: [security]',
      'steward.yaml:2:11  channels: found a list, expected a mapping',
    ],
    [
      'a list where keys belong',
      'alerts: [[]]',
      'steward.yaml:1:10  alerts[0]: found an empty list, expected a mapping with repositories, threshold, to',
    ],
    [
      'channels without one',
      'alerts: [{ repositories: ["**"], to: [sns] }]\nchannels: {}',
      'steward.yaml:2:11  channels: found an empty mapping, expected at least one channel; leave the key out where there is none',
    ],
    [
      'something that is no e-mail address',
      'alerts: [{ repositories: ["**"], to: [sns] }]\noperations: { email: [me@localhost] }',
      'steward.yaml:2:23  operations.email[0]: found "me@localhost", expected an e-mail address',
    ],
    [
      'a key twice',
      'alerts: [{ repositories: ["**"], to: [sns] }]\nalerts: [{ repositories: ["**"], to: [sns] }]',
      'steward.yaml:2:1  found the key "alerts" again, expected it once: the first is in line 1',
    ],
    [
      'a channel named as something that every object has',
      'alerts: [{ repositories: ["**"], to: [sns] }]\nchannels: { constructor: { slack-webhook: { secret: a } }, a: { slack-webhook: { secret: a } } }',
      'steward.yaml:2:13  channels.constructor: found "constructor", expected another name: this word is reserved',
    ],
    [
      'an empty file',
      '',
      'steward.yaml:1:1  found nothing, expected a configuration: docs/configuration.md shows a complete one',
    ],
    [
      'a file of comments',
      '# later\n',
      'steward.yaml:1:1  found nothing, expected a configuration: docs/configuration.md shows a complete one',
    ],
    [
      'a word in place of a file',
      'hello',
      'steward.yaml:1:1  found "hello", expected a mapping with alerts, channels, policy, registry, signers, trusted-root, exceptions, clean-up, sweep, members, operations',
    ],
    [
      'an unquoted pattern',
      'alerts: [{ repositories: [**], to: [sns] }]',
      'steward.yaml:1:27  found "**", which names no earlier &anchor: put a pattern that begins with * into quotes, such as "**"',
    ],
    [
      'a lone star',
      'alerts: [{ repositories: [*], to: [sns] }]',
      'steward.yaml:1:27  found a lone *: put a pattern that begins with * into quotes, such as "**"',
    ],
    [
      'a tab',
      'alerts:\n\t- repositories: a',
      'steward.yaml:2:1  found a tab, expected spaces: YAML is indented with spaces only',
    ],
    [
      'a tag',
      'alerts: !include a.yaml',
      'steward.yaml:1:9  found a tag (a word that begins with !), expected a plain value',
    ],
    [
      'a second document',
      'alerts: []\n---\nalerts: []',
      'steward.yaml:2:1  found a second document after ---, expected one',
    ],
    [
      'a bracket that is not closed',
      'alerts: [',
      'steward.yaml:1:10  not valid YAML: flow sequence in block collection must be sufficiently indented and end with a ]',
    ],
    [
      'a key that is no word',
      '? [a]\n: b',
      'steward.yaml:1:3  found a key that is not a plain word, expected one of the documented keys',
    ],
  ])('%s', (_, text, expected) => {
    expect(faults(text)).toEqual([expected])
  })

  it('says so when a list is longer than anybody means', () => {
    const many = (item: string): string => `[${Array.from({ length: 101 }, () => item).join()}]`
    const channels = Array.from({ length: 101 }, (_, index) => `c${index}: { slack-webhook: { secret: a } }`).join()

    expect(faults(`alerts: [{ repositories: ["**"], to: ${many('sns')} }]`)).toEqual([
      'steward.yaml:1:38  alerts[0].to: found more than 100, expected a shorter list, such as [slack:security, sns]',
    ])
    expect(faults(`alerts: [{ repositories: ["**"], to: [sns] }]\nchannels: { ${channels} }`)).toEqual([
      'steward.yaml:2:11  channels: found more than 100 channels, expected fewer',
    ])
  })

  it('names some of many channels where one is not among them', () => {
    const channels = Array.from({ length: 12 }, (_, index) => `c${index}: { slack-webhook: { secret: a } }`).join()

    expect(faults(`alerts: [{ repositories: ["**"], to: [slack:nobody] }]\nchannels: { ${channels} }`)).toEqual([
      'steward.yaml:1:39  alerts[0].to[0]: found channel "nobody", expected one of c0, c1, c2, c3, c4, c5, c6, c7, c8, c9 and 2 more',
    ])
  })

  it('reports all faults at once, in the order of the file', () => {
    const text = `alerts:
  - repositories: prod
    threshold: SEVERE
    extra: 1
    other: 2
    to: [slack:nobody]
channels:
  security: { slack-webhook: { } }
chanels: 1
`
    expect(faults(text).map((line) => line.split(/: (?:found|unknown|missing)/)[0])).toEqual([
      'steward.yaml:2:19  alerts[0].repositories',
      'steward.yaml:3:16  alerts[0].threshold',
      'steward.yaml:4:5  alerts[0].extra',
      'steward.yaml:5:5  alerts[0].other',
      'steward.yaml:6:10  alerts[0].to[0]',
      'steward.yaml:8:30  channels.security.slack-webhook.secret',
      'steward.yaml:9:1  chanels',
    ])
  })
})
