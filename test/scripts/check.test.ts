import { stripVTControlCharacters } from 'node:util'
import { describe, expect, it } from 'vitest'
import { check } from '../../scripts/check.ts'
import type { Step } from '../../scripts/step.ts'
import { STEPS, skippedTests, TEST_REPORT } from '../../scripts/steps.ts'

const node = (script: string): Step['command'] => ['node', '-e', script]

/** Runs the steps, and returns what a person would read, with seconds as `N s` and without colours. */
async function run(steps: readonly Step[], isTTY = false): Promise<{ code: number; text: string }> {
  let text = ''
  const write = (chunk: string | Uint8Array): boolean => {
    text += chunk
    return true
  }
  const code = await check(steps, { write, isTTY })
  return { code, text: stripVTControlCharacters(text).replaceAll(/\d+(?:\.\d)? s\b/g, 'N s') }
}

describe('npm run check', () => {
  it('says one line for a step that went well, and keeps its output to itself', async () => {
    const { code, text } = await run([{ name: 'types', command: node('console.log("all of it")') }])
    expect(code).toBe(0)
    expect(text).toBe('✓ types                   N s\n\nAll 1 checks passed in N s.\n')
  })

  it('shows all that a failing step said, from both streams, and goes on with the next', async () => {
    const { code, text } = await run([
      { name: 'lint', command: node('console.log("a.ts:1:1 wrong"); console.error("1 error"); process.exit(2)') },
      { name: 'types', command: node('') },
    ])
    expect(code).toBe(1)
    expect(text).toContain('✗ lint')
    expect(text).toContain('\n    a.ts:1:1 wrong\n    1 error\n✓ types')
    expect(text).toContain('1 of 2 checks failed in N s: lint.')
  })

  it('names what is skipped, and why', async () => {
    const { code, text } = await run([
      { name: 'cfn-lint', command: node('process.exit(1)'), skip: () => 'not installed' },
    ])
    expect(code).toBe(0)
    expect(text).toBe('↓ cfn-lint                skipped: not installed\n\nAll 0 checks passed, 1 skipped in N s.\n')
  })

  it('repeats what a step has to tell', async () => {
    const tell = (output: string) => output.split('\n').filter((line) => line.startsWith('notify'))
    const { text } = await run([{ name: 'bundles', command: node('console.log("other\\nnotify 34 KiB")'), tell }])
    expect(text).toContain('✓ bundles                 N s\n    notify 34 KiB\n')
  })

  it('finds the words of a tool that forces colours', async () => {
    const coloured = node('console.log("\\u001b[2m Tests \\u001b[22m 3 passed")')
    const { text } = await run([{ name: 'tests', command: coloured, tell: (output) => [output.trim()] }])
    expect(text).toContain('\n    Tests  3 passed\n')
  })

  it('fails for a program that is not there, and says which', async () => {
    const { code, text } = await run([{ name: 'types', command: ['no-such-program'] }])
    expect(code).toBe(1)
    expect(text).toContain('no-such-program')
  })

  it('shows on a terminal what it is at, and wipes it away', async () => {
    const { text } = await run([{ name: 'types', command: node('') }], true)
    expect(text).toMatch(/^… types\r✓ types/)
  })

  it('runs Node 24, the runtime of Lambda, whatever the machine has', async () => {
    const { text } = await run([
      { name: 'version', command: node('console.log(process.versions.node)'), tell: (output) => [output.trim()] },
    ])
    expect(text).toMatch(/\n {4}24\./)
  })
})

describe('the steps', () => {
  it('are those that CI needs, each with a name of its own', () => {
    expect(STEPS.map(({ name }) => name)).toEqual([
      'types',
      'lint',
      'dependency direction',
      'schemas up to date',
      'synth with cdk-nag',
      'cfn-lint',
      'bundle budgets',
      'action bundle up to date',
      'licences',
      'tests with coverage',
    ])
  })

  it('show the closing lines of the test runner, and leave its numbers for .ci/run', () => {
    const tests = STEPS.at(-1)
    expect(tests?.command).toContain(`--outputFile.json=${TEST_REPORT}`)
    const output =
      ' ✓ test/a.test.ts (1 test)\n\n Test Files  1 passed (1)\n      Tests  1 passed (1)\n   Start at  12:00:00\n'
    expect(tests?.tell?.(output).slice(-2)).toEqual([' Test Files  1 passed (1)', '      Tests  1 passed (1)'])
  })

  it('name the tests that did not run, since their names say why', () => {
    const result = (status: string, fullName: string) => ({ status, fullName })
    const report = {
      testResults: [{ assertionResults: [result('passed', 'a'), result('skipped', 'moto: needs Python')] }],
    }
    expect(skippedTests(report)).toEqual(['↓ moto: needs Python'])
  })

  it('skip cfn-lint, with a way to get it, where it is not installed', () => {
    const before = process.env.PATH
    process.env.PATH = import.meta.dirname
    try {
      expect(STEPS.find(({ name }) => name === 'cfn-lint')?.skip?.()).toContain('pip install cfn-lint')
    } finally {
      process.env.PATH = before
    }
  })
})
