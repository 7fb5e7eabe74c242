import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { SHELLS } from '../../../cli/completion/shells.ts'
import { bundled, steward } from '../cli.ts'

const cli = bundled()
const bin = join(cli.folder, 'bin')
const there = join(cli.folder, 'there')

const isInstalled = (program: string): boolean =>
  (process.env.PATH ?? '').split(delimiter).some((folder) => existsSync(join(folder, program)))

const named = (shell: string): string => (isInstalled(shell) ? shell : `${shell}: not installed`)

beforeAll(async () => {
  for (const folder of [bin, there]) mkdirSync(folder)
  writeFileSync(join(bin, 'ecr-steward'), `#!/bin/sh\nexec '${process.execPath}' '${cli.file}' "$@"\n`)
  chmodSync(join(bin, 'ecr-steward'), 0o755)
  writeFileSync(join(there, 'steward.yaml'), '')
  for (const shell of SHELLS) writeFileSync(join(there, shell), (await steward(['completion', shell])).out)
})

/** Runs a line of a shell where `ecr-steward` is on the path and nobody has credentials. */
function inShell(shell: string, flags: readonly string[], line: string): readonly string[] {
  const env = { PATH: `${bin}${delimiter}${process.env.PATH}`, HOME: there }
  const { stdout, stderr } = spawnSync(shell, [...flags, '-c', line], { cwd: there, env, encoding: 'utf8' })
  expect(stderr).toBe('')
  return stdout.split('\n').filter(Boolean)
}

/** What Bash offers for words as it takes them apart: `=` and `:` are words of their own. The last is under the cursor. */
function inBash(...words: readonly string[]): readonly string[] {
  const line = `ecr-steward ${words.join(' ').replace(/ ([=:]) ?/g, '$1')}`
  const quoted = words.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(' ')
  const script = [
    'source ./bash && source ./bash',
    `COMP_WORDS=(ecr-steward ${quoted}) COMP_CWORD=${words.length} COMP_LINE="$1" COMP_POINT=\${#1}`,
    // Outside of a completion there is nothing to change.
    'compopt() { echo "compopt $*"; }',
    `_ecr_steward; printf '%s\\n' "\${COMPREPLY[@]}"`,
  ].join('\n')
  return inShell('bash', ['--norc', '--noprofile'], `set -- '${line.replaceAll("'", `'\\''`)}'\n${script}`)
}

describe.skipIf(!isInstalled('bash'))(named('bash'), () => {
  test.each([
    [['lifec'], ['lifecycle']],
    [['lifecycle', 'pre'], ['preview']],
    [['explain', 'tag-im'], ['tag-immutability']],
    [['sweep', '--output', '=', 'ta'], ['table']],
    [
      ['sweep', '--output', '='],
      ['table', 'json'],
    ],
    [['check', '--ru'], ['--rule']],
    [['check', "'prod/**'", '--ru'], ['--rule']],
    [['check', 'prod/api', ':', '1', '--ru'], ['--rule']],
    [['zzz', ''], []],
  ])('completes %j with %j, and no files', (words, expected) => {
    expect(inBash(...words)).toEqual(['compopt +o default', ...expected])
  })

  test.each([[['check', '--config', 'st']], [['check', '--config', '=', 'st']]])(
    'leaves %j to its own files',
    (words) => {
      expect(inBash(...words)).toEqual([])
    },
  )

  test('runs nothing of what is typed', () => {
    expect(inBash('check', '$(touch', 'harm)', '`touch harm`', '--ru')).toEqual(['compopt +o default', '--rule'])
    expect(existsSync(join(there, 'harm'))).toBe(false)
  })
})

describe.skipIf(!isInstalled('zsh'))(named('zsh'), () => {
  /** What the builtins of the completion system would be given. */
  const inZsh = (...words: readonly string[]): readonly string[] =>
    inShell(
      'zsh',
      ['-f'],
      [
        'compdef() { : }',
        '_describe() { [[ $#completions -gt 0 ]] && print -l -- $completions }',
        '_arguments() { print files }',
        'source ./zsh',
        `words=(ecr-steward ${words.map((word) => `'${word}'`).join(' ')}) CURRENT=${words.length + 1}`,
        '_ecr-steward',
      ].join('\n'),
    )

  test.each([
    [['lifec'], ['lifecycle:Checks, shows and applies lifecycle policies of repositories']],
    [['explain', 'tag-im'], ['tag-immutability']],
    [['sweep', '--output=ta'], ['table']],
    [['check', '--config', 'st'], ['files']],
    [['zzz', ''], []],
  ])('completes %j with %j', (words, expected) => {
    expect(inZsh(...words)).toEqual(expected)
  })
})

describe.skipIf(!isInstalled('fish'))(named('fish'), () => {
  test.each([
    ['lifec', ['lifecycle\tChecks, shows and applies lifecycle policies of repositories']],
    ['explain tag-im', ['tag-immutability']],
    ['sweep --output=ta', ['--output=table']],
    ['check --config st', ['steward.yaml']],
    ['zzz ', []],
  ])('completes %s', (line, expected) => {
    expect(inShell('fish', ['--no-config'], `source ./fish; complete -C 'ecr-steward ${line}'`)).toEqual(expected)
  })
})

test('PowerShell has a script too, which asks for the same', async () => {
  const { code, out } = await steward(['completion', 'powershell'])
  expect(code).toBe(0)
  expect(out).toContain(`ecr-steward complete '--' `)
  expect(out).toContain("Register-ArgumentCompleter -CommandName 'ecr-steward'")
})

test('what is no shell is said, with the nearest one', async () => {
  const { code, err } = await steward(['completion', 'bsh'])
  expect([code, err]).toEqual([2, 'error: There is no completion for "bsh". Did you mean bash?\n'])
  expect((await steward(['completion', 'csh.exe'])).err).toContain('Expected: one of bash, zsh, fish, powershell.')
})

test('what is asked beside a script is never answered with an error', async () => {
  expect(await cli.run(['complete', '--', 'check', '--config'], {})).toEqual({
    code: 0,
    out: '--config\tConfiguration to read\n:4\n',
    err: '',
  })
  expect(await cli.run(['complete', '--'], {})).toMatchObject({ code: 0, err: '' })
})
