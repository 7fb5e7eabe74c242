import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { stripVTControlCharacters } from 'node:util'
import { afterEach, beforeEach } from 'vitest'
import { run } from '../../../cli/run.ts'
import { type LocalAws, startLocalAws } from '../../../local/aws/server.ts'
import { envOf } from '../../adapters/env.ts'
import { NOW } from '../../clean-up/registry.ts'
import { recorder, steward } from '../cli.ts'

export type World = {
  readonly aws: LocalAws
  readonly folder: string
  write(name: string, text: string): string
  read(name: string): string
  /** Names of files, with the folders that they are in. */
  files(): readonly string[]
  /** What was asked of ECR since the test began. */
  calls(): readonly string[]
  /** Refuses calls of these actions. */
  deny(...actions: readonly string[]): void
  run(argv: readonly string[], columns?: number): ReturnType<typeof steward>
  /** Runs it at a terminal of 100 columns where somebody types, at each question, what `keys` are next. */
  type(argv: readonly string[], ...keys: readonly string[]): ReturnType<typeof steward>
}

/** A local AWS for each test, without repositories, and a folder to run in. */
export function repositoryWorld(): World {
  const world = {} as { -readonly [K in keyof World]: World[K] }
  beforeEach(async () => {
    world.aws = await startLocalAws()
    world.folder = mkdtempSync(join(tmpdir(), 'steward-repository-'))
  })
  afterEach(async () => {
    await world.aws.close()
    rmSync(world.folder, { recursive: true })
  })
  return Object.assign(world, {
    write(name: string, text: string) {
      writeFileSync(join(world.folder, name), text)
      return name
    },
    read: (name: string) => readFileSync(join(world.folder, name), 'utf8'),
    files: () =>
      readdirSync(world.folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map(({ parentPath, name }) => join(parentPath, name).slice(world.folder.length + 1))
        .toSorted(),
    calls: () => world.aws.calls.filter(({ service }) => service === 'ecr').map(({ operation }) => operation),
    deny(...actions: readonly string[]) {
      world.aws.authorize = ({ action }) => ({ allowed: !actions.includes(action), reason: 'no policy allows it' })
    },
    async run(argv: readonly string[], columns?: number) {
      const surroundings = { cwd: world.folder, env: envOf(world.aws), now: () => NOW }
      const ended = await steward(['repository', ...argv], { ...surroundings, ...(columns && { columns }) })
      return { ...ended, out: stripVTControlCharacters(ended.out) }
    },
    async type(argv: readonly string[], ...keys: readonly string[]) {
      const [stdout, stderr, stdin] = [recorder(100), recorder(100), new PassThrough()]
      const left = [...keys]
      stderr.stream.on('data', (chunk) => {
        if (String(chunk).includes('type its name: ')) stdin.write(left.shift() ?? '')
      })
      const io = { stdout: stdout.stream, stderr: stderr.stream, stdin: Object.assign(stdin, { isTTY: true }) }
      const code = await run(['repository', ...argv], {
        ...io,
        cwd: world.folder,
        env: envOf(world.aws),
        now: () => NOW,
      })
      return { code, out: stripVTControlCharacters(stdout.text()), err: stripVTControlCharacters(stderr.text()) }
    },
  })
}
