import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest'
import { signedAws } from '../../functions/adapters/signed-aws.ts'
import { sweepReaders } from '../../functions/adapters/sweep-readers.ts'
import type { RuleSetting } from '../../functions/domain/policy.ts'
import { ruleOf } from '../../functions/domain/rulebook.ts'
import type { SweepRecord } from '../../functions/domain/sweep/record.ts'
import { judgeRepositories } from '../../functions/sweep/judge-repositories.ts'
import type { SweptRepository } from '../../functions/sweep/judge-repository.ts'
import type { JudgingConfig, SweepDeps } from '../../functions/sweep/judging.ts'
import { type LocalAws, startLocalAws } from '../../local/aws/server.ts'
import { envOf } from '../adapters/env.ts'
import { NOW } from '../clean-up/registry.ts'
import { memoryStore } from '../functions/clean-up/memory-store.ts'
import { imageManifest, type Stored } from '../policy/image/manifests.ts'

/** A rule with its defaults. */
export const rule = (name: string, parameters: RuleSetting['parameters'] = {}): RuleSetting => ({
  ...{ rule: name, mode: 'report', line: 3 },
  parameters: {
    ...Object.fromEntries(Object.entries(ruleOf(name)?.parameters ?? {}).map(([key, one]) => [key, one.default])),
    ...parameters,
  },
})

/** The rules are asked of every repository. */
export const configOf = (rules: readonly RuleSetting[], change: Partial<JudgingConfig> = {}): JudgingConfig => ({
  policy: [{ repositories: ['**'], rules }],
  registry: { rules: [], slack: [] },
  exceptions: [],
  sweep: { ownerTag: 'Owner' },
  ...change,
})

export const basic = (name: string, severity: string, packageName = 'openssl') => ({
  name,
  severity: severity as 'HIGH',
  attributes: [
    { key: 'package_name', value: packageName },
    { key: 'package_version', value: '3.0.1' },
  ],
})

/** A local AWS, and a sweep of it over HTTP with a store of its own for each test. */
export function localSweep() {
  const all = {} as { aws: LocalAws; memory: ReturnType<typeof memoryStore>; before: number }
  beforeAll(async () => {
    all.aws = await startLocalAws()
  })
  beforeEach(() => {
    all.memory = memoryStore()
    all.before = all.aws.calls.length
  })
  afterEach(() => {
    all.aws.faults.clear()
    all.aws.authorize = undefined
    for (const { settings } of all.aws.ecr.repositories())
      all.aws.call('ecr', 'DeleteRepository', { repositoryName: settings.repositoryName, force: true })
  })
  afterAll(() => all.aws.close())

  const ref = (repository: string): SweptRepository => {
    const { account, region } = all.aws
    return { account, region, repository }
  }
  const deps = (config: JudgingConfig, change: Partial<SweepDeps> = {}): SweepDeps => {
    const { region, url } = all.aws
    const bases = { region, endpoint: url, bases: [] }
    return {
      ...{ config, readers: sweepReaders(signedAws(envOf(all.aws)), bases), store: all.memory.store, now: NOW },
      ...change,
    }
  }
  return {
    all,
    ref,
    deps,
    create: (...names: readonly string[]): void => {
      for (const repositoryName of names) all.aws.ecr.createRepository({ repositoryName })
    },
    /** Pushes an image, with the findings of its scan where it was scanned. */
    push(
      repositoryName: string,
      imageTag: string | undefined,
      found?: readonly ReturnType<typeof basic>[],
      stored?: Stored,
    ) {
      const { text, digest } =
        stored ?? imageManifest(undefined, { annotations: { name: `${repositoryName}:${imageTag}` } })
      all.aws.ecr.putImage({
        ...{ repositoryName, imageManifest: text, pushedAt: new Date(NOW.getTime() - 86_400_000) },
        ...(imageTag !== undefined && { imageTag }),
      })
      if (found) all.aws.ecr.putScan(repositoryName, digest, { status: { status: 'COMPLETE' }, findings: [...found] })
      return digest
    },
    async sweep(names: readonly (string | SweptRepository)[], config: JudgingConfig, change: Partial<SweepDeps> = {}) {
      const records: SweepRecord[] = []
      const repositories = names.map((name) => (typeof name === 'string' ? ref(name) : name))
      for await (const record of judgeRepositories(repositories, deps(config, change))) records.push(record)
      return records
    },
    /** Calls of ECR of the test that runs, by operation. */
    calls(): Record<string, number> {
      const counts: Record<string, number> = {}
      for (const { service, operation } of all.aws.calls.slice(all.before))
        if (service === 'ecr') counts[operation] = (counts[operation] ?? 0) + 1
      return counts
    },
  }
}
