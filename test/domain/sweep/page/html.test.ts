import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { drawn } from '../../../../functions/domain/sweep/page/drawn.ts'
import { html, json, ours } from '../../../../functions/domain/sweep/page/html.ts'

/** What a browser reads in a text or an attribute in quotes. */
const read = (markup: string): string =>
  markup
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&')

describe('html', () => {
  it('escapes what is put in, in a text and in an attribute', () => {
    const hostile = `"><img src=x onerror='alert(1)'>&amp;`
    expect(html`<p title="${hostile}">${hostile}</p>`.text).toBe(
      '<p title="&quot;&gt;&lt;img src=x onerror=&#39;alert(1)&#39;&gt;&amp;amp;">&quot;&gt;&lt;img src=x onerror=&#39;alert(1)&#39;&gt;&amp;amp;</p>',
    )
  })

  it('holds no character that ends a text or an attribute, whatever is put in, and says the same', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'<>&"\'=/ ab\\`;#39') }), (text) => {
        const { text: markup } = html`${text}`
        expect(markup).not.toMatch(/[<>"']/)
        expect(read(markup)).toBe(text)
      }),
    )
  })

  it('takes markup, lists and nothing as they are', () => {
    expect(html`<ul>${[html`<li>${1}</li>`, [ours('<li>2</li>')]]}${undefined}${false}</ul>`.text).toBe(
      '<ul><li>1</li><li>2</li></ul>',
    )
  })

  it('shows characters that nobody would see', () => {
    expect(html`${'prod/\u202Eipa\u200b'}`.text).toBe('prod/�ipa�')
  })

  it('refuses an attribute without quotes, in which a blank would begin another one', () => {
    expect(() => html`<p title=${'a onclick=b'}>`).toThrow('an attribute needs its quotes')
  })
})

describe('json', () => {
  it('ends no element, and parses to the same but for what nobody would see', () => {
    const value = { a: '</script><script>alert(1)</script><!--', b: ['\u202E', 1, null] }
    expect(json(value).text).not.toContain('<')
    expect(JSON.parse(json(value).text)).toEqual({ ...value, b: ['�', 1, null] })
  })
})

describe('drawn', () => {
  it('writes elements, and escapes texts and attributes', () => {
    expect(drawn(['p', { class: 'a"b' }, '<b>', ['code', {}, 'x']]).text).toBe(
      '<p class="a&quot;b">&lt;b&gt;<code>x</code></p>',
    )
  })
})
