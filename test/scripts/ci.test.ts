import { spawnSync } from 'node:child_process'
import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'

const ROOT = join(import.meta.dirname, '../..')
const folders: string[] = []
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true })
})

/** Runs .ci/run in a folder where npm and chromium do nothing but what the test says, and the check leaves a report. */
function runCi(report: object | undefined, checkStatus: number): { status: number | null; last: string } {
  const root = mkdtempSync(join(tmpdir(), 'steward-ci-'))
  folders.push(root)
  cpSync(join(ROOT, '.ci/run'), join(root, '.ci/run'))
  mkdirSync(join(root, 'bin'))
  mkdirSync(join(root, '.cache'))
  if (report) writeFileSync(join(root, 'report.json'), JSON.stringify(report))
  const npm = `[ "$1" = ci ] && exit 0; [ -f report.json ] && cp report.json .cache/tests.json; exit ${checkStatus}`
  for (const [name, script] of [
    ['npm', npm],
    ['chromium', 'exit 0'],
  ] as const) {
    writeFileSync(join(root, 'bin', name), `#!/bin/sh\n${script}\n`)
    chmodSync(join(root, 'bin', name), 0o755)
  }
  const { status, stdout } = spawnSync(join(root, '.ci/run'), {
    encoding: 'utf8',
    env: { ...process.env, PATH: [join(root, 'bin'), process.env.PATH].join(delimiter) },
  })
  return { status, last: stdout.trimEnd().split('\n').at(-1) ?? '' }
}

const numbers = (passed: number, failed: number, failedFiles = failed) => ({
  numPassedTests: passed,
  numFailedTests: failed,
  numFailedTestSuites: failedFiles,
})

describe('.ci/run', () => {
  it('ends with the numbers of the test runner', () => {
    expect(runCi(numbers(1_777, 0), 0)).toEqual({ status: 0, last: '1777 passed, 0 failed' })
  })

  it('says the same when something failed, and fails', () => {
    expect(runCi(numbers(1_770, 7, 3), 1)).toEqual({ status: 1, last: '1770 passed, 7 failed' })
  })

  it('fails when tests pass and another check does not', () => {
    expect(runCi(numbers(1_777, 0), 1)).toEqual({ status: 1, last: '1777 passed, 0 failed' })
  })

  it('counts a test file that could not be loaded', () => {
    expect(runCi(numbers(1_700, 0, 2), 1)).toEqual({ status: 1, last: '1700 passed, 2 failed' })
  })

  it('does not call it a success when nothing was tested', () => {
    expect(runCi(undefined, 1)).toEqual({ status: 1, last: '0 passed, 1 failed' })
  })
})
