import {
  type ECRClient,
  GetLifecyclePolicyPreviewCommand,
  type GetLifecyclePolicyPreviewCommandInput,
  PutLifecyclePolicyCommand,
  StartLifecyclePolicyPreviewCommand,
} from '@aws-sdk/client-ecr'
import { describe, expect, test } from 'vitest'
import { digestOf } from '../../../local/aws/ecr/manifest.ts'
import type { LocalAws } from '../../../local/aws/server.ts'
import { errorOf, withLocalAws } from './clients.ts'
import { indexOf, manifestOf } from './manifests.ts'

const repositoryName = 'prod/app'
const NOW = Date.parse('2026-11-28T12:00:00Z')
const HOUR = 3_600_000
const DAY = 24 * HOUR

type Selection = Record<string, unknown>

const EXPIRE = { type: 'expire' }
const ARCHIVE = { type: 'transition', targetStorageClass: 'archive' }

const rule = (rulePriority: number, selection: Selection, action: object = EXPIRE) => ({
  rulePriority,
  description: 'a rule',
  selection,
  action,
})
const keep = (countNumber: number, selection: Selection = { tagStatus: 'any' }): Selection => ({
  ...selection,
  countType: 'imageCountMoreThan',
  countNumber,
})
const older = (countNumber: number, selection: Selection = { tagStatus: 'any' }, countType = 'sinceImagePushed') => ({
  ...selection,
  countType,
  countUnit: 'days',
  countNumber,
})
const patterns = (...tagPatternList: string[]): Selection => ({ tagStatus: 'tagged', tagPatternList })
const prefixes = (...tagPrefixList: string[]): Selection => ({ tagStatus: 'tagged', tagPrefixList })
const policy = (...rules: object[]): string => JSON.stringify({ rules })

const withRepository = (body: (ecr: ECRClient, aws: LocalAws) => Promise<void>): Promise<void> =>
  withLocalAws(async (aws, { ecr }) => {
    aws.clock.set(NOW)
    aws.ecr.createRepository({ repositoryName })
    await body(ecr, aws)
  })

/** Pushes the image of a name with its tags; its digest is that of `manifestOf(name)`. */
function push(aws: LocalAws, name: string, ageMs: number, tags: readonly string[] = [], past: object = {}): string {
  const imageManifest = manifestOf(name)
  for (const imageTag of tags.length > 0 ? tags : [undefined])
    aws.ecr.putImage({ repositoryName, imageManifest, imageTag, pushedAt: new Date(NOW - ageMs), ...past })
  return digestOf(imageManifest)
}

const start = (ecr: ECRClient, lifecyclePolicyText?: string) =>
  ecr.send(new StartLifecyclePolicyPreviewCommand({ repositoryName, lifecyclePolicyText }))
const get = (ecr: ECRClient, more: Partial<GetLifecyclePolicyPreviewCommandInput> = {}) =>
  ecr.send(new GetLifecyclePolicyPreviewCommand({ repositoryName, ...more }))

/** The names of the images that go, by what the preview says. */
async function going(ecr: ECRClient, text: string, names: string): Promise<string> {
  await start(ecr, text)
  expect((await get(ecr)).status).toBe('IN_PROGRESS')
  const { previewResults = [] } = await get(ecr)
  const digests = new Set(previewResults.map(({ imageDigest }) => imageDigest))
  return names
    .split('')
    .filter((name) => digests.has(digestOf(manifestOf(name))))
    .join('')
}

type Held = readonly [name: string, days: number, ...tags: string[]]

describe("AWS's own examples", () => {
  const BETA_PROD: Held[] = [
    ['A', 10, 'beta-1', 'prod-1'],
    ['B', 9, 'beta-2', 'prod-2'],
    ['C', 8, 'beta-3'],
  ]
  const one = (pattern: string): Selection => keep(1, patterns(pattern))

  test.each<[string, Held[], string, string]>([
    ['several rules, example A', BETA_PROD, policy(rule(1, one('prod*')), rule(2, one('beta*'))), 'A'],
    ['several rules, example B', BETA_PROD, policy(rule(1, one('beta*')), rule(2, one('prod*'))), 'AB'],
    [
      'several tags in a rule, example A',
      [
        ['A', 12, 'alpha-1'],
        ['B', 11, 'beta-1'],
        ['C', 10, 'alpha-2', 'beta-2'],
        ['D', 4, 'alpha-3'],
        ['E', 3, 'beta-3'],
        ['F', 2, 'alpha-4', 'beta-4'],
      ],
      policy(rule(1, older(5, patterns('alpha*', 'beta*')))),
      'C',
    ],
    [
      'several tags in a rule, example B',
      [
        ['A', 10, 'alpha-1', 'beta-1', 'gamma-1'],
        ['B', 9, 'alpha-2', 'beta-2'],
        ['C', 8, 'alpha-3', 'beta-3', 'gamma-2'],
      ],
      policy(rule(1, keep(1, patterns('alpha*', 'beta*')))),
      'AB',
    ],
    [
      'all images, example A',
      [
        ['A', 4, 'alpha-1'],
        ['B', 3, 'beta-1'],
        ['C', 2],
        ['D', 1, 'alpha-2'],
      ],
      policy(rule(1, keep(1))),
      'ABC',
    ],
    [
      'all images, example B: what was pushed a day ago is not older than a day',
      [
        ['A', 4, 'alpha-1', 'beta-1'],
        ['B', 3],
        ['C', 2, 'alpha-2'],
        ['D', 1, 'git-hash'],
        ['E', 0.99],
      ],
      policy(rule(1, keep(1, patterns('alpha*'))), rule(2, older(1, { tagStatus: 'untagged' })), rule(3, keep(1))),
      'ABD',
    ],
  ])('%s', (_, held, text, expected) =>
    withRepository(async (ecr, aws) => {
      for (const [name, days, ...tags] of held) push(aws, name, days * DAY, tags)
      expect(await going(ecr, text, held.map(([name]) => name).join(''))).toBe(expected)
    }),
  )
})

describe('what a rule acts on', () => {
  test('each prefix of a list needs a tag, and one tag may serve two', () =>
    withRepository(async (ecr, aws) => {
      push(aws, 'a', 9 * DAY, ['v1'])
      push(aws, 'b', 9 * DAY, ['v1-x'])
      push(aws, 'c', 9 * DAY, ['release-1', 'v3'])
      expect(await going(ecr, policy(rule(1, older(1, prefixes('v', 'v1')))), 'abc')).toBe('ab')
    }))

  test('a count is over all images with its tags, also those of an earlier rule', () =>
    withRepository(async (ecr, aws) => {
      push(aws, 'a', 4 * DAY)
      push(aws, 'b', 3 * DAY)
      push(aws, 'c', 2 * DAY, ['keep-1'])
      push(aws, 'd', 1 * DAY, ['keep-2'])
      const text = policy(rule(1, keep(100, patterns('keep*'))), rule(2, keep(2)))
      expect(await going(ecr, text, 'abcd')).toBe('ab')
    }))

  test('of two that were pushed at once the smaller digest is the younger', () =>
    withRepository(async (ecr, aws) => {
      const [a, b] = [push(aws, 'a', DAY), push(aws, 'b', DAY)]
      const older = a < b ? 'b' : 'a'
      expect(await going(ecr, policy(rule(1, keep(1))), 'ab')).toBe(older)
    }))

  test('children of an index are neither counted nor removed until it is archived', () =>
    withRepository(async (ecr, aws) => {
      for (const [index, name] of ['a', 'b', 'c'].entries()) push(aws, name, (9 - index) * DAY)
      aws.ecr.putImage({ repositoryName, imageManifest: indexOf(manifestOf('a')), imageTag: 'v1' })
      const text = policy(rule(1, keep(1, { tagStatus: 'untagged' })))
      expect(await going(ecr, text, 'abc')).toBe('b')
      aws.call('ecr', 'UpdateImageStorageClass', {
        repositoryName,
        imageId: { imageTag: 'v1' },
        targetStorageClass: 'ARCHIVE',
      })
      expect(await going(ecr, text, 'abc')).toBe('ab')
    }))

  test('a referrer follows its subject, and is an ordinary image where that is gone', () =>
    withRepository(async (ecr, aws) => {
      const subject = push(aws, 'a', DAY, ['v1'])
      const about = (digest: string) =>
        JSON.stringify({ schemaVersion: 2, artifactType: 'application/signature', subject: { digest }, layers: [] })
      const [stays, goes] = [about(subject), about(digestOf('gone'))]
      for (const imageManifest of [stays, goes])
        aws.ecr.putImage({ repositoryName, imageManifest, pushedAt: new Date(NOW - 9 * DAY) })
      await start(ecr, policy(rule(1, older(2, { tagStatus: 'untagged' }))))
      await get(ecr)
      expect((await get(ecr)).previewResults?.map(({ imageDigest }) => imageDigest)).toEqual([digestOf(goes)])
    }))

  test('a restored image is as young as its restoration', () =>
    withRepository(async (ecr, aws) => {
      const past = { archivedAt: new Date(NOW - 5 * DAY), activatedAt: new Date(NOW - DAY) }
      push(aws, 'a', 9 * DAY, [], past)
      push(aws, 'b', 3 * DAY)
      expect(await going(ecr, policy(rule(1, older(2))), 'ab')).toBe('b')
      expect(await going(ecr, policy(rule(1, keep(1))), 'ab')).toBe('b')
    }))

  test('what was not pulled for days is archived; what never was, by its push; a restoration counts as a pull', () =>
    withRepository(async (ecr, aws) => {
      const days = (n: number) => new Date(NOW - n * DAY)
      push(aws, 'a', 30 * DAY, [], { pulledAt: days(20) })
      push(aws, 'b', 30 * DAY, [], { pulledAt: days(2) })
      push(aws, 'c', 30 * DAY)
      push(aws, 'd', 3 * DAY)
      push(aws, 'e', 30 * DAY, [], { pulledAt: days(25), archivedAt: days(20), activatedAt: days(3) })
      const text = policy(rule(1, older(10, { tagStatus: 'any' }, 'sinceImagePulled'), ARCHIVE))
      expect(await going(ecr, text, 'abcde')).toBe('ac')
      expect((await get(ecr)).summary).toEqual({
        expiringImageTotalCount: 0,
        transitioningImageTotalCounts: [{ targetStorageClass: 'ARCHIVE', imageTotalCount: 2 }],
      })
      expect((await get(ecr)).previewResults?.[0]).toMatchObject({
        action: { type: 'TRANSITION', targetStorageClass: 'ARCHIVE' },
        storageClass: 'STANDARD',
      })
    }))

  test('each storage class has rules of its own, and one on its way belongs to none', () =>
    withRepository(async (ecr, aws) => {
      const days = (n: number) => new Date(NOW - n * DAY)
      push(aws, 'a', 500 * DAY, [], { archivedAt: days(400) })
      push(aws, 'b', 500 * DAY, [], { archivedAt: days(300) })
      push(aws, 'c', 500 * DAY)
      push(aws, 'd', 500 * DAY, [], { archivedAt: days(400), activatedAt: new Date(NOW + HOUR) })
      const archived = { tagStatus: 'any', storageClass: 'archive' }
      const text = policy(rule(1, older(30), ARCHIVE), rule(2, older(365, archived, 'sinceImageTransitioned')))
      expect(await going(ecr, text, 'abcd')).toBe('ac')
      expect((await get(ecr)).previewResults?.map(({ storageClass }) => storageClass)).toEqual(['ARCHIVE', 'STANDARD'])
    }))
})

describe('a preview', () => {
  const all = policy(rule(1, older(1)))

  test('comes in pages of 100, by tag status and by image', () =>
    withRepository(async (ecr, aws) => {
      for (let n = 0; n < 101; n++) push(aws, `image ${n}`, 9 * DAY, n < 2 ? [`v${n}`] : [])
      await start(ecr, all)
      await get(ecr)
      const first = await get(ecr)
      expect([first.previewResults?.length, first.summary?.expiringImageTotalCount]).toEqual([100, 101])
      expect((await get(ecr, { nextToken: first.nextToken })).previewResults).toHaveLength(1)
      expect((await get(ecr, { filter: { tagStatus: 'TAGGED' } })).previewResults).toHaveLength(2)
      expect((await get(ecr, { filter: { tagStatus: 'UNTAGGED' }, maxResults: 7 })).previewResults).toHaveLength(7)
      const imageIds = [{ imageTag: 'v1' }, { imageDigest: digestOf(manifestOf('image 5')) }, { imageTag: 'none' }]
      expect((await get(ecr, { imageIds })).previewResults?.map(({ imageTags }) => imageTags)).toEqual([
        ['v1'],
        undefined,
      ])
      for (const wrong of [{ maxResults: 101 }, { imageIds, maxResults: 5 }])
        expect((await errorOf(get(ecr, wrong))).name).toBe('InvalidParameterException')
    }))

  test('is over when it was asked for once, or after a minute; and is not kept longer than a day', () =>
    withRepository(async (ecr, aws) => {
      push(aws, 'a', 9 * DAY)
      await start(ecr, all)
      expect((await errorOf(start(ecr, all))).name).toBe('LifecyclePolicyPreviewInProgressException')
      aws.clock.set(NOW + 61_000)
      expect((await get(ecr)).status).toBe('COMPLETE')
      aws.clock.set(NOW + 25 * HOUR)
      expect(await get(ecr)).toMatchObject({ status: 'EXPIRED', lifecyclePolicyText: all })
      expect((await get(ecr)).previewResults).toBeUndefined()
      expect((await start(ecr, all)).status).toBe('IN_PROGRESS')
    }))

  test('goes by the policy of the repository where none is given, and changes nothing', () =>
    withRepository(async (ecr, aws) => {
      push(aws, 'a', 9 * DAY)
      expect((await errorOf(start(ecr))).name).toBe('LifecyclePolicyNotFoundException')
      expect((await errorOf(get(ecr))).name).toBe('LifecyclePolicyPreviewNotFoundException')
      await ecr.send(new PutLifecyclePolicyCommand({ repositoryName, lifecyclePolicyText: all }))
      expect((await start(ecr)).lifecyclePolicyText).toBe(all)
      expect(aws.ecr.repository(repositoryName)?.images.size).toBe(1)
    }))
})

test('a policy is applied on demand, indexes before what they list', () =>
  withRepository(async (_, aws) => {
    push(aws, 'a', 9 * DAY, ['old'])
    push(aws, 'b', 9 * DAY)
    const index = indexOf(manifestOf('b'))
    aws.ecr.putImage({ repositoryName, imageManifest: index, pushedAt: new Date(NOW - 9 * DAY) })
    push(aws, 'c', 40 * DAY, ['rarely'])
    expect(aws.ecr.runLifecycle()).toEqual([])
    const lifecyclePolicyText = policy(rule(1, older(30, patterns('r*')), ARCHIVE), rule(2, older(1)))
    aws.call('ecr', 'PutLifecyclePolicy', { repositoryName, lifecyclePolicyText })
    const repository = repositoryName
    expect(aws.ecr.runLifecycle(repositoryName)).toEqual([
      { repository, digest: digestOf(index), action: 'expire', rule: 2 },
      { repository, digest: digestOf(manifestOf('c')), action: 'transition', rule: 1 },
      { repository, digest: digestOf(manifestOf('a')), action: 'expire', rule: 2 },
    ])
    expect(aws.ecr.runLifecycle()).toEqual([
      { repository, digest: digestOf(manifestOf('b')), action: 'expire', rule: 2 },
    ])
    expect([...(aws.ecr.repository(repositoryName)?.images.keys() ?? [])]).toEqual([digestOf(manifestOf('c'))])
  }))

describe('a policy is refused', () => {
  const any = (more: object) => policy(rule(1, { ...keep(1), ...more }))
  const archived = { tagStatus: 'any', storageClass: 'archive' }
  const untagged = { tagStatus: 'untagged' }

  test.each([
    ['that is no JSON', 'x'.repeat(100), 'Could not map policyString into LifecyclePolicy.'],
    ['without rules', JSON.stringify({ text: 'x'.repeat(100) }), 'missing required properties (["rules"])'],
    ['that is a list', JSON.stringify(['x'.repeat(100)]), 'instance type (array)'],
    ['whose rules are no list', JSON.stringify({ rules: 'x'.repeat(100) }), '(allowed: ["array"])'],
    ['whose list is empty', `{"rules":[]}${' '.repeat(100)}`, 'array is too short'],
    [
      'with 51 rules',
      policy(...Array.from({ length: 51 }, (_, n) => rule(n + 1, keep(1, prefixes(`p${n}-`))))),
      'array is too long',
    ],
    ['with a rule that is null', JSON.stringify({ rules: [null, 'x'.repeat(100)] }), 'instance type (null)'],
    ['with an unknown field', any({ tags: [] }), 'not allowed by the schema: ["tags"]'],
    ['without a count', policy(rule(1, { tagStatus: 'any', countType: 'imageCountMoreThan' })), '["countNumber"]'],
    ['with a count of none', any({ countNumber: 0 }), '(minimum: 1, found: 0)'],
    ['with a count in words', any({ countNumber: 'ten' }), 'instance type (string)'],
    ['with half an image', any({ countNumber: 1.5 }), 'instance type (number)'],
    ['with a description that is a number', policy({ ...rule(1, keep(1)), description: 1 }), '(allowed: ["string"])'],
    ['with an unknown count', any({ countType: 'sinceImageBuilt' }), 'not found in enum'],
    ['with an unknown tag status', any({ tagStatus: 'ANY' }), 'not found in enum'],
    ['in weeks', policy(rule(1, { ...older(1), countUnit: 'weeks' })), 'not found in enum'],
    ['with days without a unit', policy(rule(1, { ...older(1), countUnit: undefined })), 'exactly one schema'],
    ['with a unit for a count', any({ countUnit: 'days' }), 'exactly one schema'],
    ['with null for a unit', any({ countUnit: null }), 'not found in enum'],
    ['with an unknown action', policy(rule(1, keep(1), { type: 'delete' })), 'not found in enum'],
    ['with a transition to nowhere', policy(rule(1, keep(1), { type: 'transition' })), 'exactly one schema'],
    ['that expires into the archive', policy(rule(1, keep(1), { ...ARCHIVE, type: 'expire' })), 'exactly one schema'],
    ['with one priority twice', policy(rule(1, keep(1, untagged)), rule(1, keep(1))), 'priorities must be unique'],
    ['with a priority of 0', policy(rule(0, keep(1))), '(minimum: 1, found: 0)'],
    ['for tagged without a list', policy(rule(1, keep(1, { tagStatus: 'tagged' }))), 'when tagStatus=TAGGED'],
    ['for tagged with an empty list', policy(rule(1, keep(1, patterns()))), 'when tagStatus=TAGGED'],
    ['with an empty prefix', policy(rule(1, keep(1, prefixes('')))), 'is too short'],
    ['with both lists', policy(rule(1, keep(1, { ...prefixes('a'), ...patterns('b') }))), 'not both'],
    ['for all with a list', any({ tagPatternList: ['*'] }), 'when tagStatus=ANY'],
    [
      'for untagged with a list',
      policy(rule(1, keep(1, { ...prefixes('a'), ...untagged }))),
      'when tagStatus=UNTAGGED',
    ],
    ['with five wildcards', policy(rule(1, keep(1, patterns('*a*b*c*d*')))), 'more than 4 wildcards'],
    [
      'with a list twice',
      policy(rule(1, keep(1, prefixes('a', 'b'))), rule(2, keep(2, prefixes('b', 'a')))),
      'its own',
    ],
    ['with two rules for untagged', policy(rule(1, keep(1, untagged)), rule(2, older(1, untagged))), 'Only one rule'],
    ['with all before others', policy(rule(1, keep(1)), rule(2, keep(1, untagged))), 'must have the lowest priority'],
    ['that expires what was not pulled', policy(rule(1, older(90, undefined, 'sinceImagePulled'))), 'transition'],
    ['that counts the archive', policy(rule(1, keep(1, archived))), 'is not supported'],
    [
      'with days of the archive in standard',
      policy(rule(1, older(90, undefined, 'sinceImageTransitioned'))),
      'support',
    ],
    [
      'that archives the archive',
      policy(rule(1, older(90, archived, 'sinceImageTransitioned'), ARCHIVE)),
      'expire action only',
    ],
    ['with 89 days of the archive', policy(rule(1, older(89, archived, 'sinceImageTransitioned'))), 'not after 89'],
  ])('%s', (_, text, message) =>
    withRepository(async (ecr) => {
      for (const command of [
        new PutLifecyclePolicyCommand({ repositoryName, lifecyclePolicyText: text }),
        new StartLifecyclePolicyPreviewCommand({ repositoryName, lifecyclePolicyText: text }),
      ])
        expect(await errorOf(ecr.send(command as PutLifecyclePolicyCommand))).toMatchObject({
          name: 'InvalidParameterException',
          message: expect.stringContaining(message),
        })
    }),
  )

  test('but not for rules of the other storage class', () =>
    withRepository(async (ecr) => {
      const text = policy(rule(1, older(90, archived, 'sinceImageTransitioned')), rule(2, older(30), ARCHIVE))
      await ecr.send(new PutLifecyclePolicyCommand({ repositoryName, lifecyclePolicyText: text }))
    }))
})
