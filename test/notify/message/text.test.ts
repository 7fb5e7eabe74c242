import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { code, cut, httpsUrl, link, plain, sentence, words } from '../../../functions/notify/message/text.ts'

describe('cutting', () => {
  test('never splits an entity, and says that something is missing', () => {
    expect(words('a<b<c', 9)).toBe('a&lt;b…')
    expect(words('a<b', 6)).toBe('a&lt;b')
  })

  test('never splits a surrogate pair', () => {
    expect(cut('🚢🚢🚢', 4)).toBe('🚢…')
    expect(cut('\ud83d🚢', 9)).toBe('\ufffd🚢')
  })

  test('keeps every length within what was asked for', () => {
    const most = fc.integer({ min: 4, max: 200 })
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), most, (text, limit) => {
        for (const form of [cut, words, code, sentence]) expect(form(text, limit).length).toBeLessThanOrEqual(limit)
      }),
    )
  })
})

describe('a text from outside', () => {
  test('loses what cannot be seen, and keeps its words apart', () => {
    expect(plain('a\u202eb\u200bc\r\nd\u0000e\u3164f')).toBe('abc d ef')
  })

  test.each(['@here', '@Channel', '@everyone', '@\u200bhere'])('rings nobody with %j', (mention) => {
    expect(plain(`x ${mention} y`)).not.toMatch(/@(here|channel|everyone)/i)
  })

  test('stands in a code span where it would format', () => {
    expect(words('*bold*', 50)).toBe('`*bold*`')
    expect(words('`rm`', 50)).toBe('`ˋrmˋ`')
    expect(words('3.0.11-1~deb12u2', 50)).toBe('3.0.11-1~deb12u2')
  })

  test('keeps a code span closed, however short it is cut', () => {
    expect(code('abcdef', 5)).toBe('`ab…`')
    expect(code('   ', 5)).toBe('–')
  })
})

describe('a link', () => {
  test.each([
    'http://example.com/',
    'javascript:alert(1)',
    'https://user@example.com/',
    'https://exa`mple.com/',
    'https://',
    `https://example.com/${'x'.repeat(3_000)}`,
  ])('is not made of %.40s', (url) => {
    expect(httpsUrl(url)).toBeUndefined()
  })

  test('encodes what would end it', () => {
    expect(link('https://example.com/?a=1&b=<|>`', 'a|b>', 20)).toBe(
      '<https://example.com/?a=1&amp;b=%3C%7C%3E%60|a¦b&gt;>',
    )
  })

  test('is its text where there is no address', () => {
    expect(link(undefined, 'CVE-1', 20)).toBe('CVE-1')
  })
})
