import { PassThrough } from 'node:stream'
import { describe, expect, test } from 'vitest'
import { columnsOf, oneLine, painter, progress, wrap } from '../../cli/terminal.ts'
import type { Replayed } from '../../local/replay.ts'
import { approvedLines, storyteller, summarise } from '../../local/story.ts'
import { alert } from '../builders.ts'

const plain = (_: unknown, text: string): string => text

const replayed = (change: Partial<Replayed> = {}): Replayed => ({
  input: { name: 'events/a.json', file: 'events/a.json', event: { time: '2026-11-20T09:00:00Z' } },
  detailType: 'ECR Image Scan',
  rules: ['scan-alert/BasicScan'],
  functions: ['scan-alert', 'notify'],
  steps: [
    { function: 'scan-alert', tries: 1, outcome: { outcome: 'alerted', reason: '1 at HIGH or above', event: 'e' } },
    { function: 'notify', tries: 3, outcome: { outcome: 'sent', reason: 'posted', event: 'a', channel: 'security' } },
  ],
  outcome: 'alerted',
  reason: '1 at HIGH or above',
  alerts: [alert({ notices: ['Read me.'] })],
  dead: [],
  took: 0,
  ...change,
})

describe('the story of an event', () => {
  test('goes from the rule to what was sent', () => {
    expect(storyteller(plain, 80).tell(replayed())).toMatchInlineSnapshot(`
      "
      2026-11-20

      09:00:00  ECR Image Scan  a.json
                rule        scan-alert/BasicScan
                scan-alert  alerted  1 at HIGH or above
                notify      sent #security at try 3  posted
                            ┃ 1 critical in prod/api:1.4.2
                            ┃ It is fixed by upgrading 1 package: openssl.
                            ┃ Read me."
    `)
  })

  test('says once what would read alike, and counts the messages that are many', () => {
    const told = replayed()
    const steps = [...told.steps, ...told.steps]
    const lines = storyteller(plain, 80).tell(replayed({ steps, alerts: Array.from({ length: 5 }, () => alert()) }))
    expect(lines).toContain('notify      sent #security at try 3  posted (2 times)')
    expect(lines.match(/┃ 1 critical/g)).toHaveLength(3)
    expect(lines).toContain('… and 2 more messages')
  })

  test('names the day once', () => {
    const { tell } = storyteller(plain, 80)
    expect(tell(replayed())).toContain('2026-11-20')
    expect(tell(replayed())).not.toContain('2026-11-20')
    expect(tell(replayed({ input: { name: 'x', file: 'x', event: {} } }))).toContain('no time given\n\n--:--:--')
  })

  test('says how long it took on the local clock, and what was kept', () => {
    const dead = [{ queue: 'Steward-ScanAlertWorkerDeadLetters2981B2CD-0FAF4C52F4F8', messages: 1 }]
    const told = storyteller(plain, 80).tell(replayed({ dead, took: 3_780_000 }))
    expect(told).toContain('after       63 min of waiting, which the local clock skips')
    expect(told).toContain('kept        1 in ScanAlertWorkerDeadLetters, to be looked at')
    expect(storyteller(plain, 80).tell(replayed({ took: 61_000 }))).toContain('after       61 s')
  })

  test('is one line where no rule matches', () => {
    const told = replayed({ rules: [], steps: [], alerts: [], outcome: 'quiet', reason: 'nothing at HIGH or above' })
    expect(storyteller(plain, 80).tell(told).split('\n').at(-1)).toBe(
      '          no rule     quiet  nothing at HIGH or above',
    )
  })

  test('stays within the columns, and lets nothing from outside move the cursor', () => {
    const hostile = `\u001b[2J\u202e${'x'.repeat(300)}`
    const told = replayed({
      detailType: hostile,
      input: { name: hostile, file: hostile, event: { time: '2026-11-20T09:00:00Z' } },
      steps: [{ function: 'scan-alert', tries: 1, outcome: { outcome: 'invalid', reason: hostile, event: 'e' } }],
      alerts: [alert({ title: hostile, todo: hostile })],
    })
    const lines = storyteller(plain, 80).tell(told).split('\n')
    for (const line of lines) {
      expect(line).not.toMatch(/[\p{Cc}\p{Cf}]/u)
      expect(line.length).toBeLessThanOrEqual(112)
    }
    for (const line of lines.slice(4)) expect(line.length).toBeLessThanOrEqual(80)
  })

  test('has reasons of any length', () => {
    const reason = 'detail.image-tags: expected a list of tags, found an object; detail.image-digest: expected a digest'
    const told = replayed({ rules: [], steps: [], alerts: [], outcome: 'invalid', reason })
    expect(storyteller(plain, 80).tell(told)).toContain(
      [
        '          no rule     invalid  detail.image-tags: expected a list of tags, found',
        '                               an object; detail.image-digest: expected a digest',
      ].join('\n'),
    )
  })

  test('ends in a summary', () => {
    const quiet = replayed({ alerts: [], outcome: 'quiet', dead: [{ queue: 'q', messages: 2 }] })
    expect(summarise([replayed(), quiet, quiet], 1, plain, 80)).toBe(
      '\n3 events: 2 quiet, 1 alerted\n1 alert on SNS, 1 message on Slack, 4 in dead-letter queues',
    )
  })
})

describe('the terminal', () => {
  test('gets text on one line', () => {
    expect(oneLine('a\nb\u200bc', 4)).toBe('a�b…')
    expect(oneLine('abcd', 4)).toBe('abcd')
    expect(oneLine('abc', 0)).toBe('…')
  })

  test('gets long texts broken between words, and within long ones', () => {
    expect(wrap('one two three', 8)).toEqual(['one two', 'three'])
    expect(wrap('a '.repeat(3) + 'b'.repeat(20), 8)).toEqual(['a a a', 'bbbbbbbb', 'bbbbbbbb', 'bbbb'])
  })

  test('has at most 120 columns, also where it is none', () => {
    expect(columnsOf({ columns: 80 } as NodeJS.WriteStream)).toBe(80)
    expect(columnsOf({ columns: 300 } as NodeJS.WriteStream)).toBe(120)
    expect(columnsOf({} as NodeJS.WriteStream)).toBe(120)
  })

  test('has no colours in a pipe', () => {
    const pipe = new PassThrough() as unknown as NodeJS.WriteStream
    expect(painter(pipe)('red', 'x')).toBe('x')
  })

  test('says what is being waited for, and takes it away afterwards', async () => {
    const written: string[] = []
    const terminal = { isTTY: true, write: (text: string) => written.push(text) } as unknown as NodeJS.WriteStream
    const slow = new Promise<number>((resolve) => setTimeout(resolve, 250, 7))
    expect(await progress('waiting', slow, terminal)).toBe(7)
    expect(written[0]).toContain('waiting')
    expect(written.at(-1)).toBe('\r\x1b[2K')
  })

  test('is told nothing of progress where it is a pipe', async () => {
    const written: string[] = []
    const pipe = { isTTY: false, write: (text: string) => written.push(text) } as unknown as NodeJS.WriteStream
    await progress('waiting', Promise.resolve(), pipe)
    expect(written).toEqual([])
  })
})

test('what somebody did upon an alert is shown with what came of it, as far as the first empty line', () => {
  const argv = ['clean-up', 'apply', 'a-plan', '--yes']
  const done = { argv, code: 0, lines: ['7 images deleted.', '', 'To bring them back: …'] }
  expect(approvedLines(done, (_, text) => text, 40)).toBe(
    ['', '          $ ecr-steward clean-up apply', '            a-plan --yes', '          7 images deleted.'].join(
      '\n',
    ),
  )
  expect(
    approvedLines({ ...done, lines: ['gone'] }, (_, text) => text, 120)
      .split('\n')
      .at(-1),
  ).toBe('          gone')
})
