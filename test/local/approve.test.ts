import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Alert } from '../../functions/domain/alert.ts'
import { approve } from '../../local/approve.ts'
import { type LocalAws, startLocalAws } from '../../local/aws/server.ts'
import type { World } from '../../local/world.ts'

const ROOT = join(import.meta.dirname, '../..')

describe('the command of an alert', () => {
  let aws: LocalAws
  beforeAll(async () => {
    aws = await startLocalAws()
    aws.ecr.createRepository({ repositoryName: 'ci/app' })
    const lifecyclePolicyText = readFileSync(join(ROOT, 'lifecycle/ci.json'), 'utf8')
    aws.call('ecr', 'PutLifecyclePolicy', { repositoryName: 'ci/app', lifecyclePolicyText })
  })
  afterAll(() => aws.close())

  const approved = (command: string | undefined) =>
    approve({ aws } as World, { command } as Alert, join(ROOT, 'steward.yaml'))

  test('is run as it stands, against the local AWS', async () => {
    expect(await approved('ecr-steward lifecycle show ci/app --region ap-northeast-1')).toMatchObject({
      argv: ['lifecycle', 'show', 'ci/app', '--region', 'ap-northeast-1'],
      code: 0,
      lines: [expect.stringContaining('ci/app'), expect.stringContaining('newest 20')],
    })
    expect(aws.calls.map(({ operation }) => operation)).toContain('GetLifecyclePolicy')
  })

  test('is left alone where it is none of ours', async () => {
    expect(await approved('aws ecr delete-lifecycle-policy --repository-name ci/app')).toBeUndefined()
    expect(await approved(undefined)).toBeUndefined()
  })
})
