import fc from 'fast-check'
import { expect, test } from 'vitest'
import { imageKey } from '../../../../functions/domain/image.ts'
import type { IndexedPackage } from '../../../../functions/domain/supply-chain/package-index/entry.ts'
import { mergeInto } from '../../../../functions/domain/supply-chain/package-index/merge.ts'
import { NotAnIndex, readIndex } from '../../../../functions/domain/supply-chain/package-index/read.ts'
import { createSearch, type Match } from '../../../../functions/domain/supply-chain/package-index/search.ts'
import { createIndexWriter } from '../../../../functions/domain/supply-chain/package-index/write.ts'
import { IMAGE, type IndexedRow, indexOf, REPOSITORY, row } from './rows.ts'

const LOG4J = 'org.apache.logging.log4j/log4j-core'

/** Of a package, that it is log4j, below 2.17; a version that is not there is unknown. */
const isOldLog4j = ({ name, version }: IndexedPackage): Match => {
  if (name !== LOG4J) return 'no'
  if (version === undefined) return 'unknown'
  return version < '2.17' ? 'yes' : 'no'
}

function answer(texts: readonly string[], matchOf: (one: IndexedPackage) => Match = isOldLog4j) {
  const search = createSearch(matchOf)
  for (const text of texts) search.add(text)
  return search.end()
}

const merged = (parts: readonly string[]): string => {
  const writer = createIndexWriter()
  for (const part of parts) mergeInto(writer, part)
  expect(writer.text()).toHaveLength(writer.length())
  return writer.text()
}

const text = fc.oneof(fc.constantFrom('constructor', '__proto__', '', 'é\u2028"\n'), fc.string({ maxLength: 6 }))
const some: fc.Arbitrary<IndexedPackage> = fc.record(
  {
    name: fc.oneof(fc.constant(LOG4J), text),
    version: fc.constantFrom('2.14', '2.17', '1'),
    ecosystem: fc.constantFrom('maven', 'npm'),
  },
  { requiredKeys: ['name'] },
)
const rows: fc.Arbitrary<IndexedRow> = fc
  .record({
    repository: fc.constantFrom('a', 'a/b', 'z'),
    n: fc.integer({ min: 0, max: 5 }),
    platform: fc.constantFrom(undefined, 'linux/amd64', 'linux/arm64'),
    users: fc.constantFrom(undefined, [], ['ECS service web']),
    contents: fc.oneof(fc.array(some, { maxLength: 12 }), fc.constantFrom('it has no SBOM', 'é\n')),
  })
  .map(({ repository, n, platform, users, contents }) =>
    row(
      contents,
      { repository },
      {
        digest: `sha256:${n}`,
        users,
        ...(platform && { platform, manifest: `sha256:${n}${platform}` }),
      },
    ),
  )

/** What is said of a package, in any order. */
const told = (packages: readonly IndexedPackage[]) =>
  packages.map(({ ecosystem, name, version }) => JSON.stringify([ecosystem, name, version])).toSorted()

const keysOf = (those: readonly IndexedRow[]) =>
  new Set(those.map(({ repository, image }) => imageKey({ ...repository, ...image })))

function scanned(all: readonly IndexedRow[]) {
  return all.flatMap(({ repository, image, contents }) => {
    if (typeof contents === 'string') return []
    const packages = [...new Set(told(contents.filter((one) => isOldLog4j(one) !== 'no')))]
    return packages.length > 0 ? [{ ...repository, ...image, packages }] : []
  })
}

test('answers are those of a scan of all rows, of one index and of many', () => {
  fc.assert(
    fc.property(fc.array(rows, { maxLength: 12 }), (all) => {
      const parts = all.map((one) => indexOf([one]))
      const without = keysOf(all.filter(({ contents }) => typeof contents === 'string')).size
      for (const { found, covered, uncovered } of [answer(parts), answer([merged(parts)])]) {
        expect(found.map((one) => ({ ...one, packages: told(one.packages) }))).toEqual(scanned(all))
        expect({ covered, uncovered }).toEqual({ covered: keysOf(all).size - without, uncovered: without })
      }
    }),
  )
})

test('a version that is not known is found as unknown', () => {
  const index = indexOf([row([{ name: LOG4J }, { name: LOG4J, version: '2.17.1', ecosystem: 'maven' }])])
  expect(answer([index]).found).toEqual([{ ...REPOSITORY, ...IMAGE, packages: [{ name: LOG4J, match: 'unknown' }] }])
})

test('an image without an SBOM is missing, with the reason, and is not covered', () => {
  const index = indexOf([row('it has no SBOM'), row([{ name: LOG4J, version: '2.14' }], {}, { digest: 'sha256:2' })])
  expect(answer([index])).toMatchObject({
    missing: [{ ...REPOSITORY, ...IMAGE, without: 'it has no SBOM' }],
    ...{ covered: 1, uncovered: 1 },
    found: [{ digest: 'sha256:2' }],
  })
})

test('an index of several platforms is one image, and uncovered where one of them is', () => {
  const platform = (name: string) => ({ platform: name, manifest: `sha256:${name}` })
  const index = indexOf([row([], {}, platform('linux/amd64')), row('it has no SBOM', {}, platform('linux/arm64'))])
  expect(answer([index])).toMatchObject({ covered: 0, uncovered: 1, missing: [{ platform: 'linux/arm64' }] })
})

test('images that are not asked about are neither found nor counted', () => {
  const users = ['ECS service web']
  const index = indexOf([
    row([{ name: LOG4J, version: '2.14' }], {}, { users }),
    row('it has no SBOM', { repository: 'b' }),
  ])
  const search = createSearch(isOldLog4j, (image) => image.users !== undefined)
  search.add(index)
  expect(search.end()).toMatchObject({ found: [{ users }], missing: [], covered: 1, uncovered: 0 })
})

test('the age of an index is that of the repository that was not read for longest', () => {
  const parts = ['2026-11-24', '2026-11-20', '2026-11-28'].map((at) => indexOf([row([], { at, repository: at })]))
  expect(answer(parts).oldest).toBe('2026-11-20')
  expect(answer([]).oldest).toBeUndefined()
})

test('a package that many images have stands there once', () => {
  const all = Array.from({ length: 50 }, (_, n) =>
    row([{ name: 'libc6', version: '2.36' }], {}, { digest: `sha256:${n}` }),
  )
  expect(indexOf(all).match(/libc6/g)).toHaveLength(1)
})

test.each([
  ['no JSON', '{', 'line 1 is not JSON of an index'],
  ['a number', '3', 'line 1 is not JSON of an index'],
  ['an empty line', '\n', 'line 1 is not JSON of an index'],
  ['a package without a name', '["npm",null,"1"]', 'line 1 is not a package'],
  ['a version that is a number', '["npm","left-pad",1]', 'line 1 is not a package'],
  ['an image before a repository', '{"digest":"x"}', 'line 1 is not a repository before an image'],
  ['a repository without an owner', '{"repository":"web"}', 'line 1 is not a repository'],
])('%s is refused', (_, hostile, why) => {
  expect(() => [...readIndex(hostile)]).toThrow(new NotAnIndex(why))
})

const image = (rest: object) =>
  `${JSON.stringify(REPOSITORY)}\n["npm","a",null]\n${JSON.stringify({ ...IMAGE, ...rest })}`

test.each([
  ['tags that are a text', { tags: 'latest', packages: [] }, 'an image'],
  ['users that are no texts', { users: [1], packages: [] }, 'an image'],
  ['nothing of what is in it', {}, 'an image'],
  ['a reason that is none', { without: 1 }, 'an image'],
  ['a package that does not stand before it', { packages: [1] }, 'the packages of an image'],
  ['a number below 0', { packages: [-1] }, 'the packages of an image'],
  ['a number that is none', { packages: ['0'] }, 'the packages of an image'],
])('an image with %s is refused', (_, rest, why) => {
  expect(() => [...readIndex(image(rest))]).toThrow(new NotAnIndex(`line 3 is not ${why}`))
})

test('a last line needs no break', () => {
  expect([...readIndex(image({ packages: [0] }))]).toHaveLength(3)
})
