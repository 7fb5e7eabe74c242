import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll } from 'vitest'
import { type LocalAws, startLocalAws } from '../../local/aws/server.ts'
import { configuration, imageManifest } from '../policy/image/manifests.ts'

const POLICY = JSON.stringify({
  rules: [
    {
      rulePriority: 1,
      selection: { tagStatus: 'untagged', countType: 'sinceImagePushed', countUnit: 'days', countNumber: 14 },
      action: { type: 'expire' },
    },
  ],
})

/** What steward.yaml asks, in the tests of the command line. */
export const CONFIG = `alerts:
  - { repositories: ["**"], to: [sns] }
policy:
  - repositories: ["scratch/**"]
    rules: { tag-immutability: off, lifecycle-policy: off, non-root-user: off }
  - repositories: ["**"]
    rules:
      tag-immutability: report
      lifecycle-policy: report
      non-root-user: report
registry:
  to: [sns]
  rules: { registry-scanning: report }
exceptions:
  - rule: tag-immutability
    repositories: ["team-a/**"]
    reason: tags move until the new pipeline
    owner: team-a
    expires: 2027-01-31
`

export type Surroundings = {
  readonly aws: LocalAws
  /** Environment of a caller that may do everything. */
  readonly env: Readonly<Record<string, string>>
  /** A folder with a `steward.yaml` in it, as in the root of a git repository. */
  readonly folder: string
  write(name: string, text: string): string
}

/**
 * A local AWS with a few repositories: all is well in `prod/api`, `prod/web` has no lifecycle policy and tags that move,
 * those of `team-a/worker` move by an exception, and nothing is asked of `scratch/x`.
 */
export function startRegistry(): Surroundings {
  const folder = mkdtempSync(join(tmpdir(), 'steward-check-'))
  const write = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text)
    return join(folder, name)
  }
  const surroundings = { folder, write } as { -readonly [K in keyof Surroundings]: Surroundings[K] }
  write('steward.yaml', CONFIG)
  beforeAll(async () => {
    surroundings.aws = await startLocalAws()
    surroundings.env = {
      ...{ AWS_ENDPOINT_URL: surroundings.aws.url, AWS_REGION: surroundings.aws.region },
      ...{ AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: 'secret' },
    }
    fill(surroundings.aws)
  })
  afterEach(() => {
    surroundings.aws.faults.clear()
    surroundings.aws.authorize = undefined
  })
  afterAll(async () => {
    await surroundings.aws.close()
    rmSync(folder, { recursive: true })
  })
  return surroundings
}

function fill(aws: LocalAws): void {
  const repositories = [
    { repositoryName: 'prod/api', imageTagMutability: 'IMMUTABLE' as const, isBounded: true },
    { repositoryName: 'prod/web', isBounded: false },
    { repositoryName: 'scratch/x', isBounded: false },
    { repositoryName: 'team-a/worker', isBounded: true },
  ]
  for (const { isBounded, ...input } of repositories) {
    aws.ecr.createRepository(input)
    if (isBounded)
      aws.call('ecr', 'PutLifecyclePolicy', { repositoryName: input.repositoryName, lifecyclePolicyText: POLICY })
  }
  for (const [repositoryName, user, imageTag] of [
    ['prod/api', 'app', '1.4.2'],
    ['prod/web', 'root', '5.0.0'],
  ] as const) {
    const config = configuration({ config: { User: user } })
    aws.ecr.putBlob(repositoryName, config.text)
    aws.ecr.putImage({ repositoryName, imageManifest: imageManifest(config).text, imageTag })
  }
}
