import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createPrefixes } from '../../../functions/domain/ancestry/prefixes.ts'
import { findingKey } from '../../../functions/domain/finding.ts'
import type { ImageRecord, RecordedFinding } from '../../../functions/domain/sweep/record.ts'
import { total } from '../../../functions/domain/sweep/sentences.ts'
import { builtOf, daysAgo, digestOf, EXCEPTED, found, judged, judgedImage, sweep } from './recorded.ts'

type Repositories = readonly (readonly [string, readonly ImageRecord[]])[]

const ancestryOf = (repositories: Repositories) =>
  sweep(repositories.map(([repository, images]) => judged({ repository, images }))).report.ancestry

/** A finding that a layer brings. */
const of = (layer: string, id = 'CVE-1', change: Partial<RecordedFinding> = {}) =>
  found({ id, layer: digestOf(layer), ...change })

const image = (layers: string, findings: readonly RecordedFinding[] = [], change: Partial<ImageRecord> = {}) =>
  builtOf([...layers], { findings, ...change })

describe('a base', () => {
  test('is the longest part that images of several repositories share, and brings what its layers bring', () => {
    const some = [of('d'), of('n', 'CVE-2'), of('x', 'CVE-3')]
    const ancestry = ancestryOf([
      ['api', [image('dnx', some), image('dny', some)]],
      ['web', [image('dnz', [of('d'), of('n', 'CVE-2', { exception: EXCEPTED }), found()])]],
      ['job', [image('dj', [of('d', 'CVE-1', { fixed: '2' })])]],
    ])
    expect(ancestry).toMatchObject({
      bases: [
        { layers: 1, images: 1, repositories: 1, named: ['job'], findings: { HIGH: 1 }, fixable: 1 },
        {
          name: null,
          isRead: false,
          layers: 2,
          images: 3,
          repositories: 2,
          named: ['api', 'web'],
          findings: { HIGH: 5 },
          fixable: 0,
        },
      ],
      ...{ omitted: 0, inherited: 6, own: 2, unplaced: 1 },
    })
  })

  test.each<readonly [string, Repositories]>([
    ['layers of one repository alone', [['api', [image('dx', [of('d')]), image('dy', [of('d')])]]]],
    [
      'layers that bring nothing',
      [
        ['api', [image('dx')]],
        ['web', [image('dy', [of('y')])]],
      ],
    ],
    [
      'copies of images from one repository in another',
      [
        ['dev', [image('dnx', [of('d')]), image('dny', [of('d')])]],
        ['prod', [image('dnx', [of('d')])]],
      ],
    ],
    [
      'what is excepted',
      [
        ['api', [image('dx', [of('d', 'CVE-1', { exception: EXCEPTED })])]],
        ['web', [image('dy')]],
      ],
    ],
    [
      'findings without a layer',
      [
        ['api', [image('dx', [found()])]],
        ['web', [image('dy', [found()])]],
      ],
    ],
    [
      'images of which no layers are known',
      [
        ['api', [judgedImage({ findings: [of('d')] })]],
        ['web', [judgedImage({ findings: [of('d')] })]],
      ],
    ],
  ])('is not made of %s', (_, repositories) => {
    expect(ancestryOf(repositories).bases).toEqual([])
  })

  test('is named as the image of the registry that it is, by the tag that says most', () => {
    const base = image('d', [of('d')], { tags: ['12', '12.1-slim'] })
    const [named] = ancestryOf([
      ['api', [image('dx', [of('d')])]],
      ['mirror/debian', [base]],
      ['base/debian', [base]],
    ]).bases
    expect(named).toMatchObject({ name: 'base/debian:12.1-slim', isRead: true, images: 1, named: ['api'] })
    expect(named).not.toHaveProperty('rebuild')
  })

  test('is named as more than half of its images say', () => {
    const names = (...labels: readonly (string | undefined)[]) =>
      ancestryOf(labels.map((base, n) => [`r${n}`, [builtOf(['d', `${n}`], { findings: [of('d')], base })]])).bases[0]
        ?.name
    expect(names('debian:12', 'debian:12', 'ubuntu:24.04')).toBe('debian:12')
    expect(names('debian:12', undefined)).toBeNull()
  })

  test('of an index is counted for each platform, and what both have once', () => {
    const index = (own: string) => ({
      ...judgedImage({ findings: [of('shared'), of('arm')] }),
      lineage: {
        platforms: [
          ['amd', 'shared', own],
          ['arm', 'shared', own],
        ].map((all) => all.map((one) => digestOf(one).slice(7, 23))),
      },
    })
    const { bases, inherited } = ancestryOf([
      ['a', [index('a')]],
      ['b', [index('b')]],
    ])
    expect(bases.map(({ images, findings }) => [images, total(findings)])).toEqual([
      [2, 2],
      [2, 2],
    ])
    expect(inherited).toBe(4)
  })
})

describe('a rebuild', () => {
  const users = (findings: readonly RecordedFinding[]): Repositories[number] => ['api', [image('ox', findings)]]
  const [one, two, three] = ['CVE-1', 'CVE-2', 'CVE-3'].map((id) => of('o', id)) as [
    RecordedFinding,
    RecordedFinding,
    RecordedFinding,
  ]
  const old = image('o', [one, two], { tags: ['20.1-slim'], pushedAt: daysAgo(30) })
  const newer = (tag: string, days: number, findings: readonly RecordedFinding[], change: Partial<ImageRecord> = {}) =>
    image(tag.slice(-1), findings, { tags: [tag], pushedAt: daysAgo(days), ...change })

  const rebuildOf = (...images: readonly ImageRecord[]) =>
    ancestryOf([users([one, two, three]), ['base/node', [old, ...images]]]).bases[0]?.rebuild

  test('is on the newer image that is without most, and counts what both scans say', () => {
    expect(rebuildOf(newer('20.2-slim', 20, [two]), newer('22.1-slim', 10, [found({ id: 'CVE-9' })]))).toEqual({
      ...{ on: 'base/node:22.1-slim', fixes: 2, adds: 1 },
    })
  })

  test('counts an excepted finding of the newer image as one that is there', () => {
    expect(rebuildOf(newer('20.2-slim', 20, [{ ...two, exception: EXCEPTED }]))).toMatchObject({ fixes: 1, adds: 0 })
  })

  test.each([
    ['is older', newer('20.0-slim', 40, [])],
    ['is another variant', newer('22.1-alpine', 10, [])],
    ['is not scanned whole', newer('22.1-slim', 10, [], { scan: 'pending' })],
    ['has the same', newer('22.1-slim', 10, [one, two])],
    ['was scanned without layers', judgedImage({ tags: ['22.1-slim'], pushedAt: daysAgo(1) })],
  ])('is on no image that %s', (_, image) => {
    expect(rebuildOf(image)).toBeUndefined()
  })

  test('is on none where the base has findings that the record does not hold', () => {
    const omitted = { images: 1, findings: [], fails: 0, unknowns: 0, excepted: 0 }
    const base = judged({ repository: 'base/node', images: [old, newer('22.1-slim', 10, [])], omitted })
    const [repository, images] = users([one])
    expect(sweep([base, judged({ repository, images })]).report.ancestry.bases[0]).not.toHaveProperty('rebuild')
  })
})

test('fifty bases are told, those whose rebuild closes most first', () => {
  const bases = Array.from({ length: 60 }, (_, n) => `base${n}`)
  const repositories = ['a', 'b'].map((name): Repositories[number] => [
    name,
    bases.map((base, n) =>
      builtOf([base, `${name}${n}`], {
        findings: [of(base, 'CVE-1', { fixed: '2', severity: n === 40 ? 'CRITICAL' : 'HIGH' })],
      }),
    ),
  ])
  const { bases: told, omitted, inherited } = ancestryOf(repositories)
  expect([told.length, omitted, inherited]).toEqual([50, 10, 120])
  expect(told[0]?.findings).toEqual({ CRITICAL: 2 })
})

const layers = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { minLength: 1, maxLength: 4 })
const findings = fc.uniqueArray(
  fc
    .record({
      id: fc.constantFrom('CVE-1', 'CVE-2', 'CVE-3', 'CVE-4'),
      layer: fc.option(fc.constantFrom('a', 'b', 'c', 'd', 'other').map(digestOf), { nil: undefined }),
      fixed: fc.option(fc.constant('2'), { nil: undefined }),
    })
    .map(({ layer, ...one }) => found({ ...one, ...(layer !== undefined && { layer }) })),
  { selector: findingKey },
)
const images = fc.array(
  fc.tuple(layers, findings).map(([some, all]) => builtOf(some, { findings: all })),
  { maxLength: 4 },
)
const registry = fc.uniqueArray(fc.tuple(fc.constantFrom('a', 'b', 'c', 'd'), images), { selector: ([name]) => name })

describe('whatever images there are', () => {
  test('the counts of groups add up to the findings, and none brings nothing', () => {
    fc.assert(
      fc.property(registry, (repositories) => {
        const all = repositories.flatMap(([, some]) => some.flatMap((one) => one.findings))
        const { bases, inherited, own, unplaced } = ancestryOf(repositories)
        expect(inherited + own + unplaced).toBe(all.length)
        expect(bases.reduce((sum, one) => sum + total(one.findings), 0)).toBe(inherited)
        expect(own).toBeGreaterThanOrEqual(0)
        expect(unplaced).toBe(all.filter(({ layer }) => layer === undefined).length)
        for (const one of bases) {
          expect(total(one.findings)).toBeGreaterThan(0)
          expect(one.fixable).toBeLessThanOrEqual(total(one.findings))
          expect(one.rebuild?.fixes ?? 1).toBeGreaterThan(0)
          expect(one.rebuild?.fixes ?? 0).toBeLessThanOrEqual(total(one.findings))
        }
      }),
    )
  })

  test('they are as in a plain count, image by image', () => {
    fc.assert(
      fc.property(registry, (repositories) => {
        const all = repositories.flatMap(([name, some]) =>
          some.map((one) => ({ name, one, chain: one.lineage?.platforms[0] as string[] })),
        )
        const starts = (chain: readonly string[], part: readonly string[]) =>
          part.every((layer, at) => chain[at] === layer)
        /** Whether two ways on from here have each a repository that the other has not. */
        const isBase = (part: readonly string[]) => {
          const ways = Map.groupBy(
            all.filter(({ chain }) => starts(chain, part)),
            ({ chain }) => chain[part.length] ?? '',
          )
          const sets = [...ways.values()].map((some) => new Set(some.map(({ name }) => name)))
          return sets.some((a) =>
            sets.some((b) => [...a].some((name) => !b.has(name)) && [...b].some((name) => !a.has(name))),
          )
        }
        const counted = new Map<string, number>()
        for (const { one, chain } of all) {
          const parts = chain.slice(0, -1).map((_, at) => chain.slice(0, at + 1))
          const base = parts.findLast(isBase)
          const brought = one.findings.filter(({ layer }) => layer && base?.includes(layer.slice(7, 23))).length
          if (base && brought > 0) counted.set(base.join(), (counted.get(base.join()) ?? 0) + brought)
        }
        const told = ancestryOf(repositories).bases.map(
          ({ findings: some, top, layers: length }) => `${length} ${top} ${total(some)}`,
        )
        const expected = [...counted].map(
          ([key, count]) => `${key.split(',').length} ${key.split(',').at(-1)} ${count}`,
        )
        expect(told.toSorted()).toEqual(expected.toSorted())
      }),
    )
  })

  test('the order in which they come makes no difference', () => {
    fc.assert(
      fc.property(registry, (repositories) => {
        expect(ancestryOf(repositories.toReversed())).toEqual(ancestryOf(repositories))
      }),
    )
  })
})

test('of too many, what one repository alone has is forgotten, and what several share is kept', () => {
  const prefixes = createPrefixes(10)
  const add = (repository: string, chain: readonly string[]) =>
    prefixes.add({
      ...{ repository, lineage: { platforms: [chain] }, findings: [found({ layer: digestOf('debian') })] },
      end: { repository, tags: ['1'], pushedAt: daysAgo(1), keys: new Set() },
    })
  const base = digestOf('debian').slice(7, 23)
  for (let n = 0; n < 40; n++) add(`r${n % 4}`, [base, `own${n}`, `top${n}`])
  const [shared, ...others] = prefixes.bases()
  expect(others).toEqual([])
  expect(shared).toMatchObject({ layers: [base] })
  expect([...(shared?.repositories.values() ?? [])]).toEqual([10, 10, 10, 10])
  expect(shared?.above.size).toBeLessThan(40)
})

test('copies of an image are known as one base, and not more of them than are needed', () => {
  const copies = Array.from({ length: 30 }, (_, n): Repositories[number] => [`copy${n}`, [image('d', [of('d')])]])
  expect(ancestryOf([...copies, ['api', [image('dx', [of('d')])]]]).bases).toMatchObject([
    { name: 'copy0:1', images: 1 },
  ])
})
