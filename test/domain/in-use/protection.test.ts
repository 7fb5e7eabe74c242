import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createProtection } from '../../../functions/domain/in-use/protection.ts'
import { parseReference } from '../../../functions/domain/in-use/reference.ts'
import type { ImageReference, InUseReport, Pin, Use } from '../../../functions/domain/in-use/use.ts'

const OWN = '111111111111'
const OTHER = '222222222222'
const HERE = { account: OWN, region: 'us-east-1' }
const API = { ...HERE, repository: 'prod/api' }
const digest = (n: number) => `sha256:${n.toString(16).padStart(64, '0')}`

const report = (uses: readonly Use[], change: Partial<InUseReport> = {}): InUseReport => ({
  source: 'ecs',
  registry: HERE,
  uses,
  ...change,
})
const use = (text: string, by: string): Use => ({ image: parseReference(text) as ImageReference, by })
const host = (account = OWN, region = 'us-east-1') => `${account}.dkr.ecr.${region}.amazonaws.com`
const protection = (uses: readonly Use[], pins: readonly Pin[] = []) =>
  createProtection({ at: 0, reports: [report(uses)] }, pins)
const pin = (change: Partial<Pin>): Pin => ({ repositories: ['prod/**'], reason: 'a contract', line: 7, ...change })
const PINNED = 'pinned in steward.yaml, line 7: a contract'

describe('what is in use', () => {
  it('is told without what is pinned alone', () => {
    const { usersOf, runningOf } = protection([use(`${host()}/prod/api:1.4`, 'job')], [pin({})])
    expect(usersOf(API, { digest: digest(1), tags: ['1.4'] })).toEqual(['job', PINNED])
    expect(runningOf(API, { digest: digest(1), tags: ['1.4'] })).toEqual(['job'])
  })

  it('is what a tag names now, and nothing else of the repository', () => {
    const { usersOf } = protection([use(`${host()}/prod/api:1.4`, 'ECS task definition web:42')])
    expect(usersOf(API, { digest: digest(1), tags: ['1.5', '1.4'] })).toEqual(['ECS task definition web:42'])
    expect(usersOf(API, { digest: digest(2), tags: ['1.5'] })).toEqual([])
    expect(usersOf({ ...API, repository: 'prod/web' }, { digest: digest(3), tags: ['1.4'] })).toEqual([])
  })

  it('is a digest in every repository of every registry, also without a tag', () => {
    const { usersOf } = protection([use(`${host()}/prod/api@${digest(1)}`, 'Lambda function resize, version 7')])
    for (const repository of [API, { account: OTHER, region: 'eu-west-1', repository: 'mirror/api' }])
      expect(usersOf(repository, { digest: digest(1), tags: [] })).toEqual(['Lambda function resize, version 7'])
    expect(usersOf(API, { digest: digest(2), tags: [] })).toEqual([])
  })

  it('is both where a reference has a tag and a digest: the tag is what comes next', () => {
    const { usersOf } = protection([use(`${host()}/prod/api:1.4@${digest(1)}`, 'job')])
    expect(usersOf(API, { digest: digest(1), tags: [] })).toEqual(['job'])
    expect(usersOf(API, { digest: digest(2), tags: ['1.4'] })).toEqual(['job'])
  })

  it('names everyone who uses it, each once', () => {
    const uses = [
      use(`${host()}/prod/api:1.4`, 'a'),
      use(`${host()}/prod/api:1.4`, 'a'),
      use(`${host()}/prod/api@${digest(1)}`, 'b'),
    ]
    const twice = createProtection({ at: 0, reports: [report(uses), report(uses)] }, [pin({})])
    expect(twice.usersOf(API, { digest: digest(1), tags: ['1.4', 'x'] })).toEqual(['b', 'a', PINNED])
  })

  it('is in a replica of another region and account too', () => {
    const { usersOf } = protection([use(`${host(OTHER, 'eu-west-1')}/prod/api:1.4`, 'a task over there')])
    expect(usersOf(API, { digest: digest(1), tags: ['1.4'] })).toEqual(['a task over there'])
  })

  it('is what a cache in another registry has from us, under a prefix of its own', () => {
    const { usersOf } = protection([use(`${host(OTHER)}/from/ecr/prod/api:1.4`, 'a task behind a cache')])
    expect(usersOf(API, { digest: digest(1), tags: ['1.4'] })).toEqual(['a task behind a cache'])
    expect(usersOf({ ...API, repository: 'api' }, { digest: digest(1), tags: ['1.4'] })).toHaveLength(1)
    expect(usersOf({ ...API, repository: 'd/api' }, { digest: digest(1), tags: ['1.4'] })).toEqual([])
    expect(usersOf(API, { digest: digest(1), tags: ['1.5'] })).toEqual([])
  })

  it('is not what merely ends the same in its own registry', () => {
    const { usersOf } = protection([use(`${host()}/team/prod/api:1.4`, 'a task')])
    expect(usersOf(API, { digest: digest(1), tags: ['1.4'] })).toEqual([])
  })

  it('is nothing where nothing is known to run', () => {
    const { usersOf, blocks } = createProtection({ at: 0, reports: [] }, [])
    expect(usersOf(API, { digest: digest(1), tags: ['1.4'] })).toEqual([])
    expect(blocks).toEqual([])
  })
})

describe('a pin', () => {
  it.each([
    ['all of a repository, where it names neither tag nor digest', pin({}), true],
    ['all of it also with empty lists', pin({ tags: [], digests: [] }), true],
    ['a tag by pattern', pin({ tags: ['v1.*'] }), true],
    ['a tag by its name', pin({ tags: ['v2', 'v1.4'] }), true],
    ['a digest', pin({ digests: [digest(1)] }), true],
    ['either of both', pin({ digests: [digest(9)], tags: ['*.4'] }), true],
    ['no other tag', pin({ tags: ['v2.*', 'v1'] }), false],
    ['no other digest', pin({ digests: [digest(2)] }), false],
    ['no other repository', pin({ repositories: ['ci/**'] }), false],
  ])('keeps %s', (_, given, isKept) => {
    const { usersOf } = protection([], [given])
    for (const _again of [1, 2])
      expect(usersOf(API, { digest: digest(1), tags: ['x', 'v1.4'] })).toEqual(isKept ? [PINNED] : [])
  })

  it('takes a question mark in a tag pattern for nothing but itself', () => {
    expect(protection([], [pin({ tags: ['v?'] })]).usersOf(API, { digest: digest(1), tags: ['v1'] })).toEqual([])
  })
})

describe('a report that is not complete', () => {
  it('blocks, with where and why, and keeps what was read', () => {
    const denied = report([use(`${host()}/prod/api:1`, 'a task')], { incomplete: 'AccessDenied for ecs:ListTasks' })
    const { blocks, usersOf } = createProtection({ at: 0, reports: [report([]), denied] }, [])
    expect(blocks).toEqual(['ecs in 111111111111, us-east-1, is not known completely: AccessDenied for ecs:ListTasks'])
    expect(usersOf(API, { digest: digest(1), tags: ['1'] })).toEqual(['a task'])
  })
})

/** What went wrong for others. */
describe('incidents', () => {
  const TASK = 'ECS service web in cluster prod'

  it('100 builds of pull requests later, what runs in production is still kept (single-cell-data-portal #5885)', () => {
    const { usersOf } = protection([use(`${host()}/prod/api@${digest(1)}`, TASK)])
    const images = Array.from({ length: 10_000 }, (_, n) => ({ digest: digest(n + 1), tags: [`pr-${n}`] }))
    expect(images.filter((image) => usersOf(API, image).length > 0)).toEqual([images[0]])
  })

  it('an untagged image that a Lambda function runs by digest is kept (hawk #950, ecr-cleanup-lambda #39)', () => {
    const { usersOf } = protection([use(`${host()}/prod/api@${digest(5)}`, 'Lambda function api, $LATEST')])
    expect(usersOf(API, { digest: digest(5), tags: [] })).toEqual(['Lambda function api, $LATEST'])
  })

  it('a digest that ECS pinned is kept after its tag has moved on (amazon-ecs-agent #4226)', () => {
    const { usersOf } = protection([
      use(`${host()}/prod/api:latest`, 'ECS task definition web:42'),
      use(`${host()}/prod/api@${digest(1)}`, TASK),
    ])
    expect(usersOf(API, { digest: digest(1), tags: [] })).toEqual([TASK])
    expect(usersOf(API, { digest: digest(2), tags: ['latest'] })).toEqual(['ECS task definition web:42'])
  })

  it('an image referenced by digest with a tag beside it is kept by the digest (ecr-cleanup-lambda #44)', () => {
    const { usersOf } = protection([use(`${host()}/prod/api:old@${digest(3)}`, 'job')])
    expect(usersOf(API, { digest: digest(3), tags: ['something-else'] })).toEqual(['job'])
  })

  it('a task definition that nothing runs now is kept for the way back (containers-roadmap #1078, #1036)', () => {
    const { usersOf } = protection([use(`${host()}/prod/api:1.3`, 'ECS task definition web:41')])
    expect(usersOf(API, { digest: digest(3), tags: ['1.3'] })).toEqual(['ECS task definition web:41'])
  })

  it('keep-40 over six applications of a repository spares the one that is deployed (cloud-platform #839)', () => {
    const { usersOf } = protection([use(`${host()}/prod/api:cron-7`, 'ECS task definition cron:7')])
    expect(usersOf(API, { digest: digest(900), tags: ['cron-7'] })).toEqual(['ECS task definition cron:7'])
  })

  it('a repository of a cache, where images are pulled by digest and have no tag, is not emptied (harbor #23570)', () => {
    const { usersOf } = protection([use(`${host()}/docker-hub/library/nginx@${digest(4)}`, TASK)])
    const cache = { ...HERE, repository: 'docker-hub/library/nginx' }
    expect(usersOf(cache, { digest: digest(4), tags: [] })).toEqual([TASK])
  })
})

/** The rules word by word, use by use. */
function plainUsers(
  uses: readonly Use[],
  ref: typeof API,
  image: { digest: string; tags: readonly string[] },
): Set<string> {
  const users = uses.filter(({ image: { account, region, repository, tag, digest: named } }) => {
    if (named === image.digest) return true
    if (tag === undefined || !image.tags.includes(tag)) return false
    if (repository === ref.repository) return true
    const isElsewhere = `${account}/${region}` !== `${ref.account}/${ref.region}`
    return isElsewhere && repository.endsWith(`/${ref.repository}`)
  })
  return new Set(users.map(({ by }) => by))
}

describe('any inventory', () => {
  const digests = fc.integer({ min: 1, max: 4 }).map(digest)
  const tags = fc.constantFrom('1', '2', 'latest')
  const repositories = fc.constantFrom('a', 'b', 'b/a', 'c/b/a')
  const registry = fc.record({
    account: fc.constantFrom(OWN, OTHER),
    region: fc.constantFrom('us-east-1', 'eu-west-1'),
  })
  const ref = fc.tuple(registry, repositories).map(([where, repository]) => ({ ...where, repository }))
  const uses = fc.array(
    fc
      .tuple(
        ref,
        fc.option(tags, { nil: undefined }),
        fc.option(digests, { nil: undefined }),
        fc.constantFrom('x', 'y', 'z'),
      )
      .map(([image, tag, named, by]): Use => ({ image: { ...image, tag, digest: named }, by })),
    { maxLength: 12 },
  )

  it('protects what a plain reading of it does', () => {
    const image = fc.record({ digest: digests, tags: fc.uniqueArray(tags) })
    fc.assert(
      fc.property(uses, ref, image, (all, repository, one) => {
        expect(new Set(protection(all).usersOf(repository, one))).toEqual(plainUsers(all, repository, one))
      }),
      { numRuns: 2_000 },
    )
  })
})
