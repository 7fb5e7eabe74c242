import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll } from 'vitest'
import { digestOf } from '../../../local/aws/ecr/manifest.ts'
import { type LocalAws, startLocalAws } from '../../../local/aws/server.ts'
import { indexOf, manifestOf } from '../../local/aws/manifests.ts'

/** When the commands run. */
export const NOW = new Date('2026-11-28T12:00:00Z')
const DAY = 86_400_000

export const daysAgo = (days: number): Date => new Date(NOW.getTime() - days * DAY)

const rule = (rulePriority: number, selection: object, action: object = { type: 'expire' }) => ({
  ...{ rulePriority, description: 'a rule of a test' },
  ...{ selection, action },
})

/** The newest release stays, others are archived; untagged images expire after a week. */
export const POLICY = JSON.stringify({
  rules: [
    rule(
      1,
      { tagStatus: 'tagged', tagPrefixList: ['v'], countType: 'imageCountMoreThan', countNumber: 1 },
      { type: 'transition', targetStorageClass: 'archive' },
    ),
    rule(5, { tagStatus: 'untagged', countType: 'sinceImagePushed', countUnit: 'days', countNumber: 7 }),
  ],
})

/** All but the two newest expire. */
export const KEEP_TWO = JSON.stringify({
  rules: [rule(1, { tagStatus: 'any', countType: 'imageCountMoreThan', countNumber: 2 })],
})

export const digests = {
  old: digestOf(manifestOf('old')),
  new: digestOf(manifestOf('new')),
  stray: digestOf(manifestOf('stray')),
  child: digestOf(manifestOf('child')),
  index: digestOf(indexOf(manifestOf('child'))),
}

/**
 * A repository with two releases, an untagged image, and an index with its child: all pushed 30 days ago but the newer
 * release, which is a day old.
 */
export function fill(aws: LocalAws, repositoryName: string): void {
  aws.ecr.createRepository({ repositoryName })
  const put = (imageManifest: string, days: number, imageTag?: string): void => {
    aws.ecr.putImage({ repositoryName, imageManifest, imageTag, pushedAt: daysAgo(days) })
  }
  put(manifestOf('old'), 30, 'v1')
  put(manifestOf('stray'), 30)
  put(manifestOf('child'), 30)
  put(indexOf(manifestOf('child')), 30, 'multi')
  put(manifestOf('new'), 1, 'v2')
}

type Here = {
  readonly aws: LocalAws
  readonly env: Readonly<Record<string, string>>
  readonly folder: string
  write(name: string, text: string): string
  /** Of a file that was written. */
  text(name: string): string
}

/** A local AWS with the repositories `prod/api`, which has `POLICY`, and `prod/web`, which has none; and a folder for files. */
export function startImages(): Here {
  const folder = mkdtempSync(join(tmpdir(), 'steward-lifecycle-'))
  const write = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text)
    return name
  }
  const text = (name: string): string => readFileSync(join(folder, name), 'utf8')
  const here = { folder, write, text } as { -readonly [K in keyof Here]: Here[K] }
  beforeAll(async () => {
    here.aws = await startLocalAws()
    here.aws.clock.set(NOW.getTime())
    here.env = {
      ...{ AWS_ENDPOINT_URL: here.aws.url, AWS_REGION: here.aws.region },
      ...{ AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: 'secret' },
    }
    for (const name of ['prod/api', 'prod/web']) fill(here.aws, name)
    here.aws.call('ecr', 'PutLifecyclePolicy', { repositoryName: 'prod/api', lifecyclePolicyText: POLICY })
    write('policy.json', POLICY)
    write('keep-two.json', KEEP_TWO)
  })
  afterEach(() => {
    here.aws.faults.clear()
    here.aws.authorize = undefined
  })
  afterAll(async () => {
    await here.aws.close()
    rmSync(folder, { recursive: true })
  })
  return here
}
