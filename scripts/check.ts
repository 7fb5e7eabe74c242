import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { styleText } from 'node:util'
import { type Result, ROOT, runStep, type Step } from './step.ts'
import { STEPS, TEST_REPORT } from './steps.ts'

const MARKS = {
  passed: () => styleText('green', '✓'),
  failed: () => styleText('red', '✗'),
  skipped: () => styleText('yellow', '↓'),
} as const

const indented = (lines: readonly string[]): string[] => lines.map((line) => `    ${line}`)

/** A step that went well is a line; one that did not is all that it said. */
export function report({ name, state, seconds, output, told }: Result): string {
  const note = state === 'skipped' ? `skipped: ${output}` : `${seconds.toFixed(1)} s`
  const head = `${MARKS[state]()} ${name.padEnd(24)}${styleText('dim', note)}`
  return [head, ...indented(state === 'failed' ? output.trimEnd().split('\n') : told)].join('\n')
}

export function summary(results: readonly Result[]): string {
  const failed = results.filter(({ state }) => state === 'failed').map(({ name }) => name)
  const skipped = results.filter(({ state }) => state === 'skipped').length
  const seconds = results.reduce((sum, result) => sum + result.seconds, 0)
  const note = `${skipped > 0 ? `, ${skipped} skipped` : ''} in ${seconds.toFixed(0)} s`
  return failed.length === 0
    ? styleText('green', `All ${results.length - skipped} checks passed${note}.`)
    : styleText('red', `${failed.length} of ${results.length} checks failed${note}: ${failed.join(', ')}.`)
}

type Terminal = Pick<NodeJS.WriteStream, 'write' | 'isTTY'>

/**
 * Runs the steps one after the other, all of them, whatever fails on the way.
 * @returns exit code
 */
export async function check(steps: readonly Step[], out: Terminal = process.stdout): Promise<number> {
  const results: Result[] = []
  for (const step of steps) {
    if (out.isTTY) out.write(`… ${step.name}`)
    const result = await runStep(step)
    results.push(result)
    out.write(`${out.isTTY ? '\r\u001b[K' : ''}${report(result)}\n`)
  }
  out.write(`\n${summary(results)}\n`)
  return results.some(({ state }) => state === 'failed') ? 1 : 0
}

if (import.meta.main) {
  rmSync(join(ROOT, TEST_REPORT), { force: true })
  process.exitCode = await check(STEPS)
}
