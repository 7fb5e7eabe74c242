import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { tellCi } from '../../../../cli/gate/ci/tell-ci.ts'
import type { GateResult } from '../../../../functions/domain/gate/result.ts'
import { recorder } from '../../cli.ts'
import { everywhere, excepted, failing, full, gateResult, many, RESULTS, unknown } from '../results.ts'

const folder = mkdtempSync(join(tmpdir(), 'steward-ci-'))
afterAll(() => rmSync(folder, { recursive: true }))

function told(
  result: GateResult,
  env: NodeJS.ProcessEnv,
  formats: readonly string[] = ['table'],
  source = 'Dockerfile',
) {
  const [stdout, stderr] = [recorder(), recorder()]
  const io = { stdout: stdout.stream, stderr: stderr.stream, env, cwd: folder, now: () => new Date() }
  tellCi(result, { source }, io, { formats })
  expect(stdout.text()).toBe('')
  return stderr.text()
}

let files = 0
const inActions = (result: GateResult, before?: string) => {
  const file = join(folder, `summary-${files++}.md`)
  if (before !== undefined) writeFileSync(file, before)
  const err = told(result, { GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: file })
  return { err, summary: readFileSync(file, 'utf8') }
}

describe('outside of CI', () => {
  it('nothing is told', () => {
    expect(told(failing(), {})).toBe('')
    expect(told(failing(), { GITHUB_ACTIONS: 'false', GITHUB_STEP_SUMMARY: join(folder, 'no') })).toBe('')
  })
})

describe('in GitHub Actions', () => {
  it('the result is in the summary, and annotated: the verdict, then what to do', () => {
    const { err, summary } = inActions(excepted())
    expect(summary).toMatch(/^## ❌ FAIL: 1 high/)
    expect(err).toBe(
      [
        '::error file=Dockerfile,title=ecr-steward%3A FAIL::1 high in prod/api:1.4.2 (0 allowed), and 1 rule fails',
        '::error file=Dockerfile,title=Upgrade curl to 3.0.15::prod/api:1.4.2: closes 1 (1 over the limit): CVE-2026-6666',
        '::error file=Dockerfile,title=non-root-user%3A fail::It runs as root. Name a user in the Dockerfile.',
        '',
      ].join('\n'),
    )
  })

  it.each([
    ['passing', '::notice file=Dockerfile,title=ecr-steward%3A PASS::'],
    ['scan', '::notice file=Dockerfile,title=ecr-steward%3A SCANNED::'],
    ['unknown', '::error file=Dockerfile,title=ecr-steward%3A UNKNOWN::prod/api:1.4.2 could not be judged'],
    ['lenient', '::warning file=Dockerfile,title=ecr-steward%3A UNKNOWN::prod/api:1.4.2 passes unjudged'],
  ])('the verdict of %s is told at its level', (name, line) => {
    expect(inActions(RESULTS[name]?.() ?? gateResult()).err.startsWith(line)).toBe(true)
  })

  it('says what to do where no upgrade is known, and where a platform is not', () => {
    expect(inActions(failing()).err).toContain('title=No upgrade is known::Rebuild on a newer base image')
    expect(inActions(unknown()).err).toContain(
      'title=Not known%3A linux/arm64::It was never scanned. With --start-scan the gate',
    )
  })

  it('annotates five times at most', () => {
    const [upgrade] = excepted().upgrades
    const upgrades = Array.from({ length: 50 }, () => upgrade as NonNullable<typeof upgrade>)
    expect(
      inActions({ ...excepted(), upgrades })
        .err.trimEnd()
        .split('\n'),
    ).toHaveLength(5)
  })

  it('adds to a summary, and keeps the whole of it below what GitHub takes', () => {
    const { summary } = inActions(failing(), '# Build\n')
    expect(summary).toMatch(/^# Build\n\n## ❌ FAIL/)
    for (const size of [900_000, 990_000, 998_000, 999_800]) {
      const grown = inActions(many(), 'x'.repeat(size)).summary
      expect(Buffer.byteLength(grown)).toBeLessThanOrEqual(1_000_000)
      expect(grown).toContain('\n## ❌ FAIL: 2,000 critical')
    }
  })

  it('says that a summary is full, and leaves it as it is', () => {
    const { err, summary } = inActions(failing(), 'x'.repeat(1_100_000))
    expect(summary).toHaveLength(1_100_000)
    expect(err).toMatch(/^warning: The job summary is full/)
    expect(err).toContain('::error ')
  })

  it('warns of a summary that cannot be written, and annotates all the same', () => {
    const err = told(failing(), { GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: join(folder, 'no', 'such', 'folder') })
    expect(err).toMatch(/^warning: The job summary could not be written: ENOENT/)
    expect(err).toContain('title=ecr-steward%3A FAIL')
    expect(told(failing(), { GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: folder })).toContain('could not be written')
  })

  it('annotates where there is no summary', () => {
    expect(told(failing(), { GITHUB_ACTIONS: 'true' })).toMatch(/^::error file=Dockerfile/)
  })

  it('gives no command but its own, whatever comes from outside', () => {
    const hostile = fc.string({ unit: fc.constantFrom(...':#[]%, \n\r\t\u001b\u202e\u2028abc'), maxLength: 80 })
    fc.assert(
      fc.property(hostile, fc.constantFrom('excepted', 'unknown', 'failing'), (text, name) => {
        const result = { ...everywhere(text, full()), ...everywhere(text, RESULTS[name]?.() ?? full()) }
        const lines = told(result, { GITHUB_ACTIONS: 'true' }, [], `${text}Dockerfile`).trimEnd().split('\n')
        expect(lines.length).toBeLessThanOrEqual(5)
        for (const line of lines) {
          expect(line).toMatch(/^::(?:error|warning|notice) file=[^:,]*,title=[^:,]*::[^\p{Cc}\p{Cf}]*$/u)
          expect(line).not.toContain('##[')
        }
      }),
      { numRuns: 60 },
    )
  })
})

describe('in CodeBuild', () => {
  const env = { CODEBUILD_BUILD_ID: 'build:1' }

  it('says how findings become a test report', () => {
    expect(told(failing(), env)).toMatch(/^hint: .*--output junit=/)
  })

  it('is silent where one is written already', () => {
    expect(told(failing(), env, ['table', 'junit'])).toBe('')
  })
})
