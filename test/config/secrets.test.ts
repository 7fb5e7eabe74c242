import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { faults } from './read.ts'

// In parts, so that no scanner takes the test for a leak.
const HOST = ['hooks', 'slack', 'com'].join('.')
const PARTS = ['T0123ABCD', 'B0456EFGH', 'aBcDeFgHiJkLmNoPqRsTuVwX'].join('/')
const WEBHOOK = `https://${HOST}/services/${PARTS}`

const file = (secret: string): string =>
  `alerts: [{ repositories: ["**"], to: [slack:team] }]\nchannels: { team: { slack-webhook: ${secret} } }`

describe('a webhook URL in the file', () => {
  it('is answered with the line that puts it where it belongs, and is not repeated', () => {
    expect(faults(file(`{ secret: ${WEBHOOK} }`))).toEqual([
      'steward.yaml:2:46  channels.team.slack-webhook.secret: found a Slack webhook URL (not shown): whoever has it can post. ' +
        "Put it into Secrets Manager with: aws secretsmanager create-secret --name ecr-steward/slack/team --secret-string 'THE-URL' " +
        'and write "secret: ecr-steward/slack/team" under slack-webhook',
    ])
  })

  it.each([
    ['in place of the secret', `{ secret: "${WEBHOOK}" }`],
    ['without its scheme', `{ secret: ${HOST}/services/${PARTS} }`],
    ['of GovSlack', `{ secret: https://${HOST.replace('slack', 'slack-gov')}/services/${PARTS} }`],
    ['as its last parts alone', `{ secret: ${PARTS} }`],
    ['with blanks around it', `{ secret: "  ${WEBHOOK} " }`],
    ['in place of the mapping', WEBHOOK],
  ])('%s is recognised', (_, secret) => {
    const lines = faults(file(secret))

    expect(lines).toHaveLength(1)
    expect(lines[0]).toContain('aws secretsmanager create-secret --name ecr-steward/slack/team')
    expect(lines[0]).not.toContain(PARTS.slice(-10))
  })

  it.each([
    ['a value', `alerts: ${WEBHOOK}`],
    ['a receiver', `alerts: [{ repositories: ["**"], to: ["${WEBHOOK}"] }]`],
    ['a receiver after slack:', `alerts: [{ repositories: ["**"], to: ["slack:${WEBHOOK}"] }]`],
    ['a pattern', `alerts: [{ repositories: ["${WEBHOOK}"], to: [sns] }]`],
    ['a key', `"${WEBHOOK}": 1`],
    ['a key twice', `"${WEBHOOK}": 1\n"${WEBHOOK}": 1`],
    ['the name of a channel', `channels: { "${WEBHOOK}": {} }`],
    ['the whole file', WEBHOOK],
    ['an alias', `alerts: [*${HOST}/services/${PARTS}]`],
    ['a broken line', `alerts: }${WEBHOOK}`],
    ['an escape that does not exist', `alerts: "\\q${WEBHOOK}"`],
    ['a tag', `alerts: !<${WEBHOOK}> 1`],
  ])('as %s is not repeated', (_, text) => {
    const lines = faults(text)

    expect(lines).not.toEqual([])
    expect(lines.join('\n')).not.toContain(PARTS.slice(-10))
    expect(lines.join('\n')).not.toContain(PARTS.slice(0, 9))
  })

  it('is not repeated from wherever a slip of the hand puts it', () => {
    const valid = file(`{ secret: ecr-steward/slack/team }`)
    fc.assert(
      fc.property(fc.nat(valid.length), fc.nat(12), (at, cut) => {
        const lines = faults(`${valid.slice(0, at)}${WEBHOOK}${valid.slice(at + cut)}`).join('\n')
        expect(lines).not.toContain(PARTS.slice(-10))
        expect(lines).not.toContain(PARTS.slice(0, 9))
      }),
      { numRuns: 500 },
    )
  })
})

describe('other values that open doors', () => {
  it('are not repeated: tokens, passwords and queries of addresses', () => {
    const token = ['xoxb', '12345678901', 'abcdefghij'].join('-')

    expect(faults(file(`{ secret: "${token}:" }`)).join()).toContain('found a Slack token (not shown)')
    expect(faults(file('{ secret: "https://me:hunter2@example.com/hook?sig=s3cr3t" }')).join()).toContain(
      'found "https://example.com/…"',
    )
  })
})

describe('what was found is shown', () => {
  const shown = (value: string): string => {
    const line = faults(`alerts: [{ repositories: ["**"], to: [sns], threshold: ${JSON.stringify(value)} }]`)[0] ?? ''
    return line.slice(line.indexOf('found ') + 6, line.indexOf(', expected'))
  }

  it('cut to what fits a line', () => {
    expect(shown('x'.repeat(10_000))).toBe(`"${'x'.repeat(50)}…"`)
  })

  it('without control characters, line breaks and turned text', () => {
    expect(shown('a\u001b[31m\n\u009b\u202e\u200b')).toBe('"a\\u001b[31m\\n\\u009b\\u202e\\u200b"')
  })
})
