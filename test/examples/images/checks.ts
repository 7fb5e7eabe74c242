import type { Copy, Instruction, ModifiableInstruction } from 'dockerfile-ast'
import { type Build, basesOf, chainOf, commandIn, lastStage } from './dockerfile.ts'

/** What no image tells of itself, and its Dockerfile does. Each says what is wrong, a text for each place. */
type Check = (build: Build) => readonly string[]

const all = ({ stages }: Build): readonly Instruction[] => stages.flatMap(({ instructions }) => instructions)
const only = (instructions: readonly Instruction[], ...keywords: readonly string[]): readonly Instruction[] =>
  instructions.filter((instruction) => keywords.includes(instruction.getKeyword()))
const contentOf = (instruction: Instruction): string => instruction.getArgumentsContent() ?? ''
const flagsOf = (instruction: Instruction): readonly string[] =>
  (instruction as ModifiableInstruction).getFlags().map((flag) => flag.getName())
const runs = (instructions: readonly Instruction[]): readonly string[] => only(instructions, 'RUN').map(contentOf)

const INSTALLS_RUNTIME_ONLY = /\bnpm (?:ci|install)\b.*--(?:only=prod(?:uction)?|production|omit[= ]dev)\b/
const INSTALLS = /\bnpm (?:ci|install)\b/

/** By names that the anti-patterns say. */
export const CHECKS: Readonly<Record<string, Check>> = {
  digest: (build) =>
    basesOf(build)
      .filter((base) => base !== 'scratch' && !/@sha256:[0-9a-f]{64}$/.test(base))
      .map((base) => `${base} is not pinned by a digest`),

  latest: (build) =>
    basesOf(build)
      .map((base) => base.replace(/@.*/, ''))
      .filter((base) => base !== 'scratch' && !/:(?!latest$)[\w.-]+$/.test(base))
      .map((base) => `${base} has no tag but latest`),

  'add-url': (build) =>
    only(all(build), 'ADD')
      .filter((add) => /^(?:https?|git):/.test(contentOf(add)) && !flagsOf(add).includes('checksum'))
      .map((add) => `ADD ${contentOf(add)} is not checked`),

  upgrade: (build) =>
    runs(all(build)).filter((text) => /\b(?:apt(?:-get)? (?:-\S+ )*(?:dist-|full-)?upgrade|apk upgrade)\b/.test(text)),

  'exec-form': (build) =>
    only(
      chainOf(build, lastStage(build)).flatMap(({ instructions }) => instructions),
      'CMD',
      'ENTRYPOINT',
    )
      .filter((command) => commandIn(contentOf(command)).form === 'shell')
      .map((command) => `${command.getKeyword()} ${contentOf(command)} starts a shell`),

  'dev-dependencies': (build) =>
    build.stages.flatMap((stage) => {
      const commands = runs(chainOf(build, stage).flatMap(({ instructions }) => instructions))
      const at = commands.findIndex((text) => /\bnpm run build\b/.test(text))
      const installs = commands.slice(0, at + 1).filter((text) => INSTALLS.test(text))
      const lacks = installs.length > 0 && installs.every((text) => INSTALLS_RUNTIME_ONLY.test(text))
      return at >= 0 && lacks ? [`${commands[at]} after ${installs.join(', ')}`] : []
    }),

  architecture: (build) => runs(all(build)).filter((text) => /\bGOARCH=(?!\$)\w/.test(text)),

  'whole-context': (build) =>
    only(lastStage(build).instructions, 'COPY', 'ADD')
      .filter((copy) => !(copy as Copy).getFlags().some((flag) => flag.getName() === 'from'))
      .filter((copy) => copy.getArguments()[0]?.getValue() === '.')
      .map((copy) => `${copy.getKeyword()} ${contentOf(copy)}`),
}

/** The names of the checks that find something, with what they find. */
export const complaintsOf = (build: Build): Readonly<Record<string, readonly string[]>> =>
  Object.fromEntries(
    Object.entries(CHECKS).flatMap(([name, check]) => {
      const found = check(build)
      return found.length > 0 ? [[name, found]] : []
    }),
  )
