import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { parse } from 'valibot'
import { afterAll, describe, expect, test } from 'vitest'
import { ReplayedSchema } from '../../../cli/replay/result.ts'
import { run } from '../../../cli/run.ts'
import { recorder } from '../cli.ts'

const ROOT = join(import.meta.dirname, '../../..')
const event = (name: string) => readFileSync(join(ROOT, 'events', name), 'utf8')
const [CRITICAL, CLEAN, BROKEN] = ['basic-scan-critical', 'basic-scan-medium-only', 'malformed-digest-missing'].map(
  (name) => event(`${name}.json`),
) as [string, string, string]

const folder = mkdtempSync(join(tmpdir(), 'steward-replay-'))
afterAll(() => rmSync(folder, { recursive: true }))

type Options = { readonly files?: Readonly<Record<string, string>>; readonly stdin?: string; readonly columns?: number }

/** Without the colours of a terminal. */
const COLOUR = new RegExp(`${String.fromCharCode(27)}\\[\\d+m`, 'g')
const plain = (text: string): string => text.replace(COLOUR, '')

/** Runs it in a folder with these files, by the steward.yaml that is shipped, without anything of AWS in the environment. */
async function replay(words: readonly string[], { files = {}, stdin = '', columns }: Options = {}) {
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
  const [stdout, stderr] = [recorder(columns), recorder()]
  const code = await run(['replay', ...words], {
    ...{ stdout: stdout.stream, stderr: stderr.stream, stdin: Readable.from([stdin]) },
    ...{
      cwd: folder,
      env: { ECR_STEWARD_CONFIG: join(ROOT, 'steward.yaml') },
      now: () => new Date('2026-11-28T12:00:00Z'),
    },
  })
  return { code, out: plain(stdout.text()), err: stderr.text() }
}

const lines = (out: string) =>
  out
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
const flat = (text: string): string => JSON.stringify(JSON.parse(text))
const withId = (text: string, id: string): string => JSON.stringify({ ...JSON.parse(text), id })

describe('what a file may hold', () => {
  const sqs = (body: string, more: object = {}) => ({
    messageId: 'm1',
    receiptHandle: 'r1',
    body,
    attributes: { ApproximateReceiveCount: '10' },
    eventSource: 'aws:sqs',
    ...more,
  })
  const sns = (message: string) =>
    JSON.stringify({ Type: 'Notification', TopicArn: 'arn:aws:sns:eu-west-1:111122223333:x', Message: message })

  test.each<[string, string, string[]]>([
    ['one event', CRITICAL, ['f.json alerted']],
    ['an event behind a byte order mark', `\uFEFF${CRITICAL}`, ['f.json alerted']],
    ['an array', `[${CRITICAL},${CLEAN}]`, ['f.json#1 alerted', 'f.json#2 quiet']],
    ['a line for each', `${flat(CRITICAL)}\n\n${flat(CLEAN)}\n`, ['f.json#1 alerted', 'f.json#2 quiet']],
    ['one printed after the other', CRITICAL + CLEAN, ['f.json#1 alerted', 'f.json#2 quiet']],
    [
      'the batch of a function',
      JSON.stringify({ Records: [sqs(CRITICAL), sqs(CLEAN)] }),
      ['f.json#1 alerted', 'f.json#2 quiet'],
    ],
    [
      'what SNS hands a function',
      JSON.stringify({ Records: [{ EventSource: 'aws:sns', Sns: { Message: CRITICAL } }] }),
      ['f.json alerted'],
    ],
    [
      'what aws sqs receive-message prints',
      JSON.stringify({ Messages: [{ MessageId: 'm', Body: CRITICAL, ReceiptHandle: 'r' }] }),
      ['f.json alerted'],
    ],
    ['one message of it', JSON.stringify({ MessageId: 'm', Body: CRITICAL }), ['f.json alerted']],
    [
      'an envelope of SNS in one of SQS',
      JSON.stringify({ Messages: [{ MessageId: 'm', Body: sns(CRITICAL) }] }),
      ['f.json alerted'],
    ],
    ['a body that is no JSON', JSON.stringify({ Messages: [{ MessageId: 'm', Body: 'help' }] }), ['f.json invalid']],
    ['a body that is no object', JSON.stringify({ Messages: [{ MessageId: 'm', Body: '[1]' }] }), ['f.json invalid']],
  ])('%s', async (_, text, expected) => {
    const { code, out } = await replay(['f.json', '--json'], { files: { 'f.json': text } })
    const all = lines(out).map((line) => parse(ReplayedSchema, line))
    expect(all.map(({ event: name, outcome }) => `${name} ${outcome}`)).toEqual(expected)
    expect(code).toBe(expected.some((line) => line.endsWith('invalid')) ? 3 : 0)
  })

  test('comes in by stdin', async () => {
    const { out } = await replay(['-', '--json'], { stdin: CRITICAL })
    expect(lines(out)).toMatchObject([{ event: 'stdin', outcome: 'alerted' }])
  })

  test('in a batch that was handed over is one batch, hours apart; events of a file are where they come close together', async () => {
    const late = JSON.stringify({ ...JSON.parse(CRITICAL), id: 'late', time: '2026-11-29T00:00:00Z' })
    const files = {
      'batch.json': JSON.stringify({ Records: [sqs(CRITICAL), sqs(late)] }),
      'list.json': `[${CRITICAL},${late}]`,
    }
    const { out } = await replay(['batch.json', 'list.json', '--json'], { files })
    expect(lines(out).map(({ batch, outcome }) => [batch, outcome])).toEqual([
      [1, 'grouped'],
      [1, 'alerted'],
      [2, 'known'],
      [3, 'known'],
    ])
  })
})

describe('what cannot be read ends with 2, and names the place', () => {
  test.each<[string, string, string]>([
    ['a fault in the middle', '{\n "id": "x",\n "detail": nope\n}', 'f.json:3: no JSON: JSON does not go on with "o".'],
    ['a text that ends early', '{\n "id": "x",\n "detail": {', 'f.json:3: no JSON: it ends before its JSON does.'],
    [
      'a line among many',
      `${flat(CRITICAL)}\n${flat(CLEAN)}\n{"id" "x"}\n`,
      'f.json:3: no JSON: JSON does not go on with "\\"".',
    ],
    ['a page of HTML', '<html>\n', 'f.json:1: no JSON: JSON does not go on with "<".'],
    ['nothing', ' \n', 'f.json holds no event.'],
    ['an empty list', '[]', 'f.json holds no event.'],
    ['an empty queue', '{"Messages":[]}', 'f.json holds no event.'],
  ])('%s', async (_, text, expected) => {
    const { code, out, err } = await replay(['f.json'], { files: { 'f.json': text } })
    expect([code, out]).toEqual([2, ''])
    expect(err).toContain(`error: ${expected}\n  Expected: an EventBridge event`)
  })

  test.each([
    ['a file that is not there', 'none.json', '"none.json" is not there.'],
    ['a folder', 'sub', '"sub" is a folder.'],
  ])('%s', async (_, word, expected) => {
    mkdirSync(join(folder, 'sub'), { recursive: true })
    const { code, err } = await replay([word])
    expect(code).toBe(2)
    expect(err).toContain(expected)
  })

  test('no file at all, and a home that is none', async () => {
    expect((await replay([])).code).toBe(2)
    const { code, err } = await replay(['f.json', '--home', 'here'], { files: { 'f.json': CRITICAL } })
    expect([code, err]).toEqual([2, expect.stringContaining('--home "here" is no registry.')])
  })
})

describe('how it is told', () => {
  test('an event that is not what AWS documents ends with 3, and names the field', async () => {
    const { code, out } = await replay(['a.json', 'b.json'], { files: { 'a.json': CLEAN, 'b.json': BROKEN } })
    expect(code).toBe(3)
    expect(out.split('\n')[1]).toBe(
      'invalid\tb.json\tscan-alert/BasicScan\tscan-alert\t\t\tdetail.image-digest: expected a digest such as sha256:4aa0…, found nothing',
    )
  })

  test('on a terminal as a story: rule, decision, the alert as a person gets it, the calls', async () => {
    const { code, out, err } = await replay(['f.json'], { files: { 'f.json': CRITICAL }, columns: 120 })
    expect(code).toBe(0)
    for (const words of [
      '00:03:05  ECR Image Scan  f.json',
      '          rule        scan-alert/BasicScan',
      '          scan-alert  alerted  23 at HIGH or above',
      '          notify      sent #security  would be posted',
      '          to          #security on Slack, whoever subscribes to the alerts topic',
      '          ┃ 6 critical, 17 high in prod/api:1.4.2',
      '          would call  ecr:DescribeImageScanFindings  prod/api@sha256:89562fbf1f11',
    ])
      expect(out).toContain(words)
    expect(err).toContain('1 event: 1 alerted\nTold from the events alone: no account is asked')
    expect(err).toContain("Taken for the stack's own: registry 123456789012 in ap-northeast-1.")
  })

  test('why no rule lets an event through, in the words of the patterns', async () => {
    const { out } = await replay(['f.json'], { files: { 'f.json': CLEAN }, columns: 120 })
    expect(out).toContain(
      'no rule     scan-alert/BasicScan: none of these: detail.finding-severity-counts.CRITICAL > 0,',
    )
    expect(out).toContain('so          quiet  nothing at HIGH or above: 3 medium, 3 low, 1 informational')
  })

  test('hostile texts without anything that moves the cursor, hides or rings', async () => {
    const text = `[${event('basic-scan-hostile-text.json')},${event('call-with-hostile-names.json')},${event('malformed-repository-name.json')}]`
    const files = { 'f.json': text, 'e\u001b[31mvil.json': CLEAN }
    for (const columns of [undefined, 100]) {
      const { out, err } = await replay(['f.json', 'e\u001b[31mvil.json'], { files, ...(columns && { columns }) })
      expect(out + err).toContain('e�[31mvil.json')
      expect((out + err).replace(/[\n\t]/g, '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u)
    }
  })
})

describe('the registry of the stack', () => {
  const push = event('push-with-tag.json')
  const outcomes = async (words: readonly string[], files: Readonly<Record<string, string>>) =>
    lines((await replay([...words, '--json'], { files })).out).map(({ outcome }) => outcome)

  test('is that of most events, unless it is given', async () => {
    const other = JSON.stringify({ ...JSON.parse(push), region: 'eu-west-1', id: 'other' })
    const files = { 'f.json': `[${other},${push},${withId(push, 'again')}]` }
    expect(await outcomes(['f.json'], files)).toEqual(['elsewhere', 'grouped', 'undecided'])
    expect(await outcomes(['f.json', '--home', '123456789012/eu-west-1'], files)).toEqual([
      'undecided',
      'elsewhere',
      'elsewhere',
    ])
  })

  test('is that of the queue that an event went through', async () => {
    const eventSourceARN = 'arn:aws:sqs:eu-west-1:123456789012:Steward-PushCheck'
    const files = { 'f.json': JSON.stringify({ Records: [{ messageId: 'm', body: push, eventSourceARN }] }) }
    expect(await outcomes(['f.json'], files)).toEqual(['elsewhere'])
  })

  test('is nobody’s where no event says one', async () => {
    expect(await outcomes(['f.json'], { 'f.json': '{"hello":"world"}' })).toEqual(['invalid'])
  })
})

describe('an alert out of the queue of notify', () => {
  const alertOf = async () =>
    lines((await replay(['f.json', '--json'], { files: { 'f.json': CRITICAL } })).out)[0].alerts[0]

  test('is shown, with the channels that would get it', async () => {
    const alert = await alertOf()
    const { code, out } = await replay(['a.json', '--json'], { files: { 'a.json': JSON.stringify(alert) } })
    expect(code).toBe(0)
    expect(lines(out)).toMatchObject([
      { outcome: 'sent', reason: 'would be posted', rules: [], stopped: [], alerts: [alert] },
    ])
    expect(lines(out)[0].calls.map(({ action }: { action: string }) => action)).toContain('slack:PostMessage')
  })

  test('of which a field is not what it should be is refused, and the field named', async () => {
    const { code, out } = await replay(['a.json', '--json'], {
      files: { 'a.json': JSON.stringify({ ...(await alertOf()), title: 7 }) },
    })
    expect(code).toBe(3)
    expect(lines(out)).toMatchObject([{ outcome: 'invalid', reason: 'title: expected string, found 7', alerts: [] }])
  })
})
