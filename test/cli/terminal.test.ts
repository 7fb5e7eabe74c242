import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { number } from '../../cli/option.ts'
import { showProgress } from '../../cli/progress.ts'
import { tableLines } from '../../cli/table.ts'
import { oneLine, widthOf, wrap } from '../../cli/terminal.ts'
import { recorder } from './cli.ts'

const plain = (_: unknown, text: string): string => text

describe('cells of a terminal', () => {
  test.each([
    ['prod/api', 8],
    ['名前', 4],
    ['é', 1],
    ['e\u0301', 1],
    ['🚀', 2],
  ])('%s takes %i', (text, width) => {
    expect(widthOf(text)).toBe(width)
  })

  test('are never exceeded by a cut or a break', () => {
    for (const text of ['名前名前名前', 'plain text of some words', '🚀🚀🚀🚀 x']) {
      for (const width of [2, 3, 5, 8]) {
        expect(widthOf(oneLine(text, width))).toBeLessThanOrEqual(width)
        for (const line of wrap(text, width)) expect(widthOf(line)).toBeLessThanOrEqual(width)
      }
    }
  })
})

describe('a table', () => {
  const rows = [
    [{ text: 'a' }, { text: 'one two three four five six seven' }],
    [{ text: 'longer' }, { text: 'x' }],
  ]
  test('breaks its last column between words, and aligns it', () => {
    expect(tableLines(rows, 32, plain)).toEqual(['a       one two three four five', '        six seven', 'longer  x'])
  })

  test('has it below where there is no room beside', () => {
    expect(tableLines(rows, 28, plain)).toEqual([
      'a',
      '    one two three four five',
      '    six seven',
      'longer',
      '    x',
    ])
  })
})

describe('progress', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  test('is a line on a terminal that is gone in the end', () => {
    const { stream, text } = recorder(20)
    let done = 0
    const end = showProgress(stream, () => `${done} repositories judged`)
    done = 7
    vi.advanceTimersByTime(100)
    end()
    vi.advanceTimersByTime(1_000)
    expect(text()).toBe('\r\u001b[2K⠙ 7 repositories j…\r\u001b[2K')
  })

  test('is nothing in a pipe', () => {
    const { stream, text } = recorder()
    const end = showProgress(stream, () => 'x')
    vi.advanceTimersByTime(1_000)
    end()
    expect(text()).toBe('')
  })
})

describe('a number on the command line', () => {
  const { read } = number('--rate <N>', 'Rate.', { least: 0.1, most: 100 })
  test.each([
    ['50', 50],
    ['0.5', 0.5],
  ])('%s', (given, value) => {
    expect(read?.(given, undefined)).toBe(value)
  })

  test.each(['0', '101', '-1', '1e2', 'x', '', ' 5', '0x10'])('is not %j', (given) => {
    expect(() => read?.(given, undefined)).toThrow('Expected a number from 0.1 to 100.')
  })

  test('may have to be whole', () => {
    const whole = number('--concurrency <N>', 'At once.', { least: 1, most: 500, isWhole: true })
    expect(whole.read?.('50', undefined)).toBe(50)
    expect(() => whole.read?.('1.5', undefined)).toThrow('Expected a whole number from 1 to 500.')
  })
})
