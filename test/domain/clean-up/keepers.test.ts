import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isSignature } from '../../../functions/domain/clean-up/image-graph.ts'
import { keepers } from '../../../functions/domain/clean-up/keepers.ts'
import { isIndex, type StoredImage } from '../../../functions/domain/lifecycle/image.ts'
import { about, type Change, digestOf, HOUR, INDEX, image, MANIFEST, NOW, REPOSITORY } from './images.ts'

type World = {
  readonly images: readonly StoredImage[]
  /** By names. */
  readonly children?: Readonly<Record<string, readonly string[]>>
  readonly candidates: readonly string[]
  /** Names or tags that are in use. */
  readonly used?: readonly string[]
}

/** Who is kept, by name, and why. */
function kept({ images, children = {}, candidates, used = [] }: World): Readonly<Record<string, readonly string[]>> {
  const inUse = new Set(used.map(digestOf))
  const found = keepers(
    {
      repository: REPOSITORY,
      images,
      children: new Map(Object.entries(children).map(([index, of]) => [digestOf(index), of.map(digestOf)])),
    },
    new Set(candidates.map(digestOf)),
    {
      usersOf: (repository, { digest, tags }) =>
        repository === REPOSITORY && (inUse.has(digest) || tags.some((tag) => used.includes(tag))) ? ['web:42'] : [],
    },
    NOW,
  )
  const names = new Map(
    [...images.map(({ tags }) => tags[0] ?? ''), ...candidates].map((name) => [digestOf(name), name]),
  )
  return Object.fromEntries([...found].map(([digest, why]) => [names.get(digest), why]))
}

describe('a candidate', () => {
  test('goes where nothing keeps it', () => {
    expect(kept({ images: [image('a'), image('b')], candidates: ['a'] })).toEqual({})
  })

  test('that is in use stays, with who uses it', () => {
    expect(kept({ images: [image('a')], candidates: ['a'], used: ['a'] })).toEqual({ a: ['web:42'] })
  })

  test.each([
    ['a minute ago', 1 / 60],
    ['almost a day ago', 23.99],
    ['in the future, by a clock that is ahead', -5],
    ['at a time that is none', Number.NaN],
  ])('that was pushed %s stays', (_, hours) => {
    expect(kept({ images: [image('a', { hours })], candidates: ['a'] })).toEqual({
      a: ['it was pushed less than a day ago'],
    })
  })

  test('that was pulled less than a day ago stays: somebody may have pulled it again to run it', () => {
    const pulled = (hours: number) => ({ ...image('a'), pulledAt: NOW.getTime() - hours * HOUR })
    expect(kept({ images: [pulled(23.99)], candidates: ['a'] })).toEqual({ a: ['it was pulled less than a day ago'] })
    expect(kept({ images: [pulled(24)], candidates: ['a'] })).toEqual({})
  })

  test('that was pushed a day ago goes', () => {
    expect(kept({ images: [image('a', { hours: 24 })], candidates: ['a'] })).toEqual({})
  })

  test('that is not in the repository is not spoken of', () => {
    expect(kept({ images: [image('a')], candidates: ['b'], used: ['b'] })).toEqual({})
  })
})

describe('an index', () => {
  const index = (change: Change = {}) => image('index', { mediaType: INDEX, ...change })
  const child = (name: string) => image(name, { tags: [] })

  test('that stays keeps what it lists, also below an index that it lists', () => {
    const images = [index(), image('inner', { mediaType: INDEX }), child('leaf')]
    const children = { index: ['inner'], inner: ['leaf'] }
    expect(kept({ images, children, candidates: ['inner', 'leaf'] })).toEqual({
      inner: [`index ${digestOf('index')} lists it, and stays`],
      leaf: [`index ${digestOf('inner')} lists it, and stays`],
    })
  })

  test('keeps a child that another index lists which goes', () => {
    const images = [index(), image('other', { mediaType: INDEX }), child('leaf')]
    const children = { index: ['leaf'], other: ['leaf'] }
    expect(Object.keys(kept({ images, children, candidates: ['other', 'leaf'] }))).toEqual(['leaf'])
  })

  test('with something in use below it stays, with all that it lists', () => {
    const images = [index(), image('inner', { mediaType: INDEX }), child('leaf'), child('twin')]
    const children = { index: ['inner', 'twin'], inner: ['leaf'] }
    const stay = kept({ images, children, candidates: ['index', 'inner', 'twin'], used: ['leaf'] })
    expect(stay).toEqual({
      index: [`it lists ${digestOf('leaf')}, which is in use: web:42`],
      inner: [`it lists ${digestOf('leaf')}, which is in use: web:42`],
      twin: [`index ${digestOf('index')} lists it, and stays`],
    })
  })

  test('stays for what is in use below it, also where an index between them is gone from the listing', () => {
    const children = { index: ['inner'], inner: ['leaf'] }
    expect(Object.keys(kept({ images: [index()], children, candidates: ['index'], used: ['leaf'] }))).toEqual(['index'])
  })

  test('whose child is in use stays, also where the child is gone from the listing', () => {
    expect(
      Object.keys(kept({ images: [index()], children: { index: ['leaf'] }, candidates: ['index'], used: ['leaf'] })),
    ).toEqual(['index'])
  })

  test.each([[INDEX], [undefined]])('of media type %s that cannot be read keeps itself and everything', (mediaType) => {
    const images = [index({ mediaType }), child('leaf'), image('tagged')]
    expect(kept({ images, candidates: ['index', 'leaf', 'tagged'] })).toEqual({
      index: ['what it lists cannot be read: something in use, maybe'],
      leaf: [`index ${digestOf('index')} may list it: its manifest cannot be read`],
      tagged: [`index ${digestOf('index')} may list it: its manifest cannot be read`],
    })
  })

  test('in the archive that cannot be read keeps what has no tag, and may go itself', () => {
    const images = [index({ status: 'ARCHIVED', tags: [] }), child('leaf'), image('tagged')]
    expect(Object.keys(kept({ images, candidates: ['index', 'leaf', 'tagged'] }))).toEqual(['leaf'])
  })
})

describe('what is about another image', () => {
  test.each([
    ['by subject', image('signature', { subject: 'a' })],
    ["by cosign's tag", { ...image('signature'), tags: [about('a')] }],
    ['by the tag of a list of referrers', { ...image('signature'), tags: [about('a', '')] }],
  ])('%s stays as long as that stays, and goes otherwise', (_, signature) => {
    const images = [image('a'), signature]
    expect(kept({ images, candidates: ['signature'] })).toEqual({
      signature: [`it is about ${digestOf('a')}, which stays`],
    })
    expect(kept({ images, candidates: ['a', 'signature'] })).toEqual({})
    expect(kept({ images: [signature], candidates: ['signature'] })).toEqual({})
  })

  test.each([
    ['in use', {}, ['signature']],
    ['new', { hours: 2 }, []],
  ])('and %s keeps the image that ECR would remove it with', (_, change, used) => {
    const images = [image('a'), image('signature', { subject: 'a', ...change })]
    expect(kept({ images, candidates: ['a'], used })).toEqual({
      a: [`${digestOf('signature')} is about it, would go with it, and stays`],
    })
  })

  test('does not keep it otherwise', () => {
    expect(kept({ images: [image('a'), image('signature', { subject: 'a' })], candidates: ['a'] })).toEqual({})
  })

  test('and is about itself, or in a circle, keeps nothing that it would not keep else', () => {
    const images = [image('a', { subject: 'a' }), image('b', { subject: 'c' }), image('c', { subject: 'b' })]
    expect(kept({ images, candidates: ['a', 'b', 'c'] })).toEqual({})
  })
})

test.each([
  [[about('a')], true],
  [[about('a', '.att'), about('a', '.sbom')], true],
  [[about('a'), 'v1'], false],
  [[about('a', '')], false],
  [[], false],
])('an image tagged %j is a signature: %s', (tags, expected) => {
  expect(isSignature({ tags })).toBe(expected)
})

const NAMES = Array.from({ length: 14 }, (_, number) => `i${number}`)

/** An image lists and is about only what was made before it, as digests have it. */
const worlds = fc
  .array(
    fc.record({
      kind: fc.constantFrom('image', 'index', 'untyped'),
      tag: fc.constantFrom('own', 'none', 'signature', 'referrers'),
      hours: fc.constantFrom(1_000, 1_000, 1_000, 1_000, 3),
      status: fc.constantFrom('ACTIVE' as const, 'ACTIVE' as const, 'ACTIVE' as const, 'ARCHIVED' as const),
      below: fc.array(fc.nat(), { maxLength: 3 }),
      isReadable: fc.integer({ min: 0, max: 9 }).map((number) => number > 0),
      subject: fc.option(fc.nat(), { freq: 2 }),
      signs: fc.nat(),
      isThere: fc.integer({ min: 0, max: 9 }).map((number) => number > 0),
      isUsed: fc.integer({ min: 0, max: 9 }).map((number) => number === 0),
      isCandidate: fc.integer({ min: 0, max: 9 }).map((number) => number > 1),
    }),
    { maxLength: NAMES.length },
  )
  .map((drawn) => {
    const earlier = (own: number, number: number): string => NAMES[number % Math.max(1, own)] as string
    const all = drawn.map(({ kind, tag, hours, status, subject, signs }, own) => {
      const tags = {
        own: [`t${own}`],
        none: [],
        signature: [about(earlier(own, signs))],
        referrers: [about(earlier(own, signs), '')],
      }
      return image(NAMES[own] as string, {
        ...{ hours, status, tags: own === 0 && tag !== 'none' ? ['t0'] : tags[tag as keyof typeof tags] },
        mediaType: { image: MANIFEST, index: INDEX, untyped: undefined }[kind],
        ...(subject !== null && own > 0 && { subject: earlier(own, subject) }),
      })
    })
    const children = Object.fromEntries(
      drawn.flatMap(({ kind, below, isReadable }, own) =>
        kind !== 'image' && isReadable
          ? [[NAMES[own] as string, own === 0 ? [] : below.map((number) => earlier(own, number))]]
          : [],
      ),
    )
    return {
      images: all.filter((_, own) => drawn[own]?.isThere),
      children,
      candidates: NAMES.filter((_, own) => drawn[own]?.isCandidate),
      used: NAMES.filter((_, own) => drawn[own]?.isUsed),
    }
  })

type Drawn = ReturnType<typeof worlds.generate>['value']

/** What is left when ECR has done it: an image takes along what is about it by subject. */
function after({ images, candidates }: Drawn, keep: ReadonlySet<string>): readonly StoredImage[] {
  const going = new Set(candidates.map(digestOf).filter((digest) => !keep.has(digest)))
  for (let before = -1; before < going.size; ) {
    before = going.size
    for (const { digest, subject = '' } of images)
      if (going.has(subject) && images.some((one) => one.digest === subject)) going.add(digest)
  }
  return images.filter(({ digest }) => !going.has(digest))
}

const keepersOf = (world: Drawn): ReadonlySet<string> =>
  new Set(
    keepers(
      {
        repository: REPOSITORY,
        images: world.images,
        children: new Map(Object.entries(world.children).map(([index, of]) => [digestOf(index), of.map(digestOf)])),
      },
      new Set(world.candidates.map(digestOf)),
      { usersOf: (_, { digest }) => (world.used.map(digestOf).includes(digest) ? ['somebody'] : []) },
      NOW,
    ).keys(),
  )

/** What is wrong with what is left, in words. */
function wrongs(world: Drawn, left: readonly StoredImage[]): readonly string[] {
  const there = new Set(left.map(({ digest }) => digest))
  const used = new Set(world.used.map(digestOf))
  const listed = (digest: string): readonly string[] =>
    Object.entries(world.children).flatMap(([index, of]) => (digestOf(index) === digest ? of.map(digestOf) : []))
  const isUsedBelow = (digest: string): boolean => listed(digest).some((child) => used.has(child) || isUsedBelow(child))
  const abouts = ({ subject, tags }: StoredImage): readonly string[] => [
    ...(subject === undefined ? [] : [subject]),
    ...tags.flatMap((tag) => NAMES.filter((name) => tag.startsWith(about(name, ''))).map(digestOf)),
  ]
  const isKnown = ({ digest }: StoredImage) => Object.keys(world.children).some((index) => digestOf(index) === digest)
  const unread = world.images.filter((one) => (isIndex(one) || one.mediaType === undefined) && !isKnown(one))
  return world.images
    .filter(({ digest }) => !there.has(digest))
    .flatMap((gone) => [
      ...(used.has(gone.digest) ? ['in use'] : []),
      ...(gone.pushedAt > NOW.getTime() - 24 * HOUR ? ['younger than a day'] : []),
      ...(isUsedBelow(gone.digest) ? ['an index with a used child'] : []),
      ...(left.some(({ digest }) => listed(digest).includes(gone.digest)) ? ['child of what is left'] : []),
      ...(abouts(gone).some((digest) => there.has(digest)) ? ['about what is left'] : []),
      ...(gone.tags.length === 0 && unread.some(({ digest }) => digest !== gone.digest)
        ? ['child of nobody knows what']
        : []),
      ...(unread.some(({ status }) => status === 'ACTIVE') ? ['child of an index that could be pulled'] : []),
    ])
}

test('whatever the graph, nothing goes that somebody needs', () => {
  fc.assert(
    fc.property(worlds, (world) => {
      expect(wrongs(world, after(world, keepersOf(world)))).toEqual([])
    }),
    { numRuns: 3_000 },
  )
})

test('nothing is kept without need: any keeper alone would be missed', () => {
  fc.assert(
    fc.property(worlds, (world) => {
      const keep = keepersOf(world)
      for (const digest of keep) {
        const fewer = new Set([...keep].filter((one) => one !== digest))
        expect(wrongs(world, after(world, fewer))).not.toEqual([])
      }
    }),
    { numRuns: 1_000 },
  )
})

test('of 100,000 images that hang together, each is asked about once', () => {
  const images = [
    image('wide', { mediaType: INDEX }),
    ...Array.from({ length: 100_000 }, (_, number) =>
      image(`i${number}`, { tags: [], ...(number % 2 === 1 && { subject: `i${number - 1}` }) }),
    ),
  ]
  const children = new Map([[digestOf('wide'), images.slice(1).map(({ digest }) => digest)]])
  let asked = 0
  const usersOf = () => (++asked === 100_001 ? ['somebody'] : [])
  const found = keepers(
    { repository: REPOSITORY, images, children },
    new Set(images.map(({ digest }) => digest)),
    { usersOf },
    NOW,
  )
  expect([asked, found.size]).toEqual([100_001, 100_001])
})
