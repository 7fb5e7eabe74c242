import { describe, expect, test } from 'vitest'
import { compose, composePlain } from '../../../functions/notify/message/compose.ts'
import { alert, failedAlert, item, items } from '../alerts.ts'
import { barOf, headerOf, shown, textsOf } from './shown.ts'

describe('the verdict', () => {
  test('stands above the bar, so that Slack never folds it away', () => {
    const { blocks, text } = compose(alert(), 'security')
    expect(blocks).toEqual([
      { type: 'header', text: { type: 'plain_text', text: '🔴 1 critical, 1 high in prod/api:1.4.2', emoji: false } },
    ])
    expect(text).toBe('🔴 1 critical, 1 high in prod/api:1.4.2 – 2 at HIGH or above, 2 with a fix')
  })

  test('says the severity in words where the title does not', () => {
    expect(headerOf(alert({ title: 'Something in prod/api' }))).toBe('🔴 Critical: Something in prod/api')
  })

  test.each([
    ['CRITICAL', '#e02424'],
    ['HIGH', '#f97316'],
    ['MEDIUM', '#eab308'],
    ['LOW', '#3b82f6'],
    ['INFORMATIONAL', '#9ca3af'],
    ['UNDEFINED', '#9ca3af'],
  ] as const)('%s has the bar %s', (severity, color) => {
    expect(barOf(alert({ severity })).color).toBe(color)
  })
})

describe('the bar', () => {
  test('begins with what to do, ends with where it comes from', () => {
    const lines = shown(alert())
    const order = [
      '*Critical*  ·  2 at HIGH',
      'All findings: 1 critical, 1 high, 40 low',
      '*What to do*',
      '*Image*',
      'alert a3f1',
    ]
    const places = order.map((part) => lines.indexOf(part))
    expect(places).toEqual(places.toSorted((a, b) => a - b))
    expect(places).not.toContain(-1)
  })

  test('holds the command in a code block, to be copied whole', () => {
    const { command = '' } = alert()
    expect(shown(alert())).toContain(`\`\`\`${command}\`\`\``)
    expect(shown(alert({ command: 'x'.repeat(1_001) }))).not.toContain('```')
    expect(shown(alert({ command: 'echo a\u200bb' }))).not.toContain('```')
  })

  test('names the image, its tags and the short digest', () => {
    const lines = shown(alert())
    expect(lines).toContain('*Image*\n`prod/api:1.4.2`')
    expect(lines).toContain('*Tags*\n`1.4.2` `latest`')
    expect(lines).toContain('*Digest*\n`sha256:9f86d081884c`')
    expect(lines).toContain('*Account*\n123456789012 · ap-northeast-1')
  })

  test('counts the tags, facts, notices and links that it leaves out', () => {
    const facts = Array.from({ length: 12 }, (_, index) => ({ name: `Fact ${index}`, value: 'x' }))
    const links = Array.from({ length: 5 }, (_, index) => ({ text: `Link ${index}`, url: 'https://example.com/' }))
    const subject = { ...alert().subject, tags: Array.from({ length: 50 }, (_, index) => `v${index}`) }
    const lines = shown(alert({ facts, links, subject, notices: items(7).map(({ id }) => id) }))
    expect(lines).toContain('and 42 more')
    expect(lines).toContain('… and 6 more facts in the alert itself')
    expect(lines).toContain('… and 3 more notices')
    expect(lines).toContain('… and 2 more links in the alert itself')
  })

  test('has one button for each of the first three links', () => {
    const row = barOf(alert()).blocks.find(({ type }) => type === 'actions')
    expect(row).toMatchObject({ elements: [{ type: 'button', text: { text: 'Open in the ECR console' } }] })
  })
})

describe('the findings', () => {
  test('are listed by severity, each with its link, package, versions and what makes it urgent', () => {
    expect(shown(alert())).toContain(
      '🔴  *Critical*\n•  <https://nvd.nist.gov/vuln/detail/CVE-2026-31789|CVE-2026-31789>  `openssl`  3.0.11 → 3.0.15  ·  *exploit known*  ·  CVSS 9.8',
    )
  })

  test('twelve are listed, and the others counted with those that the alert left out', () => {
    const lines = shown(alert({ items: items(30), omitted: 200 }))
    expect(lines.match(/^• {2}</gm)).toHaveLength(12)
    expect(lines).toContain('_… and 218 more_')
  })

  test('of an update are marked in words as new, known before and no longer found', () => {
    const update = [item(), item({ change: 'known', severity: 'HIGH' }), item({ change: 'gone', id: 'CVE-1' })]
    const lines = shown(alert({ items: update }))
    expect(lines).toContain('*Critical*, new')
    expect(lines).toContain('*High*, known before')
    expect(lines).toContain('✅  *No longer found*\n~CVE-1~ `openssl`')
  })

  test('that do not fit are counted, the mildest first', () => {
    const url = `https://example.com/${'x'.repeat(270)}`
    const long = items(12, { url, text: 't'.repeat(200), notes: Array.from({ length: 6 }, () => 'n'.repeat(60)) })
    const lines = shown(
      alert({ items: long, todo: 'x'.repeat(900), notices: Array.from({ length: 4 }, () => 'y'.repeat(300)) }),
    )
    const told = lines.match(/^• {2}</gm)?.length ?? 0
    expect(told).toBeGreaterThan(5)
    expect(told).toBeLessThan(12)
    expect(lines).toContain(`_… and ${12 - told} more_`)
  })

  test('that are gone are counted beyond the sixth', () => {
    const lines = shown(alert({ items: [item(), ...items(9, { change: 'gone' })] }))
    expect(lines.match(/~CVE-/g)).toHaveLength(6)
    expect(lines).toContain('… and 3 more')
  })

  test('that somebody agreed to live with are named as excepted', () => {
    const lines = shown(alert({ items: [item(), item({ change: 'excepted', id: 'CVE-1' })] }))
    expect(lines).toContain('⏸️  *Excepted*\nCVE-1 `openssl`')
  })

  test('that need more than one block are split between lines', () => {
    const url = `https://example.com/${'x'.repeat(260)}`
    const long = items(12, { url, notes: ['a'.repeat(60), 'b'.repeat(60)] })
    const lists = barOf(alert({ items: long }))
      .blocks.flatMap(textsOf)
      .filter((text) => text.includes('CVE-2026-1'))
    expect(lists.length).toBeGreaterThan(1)
    expect(lists.join('\n').match(/^• {2}</gm)).toHaveLength(12)
  })

  test('are shown without a link where the address is not worth one', () => {
    const lines = shown(alert({ items: [item({ url: `https://example.com/${'x'.repeat(400)}` })] }))
    expect(lines).toContain('•  CVE-2026-31789  `openssl`')
  })
})

describe('an image that could not be scanned', () => {
  test('has a look of its own: violet, and unknown in words', () => {
    expect(barOf(failedAlert()).color).toBe('#7c3aed')
    expect(headerOf(failedAlert())).toBe('🟣 Not scanned: prod/batch:7')
    expect(shown(failedAlert())).toContain('*Unknown*  ·  The scan ended as UNSUPPORTED_IMAGE.')
    expect(shown(failedAlert())).not.toContain('All findings')
  })

  test('quotes a long word of the scanner across both columns', () => {
    const says = 'The operating system of the image is not supported for scanning by this scanner.'
    expect(shown(failedAlert({ facts: [{ name: 'Scanner says', value: says }] }))).toContain(
      `*Scanner says*\n> ${says}`,
    )
  })
})

describe('the plain message', () => {
  test('holds the essential facts and the links, without blocks', () => {
    const { text, blocks, attachments } = composePlain(alert())
    expect({ blocks, attachments }).toEqual({})
    expect(text.split('\n')).toEqual([
      '🔴 1 critical, 1 high in prod/api:1.4.2 – 2 at HIGH or above, 2 with a fix',
      expect.stringContaining('prod/api · 1.4.2 · sha256:9f86'),
      '• CVE-2026-31789 openssl 3.0.11 → 3.0.15',
      '• CVE-2026-6345 setuptools 65.5.1 → 70.0.0',
      'It is fixed by upgrading 2 packages: openssl, setuptools.',
      '<https://ap-northeast-1.console.aws.amazon.com/ecr/|Open in the ECR console>',
    ])
  })

  test('counts what it leaves out', () => {
    expect(composePlain(alert({ items: items(20), omitted: 5 })).text).toContain('… and 20 more')
  })
})
