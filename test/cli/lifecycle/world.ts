import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeEach } from 'vitest'
import { policyText } from '../../../functions/domain/lifecycle/policy-text.ts'
import type { Rule } from '../../../functions/domain/lifecycle/rule.ts'
import { type LocalAws, startLocalAws } from '../../../local/aws/server.ts'
import { configuration, imageManifest } from '../../policy/image/manifests.ts'
import { steward } from '../cli.ts'

export type World = {
  readonly aws: LocalAws
  readonly env: Readonly<Record<string, string>>
  readonly folder: string
  /** @returns its name */
  write(name: string, text: string): string
  read(name: string): string
  files(): readonly string[]
  /** Text of the policy that a repository has. */
  policyOf(repository: string): string | undefined
  put(repository: string, rules: readonly Rule[]): void
  /** An image for each tag, a minute apart. */
  push(repository: string, tags: readonly string[]): void
  run(argv: readonly string[], columns?: number): ReturnType<typeof steward>
}

/** A local AWS for each test, without repositories, and a folder to run in. */
export function lifecycleWorld(): World {
  const folders: string[] = []
  const world = {} as { -readonly [K in keyof World]: World[K] }
  beforeEach(async () => {
    const aws = await startLocalAws()
    const folder = mkdtempSync(join(tmpdir(), 'steward-lifecycle-'))
    folders.push(folder)
    const env = {
      ...{ AWS_ENDPOINT_URL: aws.url, AWS_REGION: aws.region },
      ...{ AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: 'secret' },
    }
    Object.assign(world, { aws, folder, env })
  })
  afterEach(() => world.aws.close())
  afterAll(() => {
    for (const folder of folders) rmSync(folder, { recursive: true })
  })
  let pushed = 0
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
    policyOf: (repository: string) => world.aws.ecr.repository(repository)?.lifecyclePolicyText,
    put(repositoryName: string, rules: readonly Rule[]) {
      world.aws.call('ecr', 'PutLifecyclePolicy', { repositoryName, lifecyclePolicyText: policyText(rules) })
    },
    push(repositoryName: string, tags: readonly string[]) {
      for (const imageTag of tags) {
        pushed += 1
        world.aws.clock.advanceTo(world.aws.clock.now() + 60_000)
        const config = configuration({ config: { User: `u${pushed}` } })
        world.aws.ecr.putBlob(repositoryName, config.text)
        world.aws.ecr.putImage({ repositoryName, imageManifest: imageManifest(config).text, imageTag })
      }
    },
    run: (argv: readonly string[], columns?: number) =>
      steward(['lifecycle', ...argv], { cwd: world.folder, env: world.env, ...(columns !== undefined && { columns }) }),
  })
}
