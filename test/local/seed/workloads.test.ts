import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { inUseSources, readInventory } from '../../../functions/adapters/in-use.ts'
import type { Inventory, Use } from '../../../functions/domain/in-use/use.ts'
import { type LocalAws, startLocalAws } from '../../../local/aws/server.ts'
import { createClock } from '../../../local/clock.ts'
import { NIGHTLIES, shopBuild } from '../../../local/seed/ci-images.ts'
import { IMAGES, seedImage } from '../../../local/seed/images.ts'
import { seed } from '../../../local/seed/seed.ts'

const STORY = Date.parse('2026-11-20T00:00:00Z')

describe('what runs images of the seeded registry', () => {
  let aws: LocalAws
  let inventory: Inventory
  beforeAll(async () => {
    aws = await startLocalAws({ clock: createClock(STORY) })
    await seed(aws, STORY)
    const now = (): Date => new Date(aws.clock.now())
    const sources = inUseSources({
      env: { AWS_ENDPOINT_URL: aws.url, AWS_ACCESS_KEY_ID: 'x', AWS_SECRET_ACCESS_KEY: 'x' },
      registry: { account: aws.account, region: aws.region },
      policy: { taskDefinitions: 5, regions: [], accounts: [], ignoreSources: [] },
      now,
    })
    inventory = await readInventory(sources, now)
  })
  afterAll(() => aws.close())

  const uses = (): readonly Use[] => inventory.reports.flatMap((report) => report.uses)
  const usersOf = (name: string, digest: string, tags: readonly string[]): string[] => {
    const found = uses().filter(
      ({ image }) =>
        image.repository === name.split(/[:@]/)[0] && (image.digest === digest || tags.includes(image.tag ?? '')),
    )
    return [...new Set(found.map(({ by }) => by))]
  }

  it('is all there is to be read', () => {
    expect(inventory.reports.filter(({ incomplete }) => incomplete !== undefined)).toEqual([])
    expect(inventory.reports.map(({ source }) => source).toSorted()).toEqual([
      'app-runner',
      'batch',
      'codebuild',
      'ecs',
      'eks',
      'lambda',
      'scheduled-tasks',
    ])
  })

  it.each([
    ['a build that a service names by its tag', shopBuild(7), /service preview in cluster staging/],
    ['a build without a tag, by its digest', shopBuild(9), /task of import:1/],
    ['one platform of an index', NIGHTLIES.running.arm64, /task of crawler:1/],
    ['an index that a task names', NIGHTLIES.running.index, /task of crawler:1/],
    ['a revision that could be started again', shopBuild(12), /task definition migrate:2/],
    ['a task on a schedule', shopBuild(15), /nightly-report/],
    ['a version of a function', shopBuild(21), /function thumbnails, version 1/],
    ['where a project builds', seedImage('ci/builder:2026.08'), /CodeBuild project shop/],
    ['what is in production', seedImage('prod/api:1.4.2'), /service api in cluster production/],
    ['what production could go back to', seedImage('prod/api:1.4.1'), /task definition api:1/],
    ['what a tag named once', seedImage('team-a/worker@dangling'), /task of worker:1/],
  ])('names %s', (_, { name, digest, tags }, by) => {
    expect(usersOf(name, digest, tags).join('\n')).toMatch(by)
  })

  it('is of images that are there', () => {
    const isThere = ({ image: { repository, tag, digest } }: Use): boolean =>
      IMAGES.some(
        (image) =>
          image.repository === repository &&
          (digest === undefined || image.digest === digest) &&
          (tag === undefined || image.tags.includes(tag) || digest !== undefined),
      )
    expect(uses().filter((use) => !isThere(use))).toEqual([])
    expect(uses().length).toBeGreaterThan(15)
  })

  it('is less than half of what continuous integration has left', () => {
    const ci = IMAGES.filter(({ repository }) => repository.startsWith('ci/'))
    const used = ci.filter(({ name, digest, tags }) => usersOf(name, digest, tags).length > 0)
    expect(ci.length).toBeGreaterThan(60)
    expect(used.length).toBeGreaterThan(8)
    expect(used.length).toBeLessThan(ci.length / 2)
  })
})

describe('builds of the shop', () => {
  it('have numbers', () => {
    expect(shopBuild(1).tags).toEqual(['pr-401'])
    expect(() => shopBuild(0)).toThrow('No build 0')
  })
})
