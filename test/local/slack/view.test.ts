import { describe, expect, test } from 'vitest'
import type { SlackPayload } from '../../../local/slack/validate.ts'
import { viewOf } from '../../../local/slack/view.ts'

/** The view as JSON: what a test looks for may be anywhere in it. */
const shown = (payload: object): string =>
  JSON.stringify(viewOf({ at: 1_800_000_000_000, channel: 'security', payload: payload as SlackPayload }))

describe('the view of a message', () => {
  test('shows the text where there are no blocks, and only there', () => {
    const blocks = [{ type: 'divider' }]
    expect(shown({ text: '*hello*' })).toContain('{"tag":"b","children":["hello"]}')
    expect(shown({ text: 'hello', blocks })).not.toContain('hello')
    expect(shown({ text: 'hello', attachments: [{ blocks }] })).toContain('hello')
  })

  test('formats mrkdwn, and leaves plain text plain', () => {
    const elements = [
      { type: 'mrkdwn', text: '*a*' },
      { type: 'plain_text', text: '*b*' },
    ]
    const view = shown({ blocks: [{ type: 'context', elements }] })
    expect(view).toContain('{"tag":"b","children":["a"]}')
    expect(view).toContain('"*b*"')
  })

  test('shows a button without an address as one that leads nowhere', () => {
    const button = { type: 'button', text: { type: 'plain_text', text: 'Open' } }
    expect(shown({ blocks: [{ type: 'actions', elements: [button] }] })).not.toContain('href')
    expect(shown({ blocks: [{ type: 'actions', elements: [{ ...button, url: 'https://a.b/' }] }] })).toContain(
      '"href":"https://a.b/"',
    )
  })

  test('takes no colour that is none', () => {
    expect(shown({ attachments: [{ color: 'red;x', blocks: [] }] })).toContain('"color":"#dddddd"')
  })

  test('bears the instant in UTC', () => {
    expect(shown({ text: 'x' })).toContain('08:00 UTC')
  })
})
