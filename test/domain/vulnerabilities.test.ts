import * as v from 'valibot'
import { describe, expect, test } from 'vitest'
import { AlertSchema } from '../../functions/domain/alert.ts'
import { remember } from '../../functions/domain/triage.ts'
import { composeVulnerabilities } from '../../functions/domain/vulnerabilities.ts'
import { DIGEST, exception, finding, image, policy, telling } from '../builders.ts'

const openssl = finding({ id: 'CVE-1', severity: 'CRITICAL', score: 9.8, epss: 0.124, exploit: true, inUse: 3 })
const zlib = finding({ id: 'CVE-2', package: 'zlib', fixed: undefined, url: 'https://example.com/CVE-2' })
const curl = finding({ id: 'CVE-3', package: 'curl', epss: 0.0004, url: 'javascript:alert(1)' })
const none = { fresh: [], known: [], gone: [] }

describe('the alert on the vulnerabilities of an image', () => {
  const seen = { findings: [zlib, curl, openssl] }
  const counts = { CRITICAL: 1, HIGH: 2, LOW: 9 }
  const alert = composeVulnerabilities(telling(), { seen, counts }, { ...none, fresh: seen.findings })

  test('is a valid envelope', () => {
    expect(v.parse(AlertSchema, alert)).toEqual(alert)
  })

  test('has the conclusion in its title, and counts only what matters there', () => {
    expect(alert.title).toBe('1 critical, 2 high in prod/api:1.4.2')
    expect(alert.summary).toBe('3 at HIGH or above, 2 with a fix')
    expect(alert.severity).toBe('CRITICAL')
    expect(alert.counts).toEqual(counts)
  })

  test('lists the worst first, with versions, and with what makes it urgent', () => {
    expect(alert.items.map(({ id }) => id)).toEqual(['CVE-1', 'CVE-3', 'CVE-2'])
    expect(alert.items[0]).toMatchObject({
      subject: 'openssl',
      text: '3.0.1 → 3.0.15',
      notes: ['exploit known', 'in use by 3', 'CVSS 9.8', 'EPSS 12 %'],
    })
    expect(alert.items[1]?.notes).toEqual(['EPSS < 1 %'])
    expect(alert.items[2]?.text).toBe('3.0.1, no fix yet')
  })

  test('says how many come from what it is built upon, by its name where it has one', () => {
    const layered = [finding({ layer: DIGEST }), openssl]
    const factFor = (name?: string) =>
      composeVulnerabilities(
        { ...telling(), ancestor: { layers: [DIGEST], isWhole: true, ...(name && { name }) } },
        { seen: { findings: layered }, counts },
        { ...none, fresh: layered },
      ).facts.find((fact) => fact.name === 'From the base')?.value
    expect([factFor(), factFor('base/node:22')]).toEqual(['1 of 2', '1 of 2, base/node:22'])
  })

  test('links to https only', () => {
    expect(alert.items.map(({ url }) => url)).toEqual([undefined, undefined, 'https://example.com/CVE-2'])
    expect(alert.links[0]?.url).toBe(
      `https://ap-northeast-1.console.aws.amazon.com/ecr/repositories/private/123456789012/prod/api/_/image/${encodeURIComponent(DIGEST)}/details?region=ap-northeast-1`,
    )
  })

  test('says what to do, and gives the line to pull exactly this image', () => {
    expect(alert.todo).toBe('2 of 3 are fixed by upgrading 2 packages: curl, openssl.')
    expect(alert.command).toBe(`docker pull 123456789012.dkr.ecr.ap-northeast-1.amazonaws.com/prod/api@${DIGEST}`)
  })

  test('says when it was pushed and scanned, by what, and how many have a fix', () => {
    expect(alert.facts).toEqual([
      { name: 'With a fix', value: '2 of 3' },
      { name: 'Pushed', value: '2026-11-20 08:55 UTC' },
      { name: 'Scanned', value: '2026-11-20 08:59 UTC' },
      { name: 'Scanner', value: 'basic' },
    ])
  })

  test('has one id for one piece of news, and another one for the next', () => {
    const again = composeVulnerabilities(
      telling({ now: new Date('2026-11-21T00:00:00Z'), events: ['event-2'] }),
      { seen, counts },
      { ...none, fresh: seen.findings },
    )
    expect(again.id).toBe(alert.id)
    const next = composeVulnerabilities(telling(), { seen, counts, told: remember({ findings: [zlib] }) }, none)
    expect(next.id).not.toBe(alert.id)
  })

  test('goes to the channels of the policy', () => {
    const quiet = composeVulnerabilities(telling({ policy: policy({ slack: [] }) }), { seen, counts }, none)
    expect(alert.channels).toEqual(['security'])
    expect(quiet.channels).toEqual([])
  })
})

describe('an alert that follows another one', () => {
  const told = remember({ findings: [zlib, finding({ id: 'CVE-1' }), finding({ id: 'CVE-9', package: 'bash' })] })
  const gone = { id: 'CVE-9', package: 'bash', severity: 'HIGH' } as const
  const alert = composeVulnerabilities(
    telling(),
    { seen: { findings: [openssl, zlib] }, counts: { CRITICAL: 1, HIGH: 1 }, told },
    { fresh: [openssl], known: [zlib], gone: [gone] },
  )

  test('tells what is new, fixed and known', () => {
    expect(alert.title).toBe('New in prod/api:1.4.2: 1 critical')
    expect(alert.summary).toBe('+1 new, −1 fixed, 1 known')
    expect(alert.items.map(({ id, change }) => `${id} ${change}`)).toEqual(['CVE-1 new', 'CVE-2 known', 'CVE-9 gone'])
    expect(alert.items[2]?.text).toBe('no longer found')
  })

  test('says of a finding that became worse what it was', () => {
    expect(alert.items[0]?.notes[0]).toBe('was HIGH')
  })
})

describe('an alert from the counts of the event alone', () => {
  const counts = { HIGH: 4, MEDIUM: 2 }
  const notices = ['The findings could not be read: ECR answered AccessDeniedException.']
  const alert = composeVulnerabilities(telling({ notices }), { seen: { counts: { HIGH: 4 } }, counts }, none)

  test('has no list, and says why', () => {
    expect(alert).toMatchObject({
      title: '4 high in prod/api:1.4.2',
      summary: '4 at HIGH or above',
      severity: 'HIGH',
      items: [],
      notices,
      todo: 'Open the image in the console to see its findings.',
    })
  })
})

describe('an alert on a great many things', () => {
  test('lists 200 findings and 50 tags, and counts the others', () => {
    const findings = Array.from({ length: 250 }, (_, n) => finding({ id: `CVE-${n}` }))
    const tags = Array.from({ length: 60 }, (_, n) => `v${n}`)
    const alert = composeVulnerabilities(
      telling({ image: image({ tags }) }),
      { seen: { findings }, counts: { HIGH: 250 } },
      { ...none, fresh: findings },
    )
    expect(alert.items).toHaveLength(200)
    expect(alert.omitted).toBe(50)
    expect(alert.subject.tags).toHaveLength(50)
    expect(alert.notices).toEqual(['The image has 60 tags; the first 50 are shown.'])
  })

  test('offers no line for the shell when a name is not one that a shell takes literally', () => {
    const odd = telling({ image: image({ repository: 'a;rm -rf /' }) })
    expect(composeVulnerabilities(odd, { seen: { counts: {} }, counts: {} }, none).command).toBeUndefined()
  })
})

describe('an alert on what basic scanning found', () => {
  const bare = finding({ fixed: undefined })
  const alert = composeVulnerabilities(
    telling(),
    { seen: { findings: [bare] }, counts: { HIGH: 1 } },
    { ...none, fresh: [bare] },
  )

  test('does not say that there is no fix: the scanner does not know', () => {
    expect(alert.summary).toBe('1 at HIGH or above')
    expect(alert.items[0]?.text).toBe('3.0.1')
    expect(alert.facts.map(({ name }) => name)).not.toContain('With a fix')
    expect(alert.todo).toContain('Basic scanning does not say which version fixes what.')
  })

  test('names no version that it does not know', () => {
    const unknown = finding({ fixed: undefined, installed: undefined })
    const content = { seen: { findings: [unknown] }, counts: { HIGH: 1 } }
    const told = composeVulnerabilities(telling(), content, { ...none, fresh: [unknown] })
    expect(told.items[0]?.text).toBe('version unknown')
  })
})

describe('an alert on an image with exceptions', () => {
  const agreed = exception({ finding: 'CVE-2' })
  const seen = { findings: [openssl], excepted: [{ finding: zlib, exception: agreed }] }
  const alert = composeVulnerabilities(
    telling(),
    { seen, counts: { CRITICAL: 1, HIGH: 1 } },
    { ...none, fresh: [openssl] },
  )

  test('shows what is excepted at the end, with who agreed to it, why and until when', () => {
    expect(alert.items.map(({ id, change }) => `${id} ${change}`)).toEqual(['CVE-1 new', 'CVE-2 excepted'])
    expect(alert.items[1]).toMatchObject({
      text: 'excepted until 2027-01-31 by team-a: TLS ends before this service (steward.yaml, line 12)',
      url: 'https://example.com/CVE-2',
    })
  })

  test('counts it apart', () => {
    expect(alert).toMatchObject({
      title: '1 critical in prod/api:1.4.2',
      summary: '1 at HIGH or above, 1 with a fix, 1 excepted',
      severity: 'CRITICAL',
      counts: { CRITICAL: 1, HIGH: 1 },
    })
    expect(alert.facts).toContainEqual({ name: 'Excepted', value: '1' })
  })

  test('has the severity of what counts, however bad the exceptions', () => {
    const worse = { findings: [zlib], excepted: [{ finding: openssl, exception: agreed }] }
    const told = composeVulnerabilities(
      telling(),
      { seen: worse, counts: { CRITICAL: 1, HIGH: 1 } },
      { ...none, fresh: [zlib] },
    )
    expect(told.severity).toBe('HIGH')
  })

  test('lists the worst of what is excepted first', () => {
    const excepted = [zlib, finding({ ...openssl, id: 'CVE-4' })].map((one) => ({ finding: one, exception: agreed }))
    const told = composeVulnerabilities(
      telling(),
      { seen: { findings: [curl], excepted }, counts: { CRITICAL: 1, HIGH: 2 } },
      { ...none, fresh: [curl] },
    )
    expect(told.items.map(({ id }) => id)).toEqual(['CVE-3', 'CVE-4', 'CVE-2'])
  })

  test('names the exception that has ended', () => {
    const lapsed = new Map([['CVE-2|zlib', exception({ finding: 'CVE-2', expires: '2026-11-19' })]])
    const [item] = composeVulnerabilities(
      telling(),
      { seen: { findings: [zlib], lapsed }, counts: { HIGH: 1 } },
      { ...none, fresh: [zlib] },
    ).items
    expect(item?.notes[0]).toBe(
      'the exception of team-a expired on 2026-11-19: TLS ends before this service (steward.yaml, line 12)',
    )
  })
})
