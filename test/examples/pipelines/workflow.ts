import { readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parse } from 'yaml'
import type { Machine } from './machine.ts'

const FOLDER = resolve(import.meta.dirname, '../../../examples/pipelines/github-actions')
export const WORKFLOWS = ['build-and-deploy.yml', 'pull-request.yml'] as const

type Words = Readonly<Record<string, string>>
export type Step = {
  readonly id?: string
  readonly name?: string
  readonly if?: string
  readonly uses?: string
  readonly with?: Readonly<Record<string, unknown>>
  readonly env?: Words
  readonly run?: string
}
export type Job = {
  readonly needs?: string
  readonly if?: string
  readonly environment?: string
  readonly permissions: Words
  readonly outputs?: Words
  readonly 'timeout-minutes': number
  readonly steps: readonly Step[]
}
export type Workflow = {
  readonly on: Readonly<Record<string, unknown>>
  readonly env: Words
  readonly defaults?: { readonly run: { readonly shell: string } }
  readonly permissions: object
  readonly concurrency: object
  readonly jobs: Readonly<Record<string, Job>>
}

export const textOf = (name: string): string => readFileSync(join(FOLDER, name), 'utf8')
export const workflowOf = (name: string): Workflow => parse(textOf(name))

/** A step that fails, and what it puts out all the same. */
export class Failed extends Error {
  readonly outputs: Words
  constructor(message: string, outputs: Words = {}) {
    super(message)
    this.outputs = outputs
  }
}

/** An action, as far as the workflows see it: what it does with its inputs, and what it puts out. Fails by throwing. */
type Action = (inputs: Words, machine: Machine) => Promise<Words> | Words

/** By name, without the commit. */
export type Actions = Readonly<Record<string, Action>>

export type Happened = {
  /** What was run, in order: `build: actions/checkout`, `gate: Take the digest that passed`. */
  readonly steps: readonly string[]
  /** Inputs of the last use of an action. */
  readonly inputs: Readonly<Record<string, Words>>
  /** Jobs. */
  readonly failed: readonly string[]
}

const GITHUB = {
  ...{ sha: '0123456789abcdef0123456789abcdef01234567', repository: 'acme/api' },
  event: { pull_request: { number: 42, head: { repo: { full_name: 'acme/api' } } } },
}

type Context = Readonly<Record<string, unknown>>

/** The expressions that the examples use are JavaScript, but for names with hyphens: GitHub knows no minus. */
function evaluate(expression: string, context: Context): unknown {
  const readable = expression.replace(/\.([a-z]+(?:-[a-z]+)+)/g, "['$1']")
  return new Function(...Object.keys(context), `return (${readable})`)(...Object.values(context))
}

const filled = (text: string, context: Context): string =>
  text.replace(/\$\{\{(.*?)\}\}/g, (_, expression) => String(evaluate(expression, context) ?? ''))

const filledAll = (words: Readonly<Record<string, unknown>> = {}, context: Context): Words =>
  Object.fromEntries(Object.entries(words).map(([key, value]) => [key, filled(String(value), context)]))

/** `a=b` lines that a step has left in its file of outputs. */
const outputsIn = (text: string): Words =>
  Object.fromEntries([...text.matchAll(/^([\w-]+)=(.*)$/gm)].map(([, name = '', value = '']) => [name, value]))

/**
 * Runs the jobs of a workflow one after the other as GitHub does, as far as the examples go: shell as `defaults` says, actions as
 * the stand-ins do.
 * @param github context `github`
 * @see https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax
 */
export async function runWorkflow(
  workflow: Workflow,
  machine: Machine,
  actions: Actions,
  github: object = GITHUB,
): Promise<Happened> {
  const happened = { steps: [] as string[], inputs: {} as Record<string, Words>, failed: [] as string[] }
  const vars = Object.fromEntries(['PUSH', 'DEPLOY', 'PULL_REQUEST'].map((of) => [`AWS_${of}_ROLE_ARN`, `arn:${of}`]))
  const needs: Record<string, { readonly outputs: Words }> = {}

  async function runShell(script: string, env: Words): Promise<Words> {
    const [file, output] = [join(machine.work, '../step.sh'), join(machine.work, '../output')]
    writeFileSync(file, script)
    writeFileSync(output, '')
    const isNamed = workflow.defaults?.run.shell === 'bash'
    const argv = isNamed ? ['--noprofile', '--norc', '-eo', 'pipefail', file] : ['-e', file]
    const { code, err } = await machine.bash(argv, { ...env, GITHUB_OUTPUT: output })
    if (code !== 0) throw new Error(err)
    return outputsIn(readFileSync(output, 'utf8'))
  }

  async function runStep({ uses = '', run, ...step }: Step, context: Context): Promise<Words> {
    if (run) return runShell(run, { ...workflow.env, ...filledAll(step.env, context) })
    const [action = ''] = uses.split('@')
    const inputs = filledAll(step.with, context)
    happened.inputs[action] = inputs
    return (await actions[action]?.(inputs, machine)) ?? {}
  }

  async function runJob(name: string, job: Job): Promise<void> {
    const steps: Record<string, { readonly outputs: Words }> = {}
    const hashFiles = (file: string): string => (machine.has(file) ? 'hash' : '')
    const context = { env: workflow.env, vars, github, needs, steps, hashFiles, always: () => true }
    let isWell = true
    for (const step of job.steps) {
      if (step.if ? filled(step.if, context) !== 'true' : !isWell) continue
      if (!isWell && !step.if?.includes('always()')) continue
      happened.steps.push(`${name}: ${step.name ?? step.uses?.split('@')[0]}`)
      const ended = await runStep(step, context).catch((error: Error) => error)
      const outputs = ended instanceof Error ? (ended instanceof Failed ? ended.outputs : {}) : ended
      if (step.id) steps[step.id] = { outputs }
      isWell &&= !(ended instanceof Error)
    }
    if (isWell) needs[name] = { outputs: filledAll(job.outputs, context) }
    else happened.failed.push(name)
  }

  for (const [name, job] of Object.entries(workflow.jobs)) {
    if (job.needs && !(job.needs in needs)) continue
    if (job.if && filled(job.if, { github }) !== 'true') continue
    await runJob(name, job)
  }
  return happened
}
