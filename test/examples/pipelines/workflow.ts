import { readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parse } from 'yaml'
import { type Machine, type Ran, REGISTRY } from './machine.ts'

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
  readonly permissions: object
  readonly concurrency: object
  readonly jobs: Readonly<Record<string, Job>>
}

export const textOf = (name: string): string => readFileSync(join(FOLDER, name), 'utf8')
export const workflowOf = (name: string): Workflow => parse(textOf(name))

/** An action, as far as the workflows see it: what it does with its inputs, and what it puts out. Fails by throwing. */
type Action = (inputs: Words, machine: Machine) => Promise<Words> | Words

/** By name, without the commit. */
export type Actions = Readonly<Record<string, Action>>

export type Happened = {
  /** What was run, in order: `build: actions/checkout`, `gate: Take the digest that passed`. */
  readonly steps: string[]
  /** Inputs of the last use of an action. */
  readonly inputs: Readonly<Record<string, Words>>
  readonly failed: readonly string[]
}

const GITHUB = {
  ...{ sha: '0123456789abcdef0123456789abcdef01234567', repository: 'acme/api' },
  event: { pull_request: { number: 42, head: { repo: { full_name: 'acme/api' } } } },
}

type Context = Readonly<Record<string, unknown>>

/** The expressions that the examples use happen to be JavaScript. */
function evaluate(expression: string, context: Context): unknown {
  return new Function(...Object.keys(context), `return (${expression})`)(...Object.values(context))
}

const filled = (text: string, context: Context): string =>
  text.replace(/\$\{\{(.*?)\}\}/g, (_, expression) => String(evaluate(expression, context) ?? ''))

const filledAll = (words: Readonly<Record<string, unknown>> = {}, context: Context): Words =>
  Object.fromEntries(Object.entries(words).map(([key, value]) => [key, filled(String(value), context)]))

/** `a=b` lines that a step has left in its file of outputs. */
const outputsIn = (text: string): Words =>
  Object.fromEntries(text.split('\n').flatMap((line) => (line.includes('=') ? [line.split(/=(.*)/s).slice(0, 2)] : [])))

/**
 * Runs the jobs of a workflow one after the other as GitHub does, as far as the examples go: shell in bash as `shell: bash` calls
 * it, actions as the stand-ins say.
 * @see https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idstepsshell
 */
export async function runWorkflow(workflow: Workflow, machine: Machine, actions: Actions, github: object = GITHUB) {
  const happened = { steps: [], inputs: {}, failed: [] } as {
    steps: string[]
    inputs: Record<string, Words>
    failed: string[]
  }
  const env = { ...workflow.env, REGISTRY }
  const vars = {
    ...{
      AWS_PUSH_ROLE_ARN: 'arn:push',
      AWS_DEPLOY_ROLE_ARN: 'arn:deploy',
      AWS_PULL_REQUEST_ROLE_ARN: 'arn:pull-request',
    },
  }
  const needs: Record<string, { outputs: Words }> = {}

  for (const [name, job] of Object.entries(workflow.jobs)) {
    if (job.needs && !(job.needs in needs)) continue
    if (job.if && filled(job.if, { github }) !== 'true') continue
    const steps: Record<string, { outputs: Words }> = {}
    const context = { env, vars, github, needs, steps }
    const isWell = await runJob(name, job, context, machine, actions, happened)
    if (isWell) needs[name] = { outputs: filledAll(job.outputs, context) }
    else happened.failed.push(name)
  }
  return happened satisfies Happened
}

async function runJob(
  name: string,
  job: Job,
  context: { env: Words; steps: Record<string, { outputs: Words }> } & Context,
  machine: Machine,
  actions: Actions,
  happened: { steps: string[]; inputs: Record<string, Words> },
): Promise<boolean> {
  let isWell = true
  for (const step of job.steps) {
    const [always, hashFiles] = [() => true, (file: string) => (machine.has(file) ? 'hash' : '')]
    const asked = step.if ? filled(step.if, { ...context, always, hashFiles }) === 'true' : true
    if (!asked || (!isWell && !step.if?.includes('always()'))) continue
    const action = step.uses?.split('@')[0] ?? ''
    happened.steps.push(`${name}: ${step.name ?? action}`)
    try {
      const inputs = filledAll(step.with, context)
      if (action) happened.inputs[action] = inputs
      const outputs = step.run
        ? await runShell(step.run, machine, { ...context.env, ...filledAll(step.env, context) })
        : ((await actions[action]?.(inputs, machine)) ?? {})
      if (step.id) context.steps[step.id] = { outputs }
    } catch {
      isWell = false
    }
  }
  return isWell
}

async function runShell(script: string, machine: Machine, env: Words): Promise<Words> {
  const [file, output] = [join(machine.work, '../step.sh'), join(machine.work, '../output')]
  writeFileSync(file, script)
  writeFileSync(output, '')
  const argv = ['--noprofile', '--norc', '-eo', 'pipefail', file]
  const { code, err }: Ran = await machine.bash(argv, { ...env, GITHUB_OUTPUT: output })
  if (code !== 0) throw new Error(err)
  return outputsIn(readFileSync(output, 'utf8'))
}
