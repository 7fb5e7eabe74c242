import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { toText } from '../../functions/domain/alert-text.ts'
import { toPublish } from '../../functions/domain/publish.ts'
import { alert } from '../builders.ts'

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

  test('over 256 KB in its other texts is cut there, and its links stay whole', () => {
    const tags = Array.from({ length: 50 }, () => '\u0000"😀'.repeat(20_000))
    const told = alert({
      subject: { ...alert().subject, tags },
      title: tags[0],
      todo: tags[1],
      notices: tags.slice(0, 9),
    })
    const { message } = toPublish(told)
    expect(Buffer.byteLength(message)).toBeLessThanOrEqual(255 * 1_024)
    const sent = JSON.parse(bodies(message).default)
    expect(sent).toMatchObject({ id: told.id, severity: told.severity, links: told.links, omitted: 1 })
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
