import { describe, expect, test } from 'vitest'
import { type Flaw, flaws } from './events.ts'
import { useRig } from './rig.ts'

const rig = await useRig()

/** Slack's own mentions. */
const RINGS = /<!|<@|<#|@(?:here|channel|everyone)/
const MOVES = /[\u202A-\u202E\u2066-\u2069\u200B-\u200F]/u

/** Every text of a message that Slack would look for mentions and links in; it does not in `plain_text`. */
function marked(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return []
  if ('type' in value && value.type === 'plain_text') return []
  const texts = Object.entries(value).filter(([key]) => key === 'text' || key === 'fallback')
  return [
    ...texts.flatMap(([, text]) => (typeof text === 'string' ? [text] : [])),
    ...Object.values(value).flatMap(marked),
  ]
}

describe('a message', () => {
  test.each([
    ['200 KB of tags', Array.from({ length: 1_600 }, (_, n) => `release-${n}-${'x'.repeat(110)}`)],
    ['a tag of 200 KB', [`v${'9'.repeat(200_000)}`]],
    ['a tag of 30 KB of quotes and emoji', ['"\\😀\n'.repeat(6_000)]],
    [
      'tags that ring and mislead',
      ['<!here>', '<!channel|x>', '@everyone', '\u202Egnp.exe', '<https://evil.example|v1>'],
    ],
  ])('of an image that ECR does not know, with %s, is told once and rings nobody', async (_, tags) => {
    const image = rig.image(flaws(1))
    const unknown = { ...image, digest: `sha256:${'e'.repeat(64)}`, tags }
    await rig.happens(rig.scan(unknown, flaws(1)))
    expect(rig.published(image)).toHaveLength(1)
    expect(rig.messages(image)).toHaveLength(1)
    const shown = marked(rig.messages(image)[0]?.payload).join('\n')
    expect(shown).toContain(image.repository)
    expect(shown).not.toMatch(RINGS)
    expect(shown).not.toMatch(MOVES)
    expect(rig.dead()).toEqual({})
  })

  test('of findings whose ids and packages are huge or hostile is told once, and names each finding', async () => {
    const hostile: Flaw[] = [
      { id: 'CVE-1 <!here> \u202E', severity: 'CRITICAL', package: '<script>alert(1)</script>' },
      { id: 'CVE-2|x', severity: 'CRITICAL', package: '__proto__' },
      { id: '__proto__', severity: 'CRITICAL', package: 'constructor' },
      { id: `CVE-3${'\u0000'.repeat(20_000)}`, severity: 'HIGH', package: '"'.repeat(60_000) },
    ]
    const image = rig.image(hostile)
    await rig.happens(rig.scan(image, hostile))
    const [alert] = rig.published(image)
    expect((alert?.items.length ?? 0) + (alert?.omitted ?? 0)).toBe(4)
    const shown = marked(rig.messages(image)[0]?.payload).join('\n')
    expect(shown).toContain(image.repository)
    expect(shown).not.toMatch(RINGS)
    await rig.happens(rig.scan(image, hostile))
    expect(rig.messages(image)).toHaveLength(1)
  })

  test('of ten thousand findings counts what it cannot list, and is remembered', async () => {
    const found = [...flaws(30, 'CRITICAL'), ...flaws(9_970, 'HIGH', 100)]
    const image = rig.image(found)
    await rig.happens(rig.scan(image, found))
    await rig.happens(rig.scan(image, found))
    const [alert, ...more] = rig.published(image)
    expect((alert?.items.length ?? 0) + (alert?.omitted ?? 0)).toBe(10_000)
    expect(alert?.items.slice(0, 30).every(({ severity }) => severity === 'CRITICAL')).toBe(true)
    expect(more).toEqual([])
    expect(rig.messages(image)).toHaveLength(1)
  })

  test('of a scan that names no counts and cannot be read says that its findings are unknown', async () => {
    const image = rig.image(flaws(3))
    const scan = rig.scan(image, flaws(3)) as { detail: object }
    const uncounted = { ...scan, detail: { ...scan.detail, 'finding-severity-counts': undefined } }
    rig.world.aws.faults.inject({
      service: 'ecr',
      times: Number.POSITIVE_INFINITY,
      error: { code: 'AccessDeniedException' },
    })
    await rig.happens(JSON.parse(JSON.stringify(uncounted)))
    expect(rig.published(image)[0]?.title).toContain('Findings unknown in')
    expect(rig.messages(image)).toHaveLength(1)
  })
})
