import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { toText } from '../../functions/domain/alert-text.ts'
import { composeEnforcement } from '../../functions/domain/enforcement-alert.ts'
import { composeIncident } from '../../functions/domain/incident-alert.ts'
import { composePolicy } from '../../functions/domain/policy-alert.ts'
import { toPublish } from '../../functions/domain/publish.ts'
import { alert, policyTelling, verdict } from '../builders.ts'

const bodies = (message: string): Record<'default' | 'email' | 'sms', string> => JSON.parse(message)

describe('an alert on its way to SNS', () => {
  test('is the envelope for machines, a text for e-mail and a line for a phone', () => {
    const told = alert()
    const { default: envelope, email, sms } = bodies(toPublish(told).message)
    expect(JSON.parse(envelope)).toEqual(told)
    expect(email).toBe(toText(told))
    expect(sms).toBe('[CRITICAL] 1 critical in prod/api:1.4.2')
  })

  test('carries what subscribers filter on', () => {
    expect(toPublish(alert()).attributes).toEqual({
      kind: 'vulnerabilities',
      severity: 'CRITICAL',
      repository: 'prod/api',
      account: '123456789012',
      region: 'ap-northeast-1',
    })
  })

  test('has UNKNOWN in the subject when the image could not be scanned', () => {
    expect(toPublish(alert({ kind: 'scan-failed', severity: 'UNDEFINED', title: 'Not scanned: a' })).subject).toBe(
      '[UNKNOWN] Not scanned: a',
    )
  })

  test('has UNKNOWN in the subject when rules could not be judged, SETTLED when nothing is left to do', () => {
    const unread = verdict({ outcome: 'unknown', severity: 'UNDEFINED', reason: 'ECR answered AccessDenied.' })
    const subjectOf = (...args: Parameters<typeof composePolicy>) => toPublish(composePolicy(...args)).subject
    expect(subjectOf(policyTelling(), [{ verdict: unread, change: 'new' }])).toBe(
      '[UNKNOWN] Could not be judged: prod/api',
    )
    expect(subjectOf(policyTelling(), [{ verdict: verdict({ outcome: 'pass' }), change: 'gone' }])).toBe(
      '[SETTLED] Fixed in prod/api: tag-immutability',
    )
    expect(subjectOf(policyTelling(), [{ verdict: verdict(), change: 'new' }])).toMatch(/^\[MEDIUM\] 1 rule fails/)
  })

  test('has no repository to filter on where it is about the registry', () => {
    const subject = { account: '123456789012', region: 'eu-west-1', tags: [] }
    const told = composeIncident(policyTelling({ subject }), { kind: 'scanning-weakened', repositories: [] })
    expect(toPublish(told).attributes).toEqual({
      kind: 'scanning-weakened',
      severity: 'HIGH',
      account: '123456789012',
      region: 'eu-west-1',
    })
  })

  test('has a subject of at most 100 printable ASCII characters, whatever the title', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (title) => {
        expect(toPublish(alert({ title })).subject).toMatch(/^\[CRITICAL\] [\x20-\x7e]{0,89}$/)
      }),
    )
  })

  test('over 256 KB loses its mildest items, says how many, and stays whole', () => {
    const [item] = alert().items
    const items = Array.from({ length: 200 }, (_, n) => ({ ...item, id: `CVE-${n}`, text: '"'.repeat(2_000) }))
    const { message } = toPublish(alert({ items: items as never, omitted: 7 }))
    expect(Buffer.byteLength(message)).toBeLessThanOrEqual(255 * 1_024)
    const sent = JSON.parse(bodies(message).default)
    expect(sent.items.length + sent.omitted).toBe(207)
    expect(sent.items[0].id).toBe('CVE-0')
    expect(sent.notices).toEqual([`Shortened: ${sent.omitted} more findings are in the console.`])
  })

  test('over 256 KB of rules says so in its own words, and cuts no command in two', () => {
    const command = `aws ecr set-repository-policy ${'x'.repeat(300_000)}`
    const told = composePolicy(policyTelling(), [
      { verdict: verdict({ fix: { text: 'Mend it.', command } }), change: 'new' },
    ])
    const sent = JSON.parse(bodies(toPublish(told).message).default)
    expect(sent).toMatchObject({ items: [], omitted: 1, notices: ['Shortened: 1 more rules are not listed.'] })
    expect(sent).not.toHaveProperty('command')
  })

  test('over 256 KB in its other texts is cut there, and its links stay whole', () => {
    const tags = Array.from({ length: 50 }, () => '\u0000"😀'.repeat(20_000))
    const told = alert({
      command: 'docker pull x',
      subject: { ...alert().subject, tags },
      title: tags[0],
      todo: tags[1],
      notices: tags.slice(0, 9),
    })
    const { message } = toPublish(told)
    expect(Buffer.byteLength(message)).toBeLessThanOrEqual(255 * 1_024)
    const sent = JSON.parse(bodies(message).default)
    expect(sent).toMatchObject({
      id: told.id,
      severity: told.severity,
      links: told.links,
      command: 'docker pull x',
      omitted: 1,
    })
    expect(sent.notices.at(-1)).toBe('Shortened: 1 more findings are in the console.')
  })
})

describe('the e-mail', () => {
  test('ends in links', () => {
    const links = [{ text: 'Open in the ECR console', url: 'https://console.example' }]
    const [item] = alert().items
    const text = toText(alert({ links, items: [{ ...item, url: undefined }] as never }))
    expect(text).toContain('Links\n  Open in the ECR console: https://console.example')
    expect(text).not.toContain('nvd.nist.gov')
  })

  test('reads from the conclusion to the details', () => {
    expect(toText(alert({ command: 'docker pull x', notices: ['Read me.'], omitted: 3 }))).toMatchInlineSnapshot(`
      "1 critical in prod/api:1.4.2
      1 at HIGH or above, 1 with a fix

      What to do
        It is fixed by upgrading 1 package: openssl.
        docker pull x

      Findings
        CRITICAL      new    CVE-2026-0001  openssl  3.0.1 → 3.0.15, CVSS 9.8
          https://nvd.nist.gov/vuln/detail/CVE-2026-0001
        … and 3 more

      Image
        Repository    prod/api (123456789012, ap-northeast-1)
        Tags          1.4.2
        Digest        sha256:4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a
        Scanner       basic
        All findings  1 critical

      Please note
        Read me.

      ecr-steward, alert 0123456789abcdef0123456789abcdef"
    `)
  })

  test('on rules has for each what it rests on and what mends it, and no word of findings', () => {
    const unread = verdict({
      rule: 'lifecycle-policy',
      outcome: 'unknown',
      severity: 'UNDEFINED',
      reason: 'ECR is down.',
      evidence: [],
    })
    const { fix: _, ...bare } = unread
    const told = composePolicy(
      policyTelling({ change: { by: 'alice', call: 'PutImageTagMutability', at: '2026-11-20T08:58:12Z' } }),
      [
        { verdict: verdict(), change: 'new' },
        { verdict: bare, change: 'new' },
      ],
    )
    expect(toText(told)).toMatchInlineSnapshot(`
      "Drift in prod/api: tags can be moved to another image (by alice)
      1 medium, 1 could not be judged

      What to do
        Make the tags of the repository immutable. For what could not be judged: mend what stands in the way, then check again.
        aws ecr put-image-tag-mutability --repository-name prod/api

      Rules
        MEDIUM        new      tag-immutability  Tags can be moved to another image.
          Tag mutability: MUTABLE
          → Make the tags of the repository immutable.
            aws ecr put-image-tag-mutability --repository-name prod/api
            In the CDK: imageTagMutability: TagMutability.IMMUTABLE
        UNKNOWN       new      lifecycle-policy  Could not be judged: ECR is down.

      Repository
        Repository    prod/api (123456789012, ap-northeast-1)
        Changed by    alice
        By the call   PutImageTagMutability
        At            2026-11-20 08:58 UTC

      Links
        Open in the ECR console: https://ap-northeast-1.console.aws.amazon.com/ecr/repositories/private/123456789012/prod/api?region=ap-northeast-1

      ecr-steward, alert 9b9cb3cbefa5f7b07fa25eb37214eb80"
    `)
  })

  test('on the registry and on repositories speaks of them', () => {
    const subject = { account: '123456789012', region: 'eu-west-1', tags: [] }
    const repositories = [{ repository: 'prod/api', was: 'CONTINUOUS_SCAN', is: 'MANUAL' }]
    const text = toText(composeIncident(policyTelling({ subject }), { kind: 'scanning-weakened', repositories }))
    expect(text).toContain('Repositories\n  HIGH          new    prod/api')
    expect(text).toContain('Registry\n  Registry      123456789012, eu-west-1')
  })

  test('shows a command as it is, or not at all', () => {
    const write = { operation: 'PutLifecyclePolicy', input: { lifecyclePolicyText: 'a\nb' } } as const
    const told = composeEnforcement(policyTelling(), [
      { verdict: verdict(), remedy: { what: 'Put a policy', write, undo: write }, state: 'done' },
    ])
    expect(toText(told)).not.toContain('put-lifecycle-policy')
  })

  test('leaves out sections that have nothing to say', () => {
    const bare = alert({ items: [], counts: undefined, subject: { ...alert().subject, tags: [], digest: undefined } })
    expect(toText(bare)).not.toMatch(/Findings|Digest|Please note|Links/)
    expect(toText(bare)).toContain('Tags          none')
    expect(toText({ ...bare, counts: {} })).toContain('All findings  none')
  })

  test('lists thirty findings and counts the others', () => {
    const [item] = alert().items
    const text = toText(alert({ items: Array.from({ length: 40 }, () => item) as never }))
    expect(text.match(/CVE-2026-0001 /g)).toHaveLength(30)
    expect(text).toContain('… and 10 more')
  })

  test('holds no character that hides or moves others, whatever the findings say', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (hostile) => {
        const [item] = alert().items
        const text = toText(alert({ title: hostile, todo: hostile, items: [{ ...item, subject: hostile }] as never }))
        expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u)
      }),
    )
  })
})
