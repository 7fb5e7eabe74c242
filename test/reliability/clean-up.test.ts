import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Alert } from '../../functions/domain/alert.ts'
import { closeRegistry } from '../../local/seed/registry.ts'
import { lifecycle, manifestOf } from '../clean-up/registry.ts'
import { hasCli, shell, withCli } from './aws-cli.ts'
import { useRig } from './rig.ts'

const YAML = `
alerts: [{ repositories: ["**"], to: [sns] }]
channels:
  platform: { slack-webhook: { secret: ecr-steward/slack/platform } }
clean-up:
  mode: apply
  to: [slack:platform, sns]
  at-most: { share: 100%, share-of-registry: 100% }
  policies:
    - { repositories: ["night/**"], policy: night.json }
`
const POLICY = lifecycle({ tagStatus: 'any', countType: 'sinceImagePushed', countNumber: 30 })
const DAY = 86_400_000

const rig = await useRig({ yaml: YAML, policy: POLICY })
const { aws, cloud, slack } = rig.world

let nights = 0
let repositoryName = ''

/** Pushes an image as it was pushed so many days ago. */
function push(tag: string, days: number): string {
  const { text, digest } = manifestOf(`${repositoryName} ${tag}`)
  aws.ecr.putImage({
    ...{ repositoryName, imageManifest: text, imageTag: tag, pushedAt: new Date(rig.now - days * DAY) },
  })
  return digest
}

const imageOf = (tag: string): string => `${aws.account}.dkr.ecr.${aws.region}.amazonaws.com/${repositoryName}:${tag}`

/** What the repository holds, as the state of the emulated ECR says. */
async function tags(): Promise<readonly string[]> {
  const answer = (await shell(rig, `aws ecr list-images --repository-name ${repositoryName}`)) as {
    imageIds: readonly { imageTag?: string }[]
  }
  return answer.imageIds.flatMap(({ imageTag = [] }) => imageTag).toSorted()
}

/** The schedule starts, and everything comes to rest. */
async function night(starts = 1): Promise<void> {
  cloud.schedule('clean-up/Schedule').fire(starts)
  await cloud.settle()
}

const alerts = (): readonly Alert[] =>
  aws.sns
    .published()
    .map(({ message }): Alert => JSON.parse(JSON.parse(message).default))
    .filter(({ kind }) => kind === 'clean-up')

const outcomes = (): readonly string[] => rig.said('clean-up')

let before = 0
const fresh = (): readonly Alert[] => alerts().slice(before)

beforeAll(() => {
  closeRegistry(aws)
  aws.ecs.createCluster('prod')
})

beforeEach(() => {
  rig.wait(DAY / 1_000)
  repositoryName = `night/n${++nights}`
  aws.ecr.createRepository({ repositoryName })
  push('old', 40)
  push('used', 50)
  push('young', 3)
  aws.ecs.registerTaskDefinition('web', [imageOf('used')])
  aws.ecs.runTask({ cluster: 'prod', taskDefinition: 'web' })
  before = alerts().length
})

describe.runIf(hasCli)(withCli('a night in mode apply'), () => {
  test('goes from the schedule to a plan in S3, to the registry, to Slack', async () => {
    const posted = slack.received().length
    await night()

    expect(await tags()).toEqual(['used', 'young'])
    expect(outcomes()).toEqual(['alerted'])
    expect(fresh()).toMatchObject([{ severity: 'INFORMATIONAL', channels: ['platform'] }])
    expect(fresh()[0]?.title).toMatch(/^Removed 1 image: at most /)
    expect(fresh()[0]?.facts.find(({ name }) => name === 'Stay')?.value).toContain('web:')
    const messages = slack
      .received()
      .slice(posted)
      .filter(({ payload }) => JSON.stringify(payload).includes('Removed'))
    expect(messages).toMatchObject([{ status: 200, channel: 'platform' }])

    const bucket = cloud.outputs.CleanUpBucketName
    const plan = fresh()[0]?.events[0]
    const key = `clean-up/${aws.account}/${aws.region}/plans/${plan}.json`
    expect(await shell(rig, `aws s3api get-object --bucket ${bucket} --key ${key} /dev/null`)).toHaveProperty('ETag')
    const { Contents } = (await shell(rig, `aws s3api list-objects-v2 --bucket ${bucket}`)) as {
      Contents: readonly { Key: string }[]
    }
    const kinds = Contents.map(({ Key }) => Key.split('/').slice(3).join('/').replace(String(plan), 'PLAN'))
    expect(kinds.filter((kind) => kind.includes('PLAN'))).toEqual([
      'journal/PLAN/0001-intent.json',
      'journal/PLAN/0001-outcome.json',
      'plans/PLAN.json',
      'runs/PLAN.json',
    ])
    expect(kinds).not.toContain('lease.json')
  })

  test('that Scheduler starts twice does everything once', async () => {
    await night(2)

    expect(await tags()).toEqual(['used', 'young'])
    expect(fresh().filter(({ title }) => title.startsWith('Removed 1 image'))).not.toEqual([])
    expect(new Set(fresh().map(({ id }) => id)).size).toBe(1)
    expect(rig.dead()).toMatchObject({})
  })

  test('in which one source may not be read removes nothing, and says which', async () => {
    aws.faults.inject({
      ...{ service: 'apprunner', operation: 'ListServices', times: Number.POSITIVE_INFINITY },
      error: {
        code: 'AccessDeniedException',
        message: 'not authorized to perform: apprunner:ListServices',
        status: 400,
      },
    })
    await night()

    expect(await tags()).toEqual(['old', 'used', 'young'])
    expect(fresh()).toMatchObject([{ severity: 'MEDIUM', title: 'Clean-up is blocked: nothing is removed' }])
    expect(fresh()[0]?.notices.join()).toMatch(/app-runner.*AccessDenied/)
  })

  test('that never works ends in the dead-letter queue, and removes nothing', async () => {
    aws.faults.inject({
      ...{ service: 's3', times: Number.POSITIVE_INFINITY },
      error: { code: 'AccessDenied', status: 403 },
    })
    await night()

    expect(await tags()).toEqual(['old', 'used', 'young'])
    expect(fresh()).toEqual([])
    const dead = Object.entries(rig.dead()).filter(([queue]) => queue.includes('CleanUpDeadLetters'))
    expect(dead.map(([, messages]) => messages)).toEqual([1])
  })

  test('that SNS does not hear of goes on where it was, and tells all of it', async () => {
    aws.faults.inject({
      ...{ service: 'sns', operation: 'Publish', times: 2 },
      error: { code: 'AccessDenied', status: 403 },
    })
    await night()

    expect(await tags()).toEqual(['used', 'young'])
    expect(fresh().map(({ title }) => title.split(':')[0])).toEqual([expect.stringMatching(/^Removed \d+ images?$/)])
  })

  test('keeps what came into use', async () => {
    aws.ecs.registerTaskDefinition('job', [imageOf('old')])
    await night()

    expect(await tags()).toEqual(['old', 'used', 'young'])
  })
})
