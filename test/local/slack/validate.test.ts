import { describe, expect, test } from 'vitest'
import { judge } from '../../../local/slack/validate.ts'

const text = (value: string) => ({ type: 'mrkdwn', text: value })
const plainText = (value: string) => ({ type: 'plain_text', text: value })
const section = (value: string) => ({ type: 'section', text: text(value) })
const button = (changes: object) => ({
  type: 'actions',
  elements: [{ type: 'button', text: plainText('x'), ...changes }],
})

describe('the judge of payloads', () => {
  test('takes a text, or blocks, or both', () => {
    for (const payload of [{ text: 'x' }, { blocks: [section('x')] }, { text: 'x', attachments: [{ blocks: [] }] }])
      expect(judge(payload)).toEqual({ status: 200, body: 'ok', faults: [] })
  })

  test.each<[string, unknown, string]>([
    ['what is no object', [], 'invalid_payload'],
    ['a text that is none', { text: 1 }, 'invalid_payload'],
    ['nothing to show', { attachments: [] }, 'no_text'],
    ['too many attachments', { text: 'x', attachments: Array(101).fill({}) }, 'too_many_attachments'],
    [
      'blocks of more than 13,200 characters',
      { blocks: Array(5).fill(section('x'.repeat(2_700))) },
      'msg_blocks_too_long',
    ],
    ['a text of more than 40,000 characters', { text: 'x'.repeat(40_001) }, 'msg_too_long'],
  ])('refuses %s', (_, payload, body) => {
    expect(judge(payload)).toMatchObject({ status: 400, body })
  })

  test.each<[string, unknown, string]>([
    ['51 blocks', Array(51).fill({ type: 'divider' }), '51 blocks: at most 50'],
    ['a block that it does not know', [{ type: 'video' }], 'block 0: unknown type video'],
    ['a block by the name of a built-in', [{ type: 'constructor' }], 'block 0: unknown type constructor'],
    ['a field that a block does not have', [{ type: 'divider', text: 'x' }], 'block 0 (divider): no field text here'],
    [
      'a long header',
      [{ type: 'header', text: plainText('x'.repeat(151)) }],
      'block 0 (header): 151 characters, at most 150',
    ],
    ['mrkdwn in a header', [{ type: 'header', text: text('x') }], 'block 0 (header): mrkdwn is not allowed here'],
    ['a long section', [section('x'.repeat(3_001))], 'block 0 (section).text: 3001 characters, at most 3000'],
    ['an empty text', [section('')], 'block 0 (section).text: empty'],
    ['a section of nothing', [{ type: 'section' }], 'block 0 (section): a section has text or fields'],
    ['eleven fields', [{ type: 'section', fields: Array(11).fill(text('x')) }], 'block 0 (section): 11 fields'],
    ['eleven elements', [{ type: 'context', elements: Array(11).fill(text('x')) }], 'block 0 (context): 11 elements'],
    [
      'a long label',
      [button({ text: plainText('x'.repeat(76)) })],
      'block 0 (actions).elements[0]: 76 characters, at most 75',
    ],
    [
      'a button to no web address',
      [button({ url: 'javascript:x' })],
      'block 0 (actions).elements[0]: url is no web address',
    ],
    [
      'a long address',
      [button({ url: `https://a/${'x'.repeat(3_000)}` })],
      'block 0 (actions).elements[0]: url of more than 3000 characters',
    ],
    ['a block that is none', ['x'], 'block 0: expected an object'],
    ['a text that is none', [{ type: 'section', text: 'x' }], 'block 0 (section).text: expected a text object'],
    ['a text of no kind', [{ type: 'section', text: { type: 'x' } }], 'block 0 (section).text: unknown type of text'],
    [
      'a flag that is none',
      [{ type: 'section', text: { ...text('x'), verbatim: 1 } }],
      'block 0 (section).text: a flag',
    ],
    ['fields that are no list', [{ type: 'section', fields: 1 }], 'block 0 (section): fields is no list'],
    ['elements that are no list', [{ type: 'actions' }], 'block 0 (actions): elements is no list'],
    [
      'an element that is no button',
      [{ type: 'actions', elements: [{}] }],
      'block 0 (actions).elements[0]: only buttons are known here',
    ],
    ['a style that is none', [button({ style: 'big' })], 'block 0 (actions).elements[0]: unknown style'],
    [
      'a long action_id',
      [button({ action_id: 'x'.repeat(256) })],
      'block 0 (actions).elements[0]: action_id of more than 255 characters',
    ],
    ['a bare <', [section('a < b')], 'block 0 (section).text: a bare < or >'],
    ['a bare &', [section('a & b')], 'block 0 (section).text: a bare &'],
    ['half an entity', [section('a &l')], 'block 0 (section).text: a bare &'],
    ['a control sequence that is none', [section('<b>')], 'block 0 (section).text: <b>'],
    ['half a surrogate pair', [section('\ud83d')], 'block 0 (section).text: half a surrogate pair'],
    ['an open code span', [section('`a')], 'block 0 (section).text: a code span that does not end'],
    ['an open code block', [section('```a')], 'block 0 (section).text: a code block that does not end'],
  ])('refuses %s, and says where', (_, blocks, fault) => {
    expect(judge({ blocks })).toMatchObject({ status: 400, body: 'invalid_blocks', faults: [fault] })
    expect(judge({ text: 'x', attachments: [{ blocks }] })).toMatchObject({ body: 'invalid_blocks', faults: [fault] })
  })

  test('refuses blocks and attachments that are no lists', () => {
    expect(judge({ text: 'x', blocks: 1 })).toMatchObject({ faults: ['blocks: expected a list'] })
    expect(judge({ text: 'x', attachments: 1 })).toMatchObject({ faults: ['attachments: expected a list'] })
    expect(judge({ text: '<x' })).toMatchObject({ status: 400, body: 'invalid_payload' })
  })

  test('refuses a colour that is none', () => {
    expect(judge({ text: 'x', attachments: [{ color: 'red;' }] })).toMatchObject({ body: 'invalid_blocks' })
  })
})
