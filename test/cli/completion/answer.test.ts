import { describe, expect, test } from 'vitest'
import { COMMANDS, GROUPS } from '../../../cli/commands.ts'
import { answerTo } from '../../../cli/completion/answer.ts'
import { TOPICS } from '../../../cli/topics.ts'

const KNOWN = { commands: COMMANDS, groups: GROUPS, topics: TOPICS }

const SOURCES = {
  repository: ['prod/api', 'prod/web', 'team-a/worker'],
  rule: ['tag-immutability', 'tag-naming', 'encryption'],
  profile: ['prod', 'dev'],
}

/** What the words at the end of a line become; the last one is under the cursor. */
const answer = (...words: readonly string[]) => answerTo(words, KNOWN, async (source) => SOURCES[source])

const values = async (...words: readonly string[]): Promise<readonly string[]> =>
  (await answer(...words)).candidates.map(({ value }) => value)

describe('commands', () => {
  test('are offered by their first words, each once, with what they do', async () => {
    const { candidates, files } = await answer('')
    const words = candidates.map(({ value }) => value)
    expect(words).toEqual([...new Set(COMMANDS.map(({ name }) => name.split(' ')[0])), 'help'])
    expect(candidates.filter(({ about }) => about === '')).toEqual([])
    expect(files).toBe(false)
  })

  test.each([
    [['lifec'], ['lifecycle']],
    [['lifecycle', 'a'], ['apply']],
    [['lifecycle', 'nothing', ''], []],
    [['nothing', ''], []],
    [['-'], ['--help', '--version']],
    [['help', 'exit'], ['exit-codes']],
    [['help', 'lifecycle', 'pre'], ['preview']],
    [
      ['help', 'lifecycle', ''],
      ['lint', 'preview', 'diff', 'apply', 'show', 'delete'],
    ],
  ])('%j → %j', async (words, expected) => {
    expect(await values(...words)).toEqual(expected)
  })

  test('and topics are offered by help', async () => {
    expect(await values('help', '')).toEqual(expect.arrayContaining(['check', 'lifecycle', ...Object.keys(TOPICS)]))
  })
})

describe('options', () => {
  test('are those of the command, with their texts in one line', async () => {
    const { candidates } = await answer('check', '--')
    const { options } = COMMANDS.find(({ name }) => name === 'check') ?? { options: {} }
    expect(candidates).toHaveLength(Object.keys(options).length + 1)
    for (const { value, about } of candidates) {
      expect(value).toMatch(/^--[a-z-]+$/)
      expect(about).toMatch(/^[^\n\t]{5,}$/)
    }
  })

  test('that are given are offered again where they may be', async () => {
    expect(await values('check', '--rule', 'tag-naming', '--json', '--r')).toEqual(['--rule', '--region', '--rate'])
    expect(await values('check', '-v', '--v')).toEqual([])
    expect(await values('check', '--rate=5', '--ra')).toEqual([])
  })

  test.each([
    [['check', '--rule', 'tag-n'], ['tag-naming']],
    [['check', '--rule=tag-n'], ['tag-naming']],
    [
      ['check', '--profile', ''],
      ['prod', 'dev'],
    ],
    [
      ['sweep', '--output', ''],
      ['table', 'json'],
    ],
    [['report', '--format=c'], ['csv']],
    [
      ['gate', 'prod/api:1', '--on-unknown', ''],
      ['fail', 'pass'],
    ],
    [['gate', '-o', 'js'], ['json']],
    [['gate', '--new-since', ''], []],
    [['check', '--rate', ''], []],
    [['check', '--nothing=', ''], SOURCES.repository],
    [['check', '--nothing='], []],
    [['check', '--images='], []],
  ])('%j have the values %j', async (words, expected) => {
    expect(await values(...words)).toEqual(expected)
  })

  test.each([
    [['check', '--config', '']],
    [['check', '--config=st']],
    [['gate', '--output', 'sarif=ga']],
    [['gate', '--output=sarif=ga']],
    [['lifecycle', 'diff', '']],
    [['lifecycle', 'diff', 'old.json', 'n']],
    [['clean-up', 'apply', '']],
  ])('%j take files', async (words) => {
    expect(await answer(...words)).toEqual({ candidates: [], files: true, goesOn: false })
  })
})

describe('arguments', () => {
  test.each([
    [
      ['check', 'prod/'],
      ['prod/api', 'prod/web'],
    ],
    [['check', 'prod/api', 't'], ['team-a/worker']],
    [['check', '--region', 'eu-west-1', '-v', '--', 'prod/a'], ['prod/api']],
    [['lifecycle', 'diff', 'a.json', 'b.json', 'prod/w'], ['prod/web']],
    [['lifecycle', 'diff', "'a b'", '"c"', 'prod/w'], ['prod/web']],
    [['explain', 'enc'], ['encryption']],
    [['explain', 'encryption', ''], []],
    [['completion', 'z'], ['zsh']],
    [['rules', ''], []],
    [['clean-up', 'undo', ''], []],
  ])('%j → %j', async (words, expected) => {
    expect(await values(...words)).toEqual(expected)
  })

  test('that are images begin with a repository, and are for who types from there on', async () => {
    const { candidates, goesOn } = await answer('gate', 'prod/a')
    expect([candidates, goesOn]).toEqual([[{ value: 'prod/api:', about: '' }], true])
    expect(await values('gate', 'prod/api:')).toEqual([])
    expect(await values('gate', 'prod/api@sha256:')).toEqual([])
  })
})
