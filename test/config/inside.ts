import { expect } from 'vitest'
import { parseConfig } from '../../config/parse.ts'
import { NOW, policyFile } from './read.ts'

/** There is a configuration, or faults, of which every one points into the text: an editor jumps there. */
export function expectFaultsInside(text: string): void {
  const result = parseConfig(text, 'steward.yaml', NOW, policyFile)
  if (!('faults' in result)) {
    expect(JSON.parse(JSON.stringify(result.config))).toStrictEqual(result.config)
    return
  }
  const lines = text.split('\n')
  expect(result.faults).not.toEqual([])
  for (const { line, column, message } of result.faults) {
    expect(line).toBeGreaterThanOrEqual(1)
    expect(line).toBeLessThanOrEqual(lines.length)
    expect(column).toBeGreaterThanOrEqual(1)
    expect(column).toBeLessThanOrEqual((lines[line - 1] ?? '').length + 1)
    expect(message).not.toMatch(/\[object|undefined|\bNaN\b|\n/)
  }
}
