import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { code, row, words } from '../../functions/domain/markdown.ts'

/** Letters of which markup, addresses, mentions and commands are made. */
const hostile = fc.string({
  unit: fc.constantFrom(...'`|<>[]()!*_~#:/@-+=&$\\ \n\r\u001b\u202ew.aG1H'),
  maxLength: 400,
})

describe('words', () => {
  it('leaves no mark as one, and nobody mentioned, whatever comes', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const shown = words(text)
        // With a letter in the place of every character that a backslash makes plain.
        const plain = shown.replace(/\\[\\`*_{}[\]<>()|~!&$:.\-+=#]/g, 'x')
        expect(plain).not.toMatch(/[\\`*_{}[\]<>()|~!&$@]|:\/\/|#\d|[\p{Cc}\p{Cf}]|GH-\d/u)
        expect(shown).not.toContain('##[')
      }),
    )
  })
})

describe('code', () => {
  it('stays within its marks and its cell, and begins no command of a runner', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        expect(code(text).slice(1, -1)).not.toMatch(/[`|\p{Cc}\p{Cf}]|##\[/u)
      }),
    )
  })

  it('shows an ordinary name as it is', () => {
    expect(row([code('prod/api:1.4.2'), 12])).toBe('| `prod/api:1.4.2` | 12 |')
  })
})
