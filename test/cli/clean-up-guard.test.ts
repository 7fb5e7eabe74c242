import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { signedAws } from '../../functions/adapters/signed-aws.ts'
import { type LocalAws, startLocalAws } from '../../local/aws/server.ts'
import { envOf } from '../adapters/env.ts'
import { manifestOf, NOW, push, THIRTY_DAYS } from '../clean-up/registry.ts'
import { steward } from './cli.ts'

let aws: LocalAws
let folder: string

/** A steward.yaml that pins these tags. */
const pin = (tags: string): void =>
  writeFileSync(
    join(folder, 'steward.yaml'),
    `alerts: [{ repositories: ["**"], to: [sns] }]
clean-up: { to: [sns], in-use: { pins: [{ repositories: ["prod/**"], tags: [${tags}], reason: a customer }] } }
`,
  )

async function guard(argv: readonly string[] = []) {
  const surroundings = { cwd: folder, env: envOf(aws), now: () => NOW, columns: 110 }
  const { code, out, err } = await steward(['clean-up', 'guard', ...argv], surroundings)
  return { code, err, out: stripVTControlCharacters(out) }
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'steward-guard-'))
  aws = await startLocalAws()
  for (const repositoryName of ['prod/api', 'prod/web']) {
    aws.ecr.createRepository({ repositoryName })
    const input = { repositoryName, lifecyclePolicyText: THIRTY_DAYS }
    await signedAws(envOf(aws))('ecr', 'PutLifecyclePolicy', input)
  }
  push(aws, 'prod/api', manifestOf('old'), 40, 'v1')
  push(aws, 'prod/api', manifestOf('soon'), 29, 'v2')
})

afterEach(async () => {
  await aws.close()
  rmSync(folder, { recursive: true })
})

describe('clean-up guard', () => {
  test('says what is in danger, when, who needs it, and what keeps it: a pin does not', async () => {
    pin('"v1", "v2"')
    const { code, out, err } = await guard()
    expect([code, err]).toEqual([1, ''])
    expect(out).toMatchInlineSnapshot(`
      "IN DANGER  prod/api  2 images in use
        v1  expires at any moment; in use (pinned in steward.yaml, line 2: a customer); older than 30 days by rule
            1: pushed 2026-10-19, due 2026-11-18
        v2  expires from 2026-11-29 03:00 UTC; in use (pinned in steward.yaml, line 2: a customer); older than 30
            days by rule 1: pushed 2026-10-30, due 2026-11-29
        → The same policy, with a rule before the others for each of these tags:
        $ aws ecr put-lifecycle-policy --region ap-northeast-1 --repository-name prod/api --lifecycle-policy-text '{"rules":[{"rulePriority":1,"description":"v1 is in use","selection":{"tagStatus":"tagged","tagPatternList":["v1"],"countType":"imageCountMoreThan","countNumber":1},"action":{"type":"expire"}},{"rulePriority":2,"description":"v2 is in use","selection":{"tagStatus":"tagged","tagPatternList":["v2"],"countType":"imageCountMoreThan","countNumber":1},"action":{"type":"expire"}},{"rulePriority":3,"selection":{"tagStatus":"any","countType":"sinceImagePushed","countUnit":"days","countNumber":30},"action":{"type":"expire"}}]}'
        → Or stop ECR at once; what it prints is the policy, to be put back:
        $ aws ecr delete-lifecycle-policy --region ap-northeast-1 --repository-name prod/api

      2 images in use may go within 2 days, of 2 repositories with a lifecycle policy.
      "
    `)
  })

  test('says where nothing is in danger, how far it looked', async () => {
    pin('"v2"')
    expect(await guard(['--within', '0'])).toEqual({
      ...{ code: 0, err: '' },
      out: 'No image in use goes within 0 days, of 2 repositories with a lifecycle policy.\n',
    })
    expect((await guard(['--within', '1', 'prod/api'])).code).toBe(1)
  })

  test('needs no steward.yaml', async () => {
    expect((await guard(['prod/**'])).out).toBe(
      'No image in use goes within 2 days, of 2 repositories with a lifecycle policy.\n',
    )
  })

  test('says where it saw only a part: what is found fails all the same', async () => {
    aws.faults.inject({ service: 'ecs', error: { code: 'ServerException' }, times: Number.POSITIVE_INFINITY })
    const { code, out } = await guard()
    expect(code).toBe(3)
    expect(out).toContain('NOT SEEN  Images may be in danger that are not listed here')
    expect(out).toContain('Of what could be seen, no image in use goes within 2 days')
    pin('"v1"')
    expect((await guard()).code).toBe(1)
  })

  test('tells what was named and is not there, and what may not be read', async () => {
    aws.faults.inject({ service: 'ecr', operation: 'GetLifecyclePolicy', error: { code: 'AccessDeniedException' } })
    const { code, out, err } = await guard(['prod/api', 'prod/apu'])
    expect(code).toBe(4)
    expect(err).toContain('not judged: prod/apu: the repository is not there')
    expect(err).toContain('not allowed: ecr:GetLifecyclePolicy')
    expect(out).toContain('AccessDeniedException to GetLifecyclePolicy')
  })

  test('as JSON has every image, who uses it, and the policy that keeps it', async () => {
    pin('"v1"')
    const { code, out } = await guard(['--json'])
    expect(code).toBe(1)
    expect(JSON.parse(out)).toMatchObject({
      ...{ schemaVersion: 1, guardedAt: NOW.toISOString(), withinDays: 2, repositoriesWithPolicy: 2 },
      repositories: [
        {
          repository: 'prod/api',
          policyThatKeeps: expect.stringContaining('"tagPatternList":["v1"]'),
          images: [{ tags: ['v1'], action: 'expire', rule: 1, usedBy: [expect.stringContaining('a customer')] }],
        },
      ],
      ...{ notSeen: [], missing: [], outcome: 'fail' },
    })
  })

  test('shows some of very many, and counts the rest', async () => {
    pin('"*"')
    for (let i = 0; i < 60; i++) push(aws, 'prod/web', manifestOf(`web-${i}`), 50, i < 40 ? `x-${i}` : undefined)
    for (let i = 0; i < 30; i++) {
      const repositoryName = `prod/more-${i}`
      aws.ecr.createRepository({ repositoryName })
      await signedAws(envOf(aws))('ecr', 'PutLifecyclePolicy', { repositoryName, lifecyclePolicyText: THIRTY_DAYS })
      push(aws, repositoryName, manifestOf(`more-${i}`), 50, 'v1')
    }
    const { out } = await guard()
    expect(out).toContain('… and 12 more repositories; --json has all')
    expect((await guard(['prod/web'])).out).toContain('… and 20 more images; --json has all')
  })
})
