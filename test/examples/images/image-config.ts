import type { Healthcheck, Instruction, PropertyInstruction } from 'dockerfile-ast'
import { digestOf } from '../../../local/seed/digest.ts'
import { type Build, chainOf, commandIn, lastStage } from './dockerfile.ts'

export type BuildOptions = {
  /** Values of `--build-arg`. */
  readonly args?: Readonly<Record<string, string>>
  readonly architecture: 'amd64' | 'arm64'
  /** ISO 8601 instant. */
  readonly created: string
}

type History = { readonly created: string; readonly created_by: string; readonly empty_layer?: true }

/** What each instruction adds to, in order. */
type State = {
  /** Build arguments and variables: what `$NAME` stands for. */
  readonly variables: Map<string, string>
  readonly args: Map<string, string>
  readonly env: Map<string, string>
  readonly labels: Record<string, string>
  readonly steps: { text: string; hasLayer: boolean }[]
  user?: string
  workdir?: string
  healthcheck?: readonly string[]
  cmd?: readonly string[]
  entrypoint?: readonly string[]
}

const VARIABLE = /\$(?:(\w+)|\{(\w+)(?::?([-+])([^}]*))?\})/g

/** `$NAME`, `${NAME}`, `${NAME:-word}` and `${NAME:+word}`. */
function expand(text: string, variables: ReadonlyMap<string, string>): string {
  return text.replace(VARIABLE, (_, plain?: string, braced?: string, operator?: string, word = '') => {
    const value = variables.get(plain ?? braced ?? '') ?? ''
    if (operator === '+') return value === '' ? '' : word
    return value === '' && operator === '-' ? word : value
  })
}

const contentOf = (instruction: Instruction): string => instruction.getArgumentsContent() ?? ''

/** `NAME=value` of ENV and LABEL; nothing is expanded in single quotes. */
const pairsOf = (instruction: Instruction, { variables }: State): readonly (readonly [string, string])[] =>
  (instruction as PropertyInstruction).getProperties().map((property) => {
    const value = property.getValue() ?? ''
    return [property.getName(), property.getUnescapedValue()?.startsWith("'") ? value : expand(value, variables)]
  })

/** The default shell of Linux: SHELL is not followed. */
function argvOf(text: string): readonly string[] {
  const command = commandIn(text)
  return command.form === 'exec' ? command.argv : ['/bin/sh', '-c', text]
}

const quoted = (argv: readonly string[]): string => `[${argv.map((one) => JSON.stringify(one)).join(' ')}]`

function arg(instruction: Instruction, state: State, given: ReadonlyMap<string, string>): string {
  const told = (instruction as PropertyInstruction).getProperties().map((property) => {
    const [name, text] = [property.getName(), property.getValue()]
    const value = given.get(name) ?? (text === null ? undefined : expand(text, state.variables))
    state.args.set(name, value ?? '')
    if (value !== undefined && !state.env.has(name)) state.variables.set(name, value)
    return value === undefined ? name : `${name}=${value}`
  })
  return `ARG ${told.join(' ')}`
}

/** Every build argument stands before the command: this is how secrets get there. */
function run(instruction: Instruction, { args, env }: State): string {
  const values = [...args].map(([name, value]) => `${name}=${env.get(name) ?? value}`)
  const before = values.length > 0 ? [`|${values.length}`, ...values] : []
  return `RUN ${[...before, ...argvOf(contentOf(instruction))].join(' ')} # buildkit`
}

function healthcheck(instruction: Instruction, state: State): string {
  const text = contentOf(instruction)
  const kind = (instruction as Healthcheck).getSubcommand()?.getValue().toUpperCase()
  const rest = text.replace(/^\s*\w+\s*/, '')
  const command = commandIn(rest)
  const test = command.form === 'exec' ? ['CMD', ...command.argv] : ['CMD-SHELL', rest]
  state.healthcheck = kind === 'NONE' ? ['NONE'] : test
  return `HEALTHCHECK {Test:${quoted(state.healthcheck)}}`
}

/** What is not here, leaves a line in the history and nothing else. */
const DISPATCH: Readonly<
  Record<string, (instruction: Instruction, state: State, given: ReadonlyMap<string, string>) => string>
> = {
  ARG: arg,
  RUN: run,
  HEALTHCHECK: healthcheck,
  ENV(instruction, state) {
    const pairs = pairsOf(instruction, state)
    for (const [name, value] of pairs) {
      state.env.set(name, value)
      state.variables.set(name, value)
    }
    return `ENV ${pairs.map(([name, value]) => `${name}=${value}`).join(' ')}`
  },
  LABEL(instruction, state) {
    const pairs = pairsOf(instruction, state)
    Object.assign(state.labels, Object.fromEntries(pairs))
    return `LABEL ${pairs.map(([name, value]) => `${name}=${value}`).join(' ')}`
  },
  USER(instruction, state) {
    state.user = expand(contentOf(instruction), state.variables)
    return `USER ${state.user}`
  },
  WORKDIR(instruction, state) {
    state.workdir = expand(contentOf(instruction), state.variables)
    return `WORKDIR ${state.workdir}`
  },
  CMD(instruction, state) {
    state.cmd = argvOf(contentOf(instruction))
    return `CMD ${quoted(state.cmd)}`
  },
  ENTRYPOINT(instruction, state) {
    state.entrypoint = argvOf(contentOf(instruction))
    return `ENTRYPOINT ${quoted(state.entrypoint)}`
  },
}

/** Those bring files. */
const LAYERS: ReadonlySet<string> = new Set(['RUN', 'COPY', 'ADD', 'WORKDIR'])

function stateAfter(build: Build, { args = {}, architecture }: BuildOptions): State {
  const [variables, labels] = [new Map<string, string>(), {}]
  const state: State = { variables, labels, args: new Map(), env: new Map(), steps: [] }
  const given = new Map(Object.entries({ TARGETOS: 'linux', TARGETARCH: architecture, ...args }))
  for (const instruction of chainOf(build, lastStage(build)).flatMap((stage) => stage.instructions)) {
    const keyword = instruction.getKeyword()
    const text = DISPATCH[keyword]?.(instruction, state, given) ?? `${keyword} ${contentOf(instruction)} # buildkit`
    state.steps.push({ text, hasLayer: LAYERS.has(keyword) })
  }
  return state
}

/**
 * The configuration that BuildKit would write for the last stage, as its blob has it, as far as rules read it. It is an
 * approximation: what the base image has itself (variables, user, health check, labels, history) is not known here and left
 * out, SHELL and ONBUILD are not followed, `\$` is not told from `$`, and here-documents stand in the history as they are written.
 * @see https://github.com/moby/buildkit/blob/master/frontend/dockerfile/dockerfile2llb/convert.go
 */
export function imageConfigOf(build: Build, options: BuildOptions): string {
  const { created, architecture } = options
  const { user, env, labels, healthcheck: test, workdir, cmd, entrypoint, steps } = stateAfter(build, options)
  const history = steps.map(({ text, hasLayer }): History & { readonly comment: string } => ({
    ...{ created, created_by: text, comment: 'buildkit.dockerfile.v0' },
    ...(!hasLayer && { empty_layer: true }),
  }))
  const layers = ['base', ...steps.filter(({ hasLayer }) => hasLayer).map(({ text }) => `${architecture} ${text}`)]
  return JSON.stringify({
    ...{ os: 'linux', architecture, created },
    config: {
      ...{ User: user, Env: [...env].map((pair) => pair.join('=')), Labels: labels, WorkingDir: workdir },
      ...{ Cmd: cmd, Entrypoint: entrypoint, Healthcheck: test && { Test: test } },
    },
    rootfs: { type: 'layers', diff_ids: layers.map(digestOf) },
    history,
  })
}
