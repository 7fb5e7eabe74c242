import { afterAll, beforeAll, expect, test } from 'vitest'
import { nativePreview } from '../../functions/adapters/native-preview.ts'
import { type AwsCall, signedAws } from '../../functions/adapters/signed-aws.ts'
import { Gone, Unreadable } from '../../functions/faults.ts'
import { type LocalAws, startLocalAws } from '../../local/aws/server.ts'
import { manifestOf } from '../local/aws/manifests.ts'
import { envOf } from './env.ts'

const textOf = (countNumber: number, action: object = { type: 'expire' }): string =>
  JSON.stringify({
    rules: [
      {
        rulePriority: 7,
        description: 'a rule of a test',
        selection: { tagStatus: 'any', countType: 'imageCountMoreThan', countNumber },
        action,
      },
    ],
  })

let aws: LocalAws
beforeAll(async () => {
  aws = await startLocalAws()
  aws.ecr.createRepository({ repositoryName: 'app' })
  for (let n = 0; n < 130; n++)
    aws.ecr.putImage({
      repositoryName: 'app',
      imageManifest: manifestOf(`image ${n}`),
      ...(n === 0 && { imageTag: 'v1' }),
    })
})
afterAll(() => aws.close())

const refOf = (repository = 'app') => ({ account: aws.account, region: aws.region, repository })

/** @param most for the whole, milliseconds */
function look(text: string, { most = 10_000, repository = 'app', call = signedAws(envOf(aws)) } = {}) {
  const waited: string[] = []
  const options = { most, now: Date.now, onWait: (what: string) => void waited.push(what) }
  return { waited, marks: nativePreview(call, aws.region)(refOf(repository), text, options) }
}

test('waits for it, and reads every page', async () => {
  const { marks, waited } = look(textOf(1))
  expect(await marks).toHaveLength(129)
  expect((await marks)[0]).toEqual({
    digest: expect.stringMatching(/^sha256:/),
    tags: ['v1'],
    action: 'expire',
    rule: 7,
  })
  expect(waited).toEqual(["ECR's own preview is running"])
  const archived = await look(textOf(129, { type: 'transition', targetStorageClass: 'archive' })).marks
  expect(archived.map(({ action }) => action)).toEqual(['archive'])
})

test('waits for the preview of somebody else, which is not taken for ours', async () => {
  aws.call('ecr', 'StartLifecyclePolicyPreview', { repositoryName: 'app', lifecyclePolicyText: textOf(100) })
  const { marks, waited } = look(textOf(120))
  // Whoever looks, learns that it is over a moment later.
  aws.call('ecr', 'GetLifecyclePolicyPreview', { repositoryName: 'app' })
  expect(await marks).toHaveLength(10)
  expect(waited.length).toBeGreaterThan(0)
})

test('starts anew where another one came in between', async () => {
  const real = signedAws(envOf(aws))
  let looks = 0
  const call: AwsCall = async (service, operation, input) => {
    const answer = await real(service, operation, input)
    const isFirst = operation === 'GetLifecyclePolicyPreview' && answer.status === 'COMPLETE' && looks++ === 0
    return isFirst ? { ...answer, lifecyclePolicyText: textOf(5) } : answer
  }
  const { marks, waited } = look(textOf(128), { call })
  expect(await marks).toHaveLength(2)
  expect(waited).toContain('another preview came in between')
})

test('does not wait longer than it may', async () => {
  const { marks } = look(textOf(1), { most: 100 })
  await expect(marks).rejects.toThrow(
    new Unreadable("ECR's own preview is running, and 0 seconds are over", false, undefined),
  )
})

test('a preview that failed, a refusal and a repository that is not there are told', async () => {
  const call: AwsCall = async () => ({ status: 'FAILED' })
  await expect(look(textOf(1), { call }).marks).rejects.toThrow("ECR's own preview failed")
  await expect(look('{}').marks).rejects.toThrow(
    'ECR answered InvalidParameterException to StartLifecyclePolicyPreview',
  )
  await expect(look(textOf(1), { repository: 'none' }).marks).rejects.toThrow(Gone)
})
