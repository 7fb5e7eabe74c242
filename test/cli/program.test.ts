import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Command } from '../../cli/command.ts'
import { COMMANDS, GROUPS } from '../../cli/commands.ts'
import { TOPICS } from '../../cli/topics.ts'
import { VERSION } from '../../cli/version.ts'
import { ENV_EXTERNAL_ID } from '../../functions/in-use/contract.ts'
import { steward } from './cli.ts'

const CLI = join(import.meta.dirname, '../../cli')

const words = (command: Command): readonly string[] => command.name.split(' ')

describe('the help', () => {
  test.each(COMMANDS)('of $name has its summary, every option, and two or three examples', async (command) => {
    const { code, out, err } = await steward([...words(command), '--help'])
    expect([code, err]).toEqual([0, ''])
    expect(out.replaceAll(/\s+/g, ' ')).toContain(command.summary)
    for (const { flags } of Object.values(command.options)) expect(out).toContain(flags)
    expect(command.examples.length).toBeGreaterThanOrEqual(2)
    expect(command.examples.length).toBeLessThanOrEqual(3)
    for (const { line } of command.examples) expect(out).toContain(`$ ecr-steward ${line}`)
  })

  test.each(COMMANDS)('of $name is also that of `help $name`', async (command) => {
    const byOption = await steward([...words(command), '-h'])
    expect(await steward(['help', ...words(command)])).toEqual(byOption)
  })

  test('lists every command and what else is explained', async () => {
    const { code, out } = await steward(['--help'])
    expect(code).toBe(0)
    for (const command of COMMANDS) expect(out).toContain(words(command)[0])
    for (const topic of Object.keys(TOPICS)) expect(out).toContain(`ecr-steward help ${topic}`)
  })

  test('breaks its lines at the width of the terminal', async () => {
    const { out } = await steward(['explain', '--help'], { columns: 60 })
    expect(
      Math.max(
        ...out
          .split('\n')
          .filter((line) => !line.includes('$ '))
          .map((line) => line.length),
      ),
    ).toBeLessThan(61)
  })

  test('explains the exit codes', async () => {
    const { code, out } = await steward(['help', 'exit-codes'])
    expect(code).toBe(0)
    expect(out).toMatchInlineSnapshot(`
      "Exit codes, the same for every command:

          0  Everything that was asked passes, or is excepted.
          1  The policy says no: at least one rule fails. Also where others could not be judged.
          2  The command line or steward.yaml is wrong, or asks nothing. Nothing was judged.
          3  Something could not be judged: not found, throttled out, no connection. Nothing failed.
          4  Credentials are missing or expired, or a permission is missing. Nothing failed.
        130  Interrupted, as by Ctrl-C.
        141  Whoever read the result closed the pipe before its end.

      A fail is certain, so it is not hidden by something else that could not be judged; how many could not is
      in the closing line and in the JSON. Where nothing fails, what is unknown is never a pass.
      "
    `)
  })

  test('names every variable of the environment that the command line reads by itself', async () => {
    const { code, out } = await steward(['help', 'environment'])
    expect(code).toBe(0)
    const files = readdirSync(CLI, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'))
    const read = files.flatMap((file) => [
      ...readFileSync(join(CLI, file), 'utf8').matchAll(/env\.([A-Z_]{3,})|\b(AWS_[A-Z_]+):/g),
    ])
    const names = new Set(read.map(([, one, other]) => one ?? other ?? ''))
    expect(names.size).toBeGreaterThan(8)
    for (const name of [...names, ENV_EXTERNAL_ID]) if (name !== 'HOME') expect(out).toContain(name)
  })

  test('names every file that is read or written', async () => {
    const { code, out } = await steward(['help', 'files'])
    expect(code).toBe(0)
    const texts = readdirSync(CLI, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .map((file) => readFileSync(join(CLI, file), 'utf8'))
    const written = texts.flatMap((text) => [
      ...text.matchAll(/^(?:export )?const [A-Z]+ = '(\.ecr-steward\/[a-z-]+|[a-z.-]+\.(?:json|yaml))'$/gm),
    ])
    const names = new Set(written.map(([, name = '']) => name))
    expect(names.size).toBeGreaterThan(4)
    for (const name of names) expect(out).toContain(name)
  })

  test('on stderr, as a fault, is what one gets without a command', async () => {
    const { code, out, err } = await steward([])
    expect([code, out]).toEqual([2, ''])
    expect(err).toContain('Usage: ecr-steward')
  })
})

describe('every command', () => {
  test.each(COMMANDS)('$name has examples that start with its own name', ({ name, examples }) => {
    expect(examples.filter(({ line }) => !line.startsWith(name))).toEqual([])
  })

  test('of two words belongs to a group that says what it is', () => {
    const firsts = COMMANDS.map(words).flatMap(([first = '', second]) => (second ? [first] : []))
    expect(firsts.filter((first) => !(first in GROUPS))).toEqual([])
  })
})

describe('a mistake on the command line', () => {
  test.each([
    [['rule'], "error: unknown command 'rule'\n(Did you mean rules?)"],
    [['lifecycle', 'prevew'], "error: unknown command 'prevew'\n(Did you mean preview?)"],
    [['clean-up', 'plan', '--ot', 'plan.json'], "error: unknown option '--ot'\n(Did you mean --out?)"],
    [['rules', '--jsn'], "error: unknown option '--jsn'\n(Did you mean --json?)"],
    [['explain'], "error: missing required argument 'RULE'\necr-steward explain --help shows what there is."],
    [['explain', 'tag-imutability'], 'There is no rule "tag-imutability". Did you mean tag-immutability?'],
    [['explain', 'tag-imm'], 'There is no rule "tag-imm". Did you mean tag-immutability?'],
    [['explain', '\u001b[2J'], 'There is no rule "\\u001b[2J"'],
    [['explain', '\u009b2J\u202e'], 'There is no rule "\\u009b2J\\u202e"'],
    [['\u001b[2J'], "unknown command '�[2J'"],
    [['rules', '--\u001b[2J'], "unknown option '--�[2J'"],
    [['help', 'enviroment'], 'There is no command and no topic "enviroment". Did you mean environment?'],
    [['help', 'nothing'], "unknown command 'nothing'"],
  ])('%j says what was meant, on stderr, with exit code 2', async (argv, message) => {
    const { code, out, err } = await steward(argv)
    expect([code, out]).toEqual([2, ''])
    expect(err).toContain(message)
  })
})

test('the version is that of the package', async () => {
  expect(await steward(['--version'])).toEqual({ code: 0, out: `${VERSION}\n`, err: '' })
})
