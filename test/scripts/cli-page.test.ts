import { describe, expect, test } from 'vitest'
import { command } from '../../cli/command.ts'
import { COMMANDS } from '../../cli/commands.ts'
import { EXIT } from '../../cli/exit.ts'
import { flag, text } from '../../cli/option.ts'
import { TOPICS } from '../../cli/topics.ts'
import { cliPage, synopsis } from '../../scripts/cli-page.ts'

const PAGE = cliPage()

/** What GitHub makes of the headings. */
const anchorsOf = (page: string): readonly string[] =>
  [...page.matchAll(/^## (.+)$/gm)].map(([, heading = '']) => heading.toLowerCase().replaceAll(' ', '-'))

const run = async () => 'pass' as const

describe('the page of the command line', () => {
  test('leads to headings that there are, and to each of them from its top', () => {
    const links = [...PAGE.matchAll(/\]\(#([^)]+)\)/g)].map(([, anchor = '']) => anchor)
    expect(links.toSorted()).toEqual(anchorsOf(PAGE).toSorted())
  })

  test.each(COMMANDS)('has the synopsis of $name, with everything that it takes', (one) => {
    const lines = synopsis(one)
    expect(PAGE).toContain(`\`\`\`text\n${lines.join('\n')}\n\`\`\``)
    for (const { flags } of Object.values(one.options)) expect(lines.join(' ')).toContain(flags.replace(', ', '|'))
    expect(lines.at(-1)).toMatch(one.argument ? /[\])>]$/ : /[^ ]$/)
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(100)
  })

  test.each(COMMANDS)('says of every value that $name takes what is taken without it', ({ options }) => {
    const silent = Object.values(options).filter(({ read, about }) => read && !/otherwise/i.test(about))
    expect(silent.map(({ flags }) => flags)).toEqual([])
  })

  test('has exit codes, environment and files once, as `help TOPIC` has them', () => {
    for (const topic of ['environment', 'files']) expect(PAGE.split(TOPICS[topic]?.text() ?? '')).toHaveLength(2)
    for (const { code, when } of Object.values(EXIT)) expect(PAGE.split(`| ${code} | ${when} |`)).toHaveLength(2)
  })
})

test('a synopsis goes on, set in, where it is longer than a line', () => {
  const long = (letter: string) => text(`--${letter.repeat(38)} <X>`, '')
  const described = { summary: '', about: [], examples: [], run }
  const options = { a: long('a'), b: long('b'), verbose: flag('-v, --verbose', '') }
  expect(synopsis(command({ ...described, name: 'x', options, argument: { term: '<FILE>', about: '' } }))).toEqual([
    `ecr-steward x [--${'a'.repeat(38)} <X>]`,
    `    [--${'b'.repeat(38)} <X>] [-v|--verbose] <FILE>`,
  ])
  expect(synopsis(command({ ...described, name: 'y z', options: {} }))).toEqual(['ecr-steward y z'])
})
