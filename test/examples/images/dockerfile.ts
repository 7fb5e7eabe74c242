import { DockerfileParser, type From, type Instruction } from 'dockerfile-ast'

/** A stage of a build: its FROM, and what follows it. */
export type Stage = {
  readonly from: From
  /** As `AS` calls it. */
  readonly name: string | undefined
  readonly instructions: readonly Instruction[]
}

/** Arguments in a FROM are not followed. */
export type Build = { readonly stages: readonly Stage[] }

const isFrom = (instruction: Instruction): instruction is From => instruction.getKeyword() === 'FROM'

export function parseDockerfile(text: string): Build {
  const stages: (Stage & { instructions: Instruction[] })[] = []
  for (const instruction of DockerfileParser.parse(text).getInstructions()) {
    if (isFrom(instruction))
      stages.push({ from: instruction, name: instruction.getBuildStage() ?? undefined, instructions: [] })
    else stages.at(-1)?.instructions.push(instruction)
  }
  return { stages }
}

/** The stages that one is built upon, the lowest first, and itself. */
export function chainOf({ stages }: Build, stage: Stage): readonly Stage[] {
  const earlier = stages.slice(0, stages.indexOf(stage))
  const parent = earlier.findLast(({ name }) => name !== undefined && name === stage.from.getImage())
  return parent ? [...chainOf({ stages }, parent), stage] : [stage]
}

/** What becomes the image. */
export function lastStage({ stages }: Build): Stage {
  const last = stages.at(-1)
  if (!last) throw new Error('There is no FROM in the Dockerfile')
  return last
}

/** The images of registries that stages are built upon. */
export const basesOf = (build: Build): readonly string[] => [
  ...new Set(build.stages.map((stage) => chainOf(build, stage)[0]?.from.getImage() ?? '')),
]

/** A command as its first process gets it. */
export type Command = { readonly form: 'exec'; readonly argv: readonly string[] } | { readonly form: 'shell' }

/** @param text what follows CMD, ENTRYPOINT, or the CMD of HEALTHCHECK */
export function commandIn(text: string): Command {
  try {
    const argv: unknown = JSON.parse(text)
    if (Array.isArray(argv) && argv.every((one) => typeof one === 'string')) return { form: 'exec', argv }
  } catch {}
  return { form: 'shell' }
}
