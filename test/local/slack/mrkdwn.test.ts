import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { mrkdwn } from '../../../local/slack/mrkdwn.ts'
import type { Node } from '../../../local/slack/node.ts'

describe('mrkdwn', () => {
  test.each<[string, Node[]]>([
    ['a *b* c', ['a ', { tag: 'b', children: ['b'] }, ' c']],
    ['_i_ ~s~', [{ tag: 'i', children: ['i'] }, ' ', { tag: 's', children: ['s'] }]],
    ['*_both_*', [{ tag: 'b', children: [{ tag: 'i', children: ['both'] }] }]],
    ['`*code*`', [{ tag: 'code', children: ['*code*'] }]],
    ['```a\nb```', [{ tag: 'pre', children: ['a\nb'] }]],
    ['a\nb', ['a', { tag: 'br' }, 'b']],
    ['> quoted\nnot', [{ tag: 'blockquote', children: ['quoted'] }, 'not']],
    ['<https://a.b/?x=1&amp;y=2|text>', [{ tag: 'a', href: 'https://a.b/?x=1&y=2', children: ['text'] }]],
    ['<https://a.b/>', [{ tag: 'a', href: 'https://a.b/', children: ['https://a.b/'] }]],
    ['&lt;b&gt; &amp;amp;', ['<b> &amp;']],
  ])('shows %j as Slack does', (text, nodes) => {
    expect(mrkdwn(text)).toEqual(nodes)
  })

  test.each(['3.0.11-1~deb12u2 → 3~x', 'snake_case_name', '2 * 3 * 4', '* a*', 'a*b*c'])(
    'leaves %j as it is',
    (text) => {
      expect(mrkdwn(text)).toEqual([text])
    },
  )

  test('marks a mention, so that one is seen', () => {
    expect(mrkdwn('<!channel>')).toEqual([{ tag: 'mark', children: ['@channel'] }])
  })

  test('makes no link of what is no web address', () => {
    expect(mrkdwn('<javascript:alert(1)|x>')).toEqual([{ tag: 'mark', children: ['x'] }])
  })

  test('loses no letter of any text', () => {
    const lettersOf = (nodes: readonly Node[]): string =>
      nodes.map((node) => (typeof node === 'string' ? node : lettersOf(node.children ?? []))).join('')
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('a', 'b', ' ', '*', '_', '~', '`', '\n', '.') }), (text) => {
        expect(lettersOf(mrkdwn(text)).replace(/[^ab]/g, '')).toBe(text.replace(/[^ab]/g, ''))
      }),
    )
  })
})
