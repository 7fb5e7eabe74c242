import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Readers } from '../../../cli/check/readers.ts'
import { readersOf } from '../../../cli/check/readers.ts'
import { fileText } from '../../../cli/init/document.ts'
import { type Account, type Looking, lookAt } from '../../../cli/init/look.ts'
import { newestImage } from '../../../cli/init/newest-image.ts'
import { lookProgress } from '../../../cli/init/progress.ts'
import { proposalFor } from '../../../cli/init/proposal.ts'
import { spread } from '../../../cli/init/spread.ts'
import { parseConfig } from '../../../config/load.ts'
import { signedAws } from '../../../functions/adapters/signed-aws.ts'
import { Gone, Unreadable } from '../../../functions/faults.ts'
import { type LocalAws, startLocalAws } from '../../../local/aws/server.ts'
import { envOf } from '../../adapters/env.ts'
import { recorder } from '../cli.ts'

const HOME = { account: '123456789012', region: 'ap-northeast-1' }
const NOW = new Date('2026-11-24T12:00:00Z')

type Image = Parameters<typeof newestImage>[0] extends AsyncIterable<readonly (infer I)[]> ? I : never

const image = (digit: string, day: number, more: Partial<Image['detail']> = {}): Image => ({
  ref: { ...HOME, repository: 'prod/api', digest: `sha256:${digit.repeat(64)}`, tags: more.tags ?? ['1.0'] },
  detail: { tags: ['1.0'], pushedAt: `2026-11-0${day}T00:00:00Z`, sizeInBytes: 1, ...more },
})

async function* pagesOf(...pages: readonly (readonly Image[])[]) {
  yield* pages
}

describe('the newest image', () => {
  const chart = image('c', 9, { artifactMediaType: 'application/vnd.cncf.helm.config.v1+json' })
  const signature = image('d', 9, { tags: [`sha256-${'a'.repeat(64)}.sig`] })

  test.each([
    ['is that which was pushed last, on whichever page', [[image('a', 1)], [image('b', 3), image('c', 2)]], 'b', false],
    ['is the first by digest of two of one instant', [[image('b', 1)], [image('a', 1)]], 'a', false],
    ['is neither a chart nor a signature', [[chart, signature, image('a', 1)]], 'a', false],
    ['is none where there are but such', [[chart], [signature]], undefined, false],
    [
      'is that of the pages that were read, where there are more',
      [[image('a', 1)], [image('b', 2)], [image('c', 3)]],
      'b',
      true,
    ],
  ] as const)('%s', async (_, pages, digit, isCut) => {
    const newest = await newestImage(pagesOf(...pages), 2)
    expect([newest.image?.ref.digest.at(-1), newest.isCut]).toEqual([digit, isCut])
  })
})

test.each([
  [['b/2', 'a/1', 'solo', 'a/2', 'b/1', 'a/3'], 4, ['solo', 'a/1', 'b/1', 'a/2']],
  [['b', 'a'], 2, ['b', 'a']],
  [['a/1'], 0, []],
])('some of %j, %i of them, are spread over the namespaces', (names, most, chosen) => {
  expect(spread(names, most)).toEqual(chosen)
})

describe('an account that can be read in part', () => {
  let aws: LocalAws
  let readers: Readers
  beforeAll(async () => {
    aws = await startLocalAws()
    for (const repositoryName of ['prod/api', 'prod/web', 'solo'])
      aws.ecr.createRepository({ repositoryName, imageTagMutability: 'IMMUTABLE' })
    const session = { aws: signedAws(envOf(aws)), endpoint: aws.url, registry: HOME }
    readers = readersOf(session as Parameters<typeof readersOf>[0])
  })
  afterAll(() => aws.close())

  const progress = { listed: () => {}, judged: () => {}, images: () => {}, image: () => {} }
  const looking = (change: Partial<Readers> = {}): Looking => ({
    ...{ registry: HOME, readers: { ...readers, ...change }, now: NOW, atOnce: 2, mostImages: 9, progress },
  })
  const fileOf = (account: Account, enforce = true): string => fileText(account, proposalFor(account, enforce))

  test('and whose list ended early: nothing is ready or enforced, and the file says so', async () => {
    const whole = await lookAt(looking())
    expect(fileOf(whole)).toContain('tag-immutability: enforce # nothing to put right: all 3 pass')
    const list = async function* (...given: Parameters<Readers['repositories']['listRepositories']>) {
      yield* readers.repositories.listRepositories(...given)
      throw new Unreadable('ECR answered SlowDown\n to DescribeRepositories', false, undefined)
    }
    const account = await lookAt(looking({ repositories: { ...readers.repositories, listRepositories: list } }))
    const text = fileOf(account)
    expect(text).toContain(
      '# NOT COMPLETE: the list of repositories ended early: ECR answered SlowDown� to DescribeRepositories\n',
    )
    expect(text).toContain('tag-immutability: report # all 3 pass\n')
    expect(parseConfig(text, 'steward.yaml', NOW)).toHaveProperty('warnings', [])
  })

  test('and that changes meanwhile: what is gone is of no interest', async () => {
    const gone = async (): Promise<never> => {
      throw new Gone('the repository is not there')
    }
    const settings: Partial<Readers> = {
      repositories: {
        ...readers.repositories,
        policy: (ref) => (ref.repository === 'solo' ? gone() : readers.repositories.policy(ref)),
      },
      list: {
        ...readers.list,
        async *listTagged(ref) {
          if (ref.repository === 'prod/web') await gone()
          yield* readers.list.listTagged(ref)
        },
      },
    }
    const { repositories, images, missing } = await lookAt(looking(settings))
    expect([repositories.map(({ ref }) => ref.repository), images, missing]).toEqual([['prod/api', 'prod/web'], [], []])
  })

  test('says on a terminal how far it is', async () => {
    const { stream, text } = recorder(80)
    const shown = lookProgress({ stderr: stream }, false)
    shown.listed(1_200)
    await expect.poll(text).toContain('1,200 repositories listed')
    shown.judged()
    await expect.poll(text).toContain('1 of 1,200 repositories judged')
    shown.images(300)
    shown.image()
    await expect.poll(text).toContain('newest images of 1 of 300 repositories judged')
    shown.end()
  })
})
