import fc from 'fast-check'
import { type Alert, type AlertItem, KINDS } from '../../../functions/domain/alert.ts'
import { SEVERITIES } from '../../../functions/domain/severity.ts'

/** What has hurt others: markup, mentions, torn characters, unseen ones, code that does not end. */
const NASTY = [
  ...['<!channel>', '<!here|x>', '<@U123>', '<#C1|general>', '@here', '@Channel', '@everyone', '<https://evil|CVE>'],
  ...['```', '`', '*bold*', '_i_', '~s~', '&amp;', '&', '<', '>', '|', '> quote', '\n', '\r\n', '\t', '\u0000'],
  ...['\u202e', '\u200b', '\u2066', '\ufeff', '\u3164', '\u{e0041}', '\ud800', '\udc00', '👩‍👩‍👧', 'é', '漢字'],
  ...['@\u200bhere', '<scr\u200bipt>', 'javascript:alert(1)', '<img src=x onerror=alert(1)>', ':rotating_light:'],
]

const piece = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...NASTY) },
  { weight: 2, arbitrary: fc.string({ unit: 'binary', maxLength: 30 }) },
  { weight: 1, arbitrary: fc.string({ maxLength: 80 }) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.constantFrom(...NASTY, 'x'), fc.integer({ min: 1, max: 3_000 }))
      .map(([t, n]) => t.repeat(n)),
  },
)

/** A text that somebody else wrote. */
export const text = fc.array(piece, { maxLength: 6 }).map((pieces) => pieces.join(''))

const url = fc.oneof(
  text.map((path) => `https://example.com/${path}`),
  text.map((rest) => `https://${rest}`),
  fc.constantFrom(
    'https://user:pass@example.com/',
    'https://example.com/|>',
    'https://',
    `https://a.b/${'x'.repeat(4_000)}`,
  ),
)

const item: fc.Arbitrary<AlertItem> = fc.record(
  {
    id: text,
    severity: fc.constantFrom(...SEVERITIES),
    change: fc.constantFrom('new', 'known', 'gone', 'excepted'),
    subject: text,
    text,
    notes: fc.array(text, { maxLength: 8 }),
    url,
    fix: text,
    command: text,
    cdk: text,
  },
  { requiredKeys: ['id', 'severity', 'change', 'subject', 'text', 'notes'] },
)

/** An alert whose every text is hostile. */
export const hostileAlert: fc.Arbitrary<Alert> = fc.record(
  {
    version: fc.constant(1 as const),
    id: text,
    kind: fc.constantFrom(...KINDS),
    severity: fc.constantFrom(...SEVERITIES),
    title: text,
    summary: text,
    subject: fc.record(
      { account: text, region: text, repository: text, digest: text, tags: fc.array(text, { maxLength: 60 }) },
      { requiredKeys: ['account', 'region', 'tags'] },
    ),
    facts: fc.array(fc.record({ name: text, value: text }), { maxLength: 14 }),
    counts: fc.dictionary(fc.constantFrom(...SEVERITIES), fc.nat()),
    items: fc.array(item, { maxLength: 40 }),
    omitted: fc.nat(),
    todo: text,
    command: text,
    links: fc.array(fc.record({ text, url }), { maxLength: 5 }),
    notices: fc.array(text, { maxLength: 7 }),
    channels: fc.array(text),
    createdAt: fc.oneof(text, fc.constant('2026-11-24T03:04:05.000Z')),
    events: fc.array(text),
  },
  {
    requiredKeys: [
      ...(['version', 'id', 'kind', 'severity', 'title', 'summary', 'subject', 'facts', 'items', 'omitted'] as const),
      ...(['todo', 'links', 'notices', 'channels', 'createdAt', 'events'] as const),
    ],
  },
)
