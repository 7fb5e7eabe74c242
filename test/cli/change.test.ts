import { expect, test } from 'vitest'
import { changeLines } from '../../cli/check/change.ts'

const shown = (before: string, after: string): readonly string[] =>
  changeLines({ text: '', change: { before, after } }, (format, text) => `${format} ${text}`)

test('a change is shown as what goes and what comes', () => {
  expect(shown('{\n  "a": 1\n}', '{\n  "b": 1\n}')).toEqual([
    'dim @@ -1,3 +1,3 @@',
    'dim  {',
    'red -  "a": 1',
    'green +  "b": 1',
    'dim  }',
  ])
})

test('a long change is cut, and a terminal does not obey it', () => {
  const after = Array.from({ length: 50 }, (_, n) => `${n}\u001b[2J`).join('\n')
  const lines = shown('', after)
  expect(lines).toHaveLength(31)
  expect(lines.at(-1)).toBe('dim … and 21 lines more; --json has all')
  expect(lines.join('')).not.toContain('\u001b')
})

test('a fix that changes no document has none', () => {
  expect(changeLines({ text: '' }, (_, text) => text)).toEqual([])
})
