import { createHash } from 'node:crypto'
import { type Finding, findingKey } from '../finding.ts'
import { type Lineage, layerId } from './lineage.ts'
import { type Ended, emptyPrefix, isShared, type Prefix } from './prefix.ts'

/** Prefixes that are kept. Most are of one image alone; those that several repositories build upon are few. */
const LIMIT = 20_000

/** Images that end at one prefix and are kept: copies of one image. */
const ENDS = 20

/** An image with what is known of it. */
export type Placed = {
  readonly repository: string
  readonly lineage: Lineage
  /** Those that count and of which the layer is known. */
  readonly findings: readonly Finding[]
  /** What it is for those that are built upon it. */
  readonly end: Ended
}

/** Lowest layers of many images, with what they bring. */
export type Prefixes = {
  readonly add: (image: Placed) => void
  /** To be called once: every prefix that images of several repositories build upon, the lowest first. */
  readonly bases: () => readonly Prefix[]
  /** Every image that is kept as one that others may be built upon. */
  readonly ends: () => readonly Ended[]
}

function* below(prefix: Prefix): Generator<Prefix> {
  for (const above of prefix.above.values()) {
    yield above
    yield* below(above)
  }
}

const imagesOf = ({ repositories }: Prefix): number => [...repositories.values()].reduce((sum, count) => sum + count, 0)

/** The prefix of one layer more. */
function aboveOf(prefix: Prefix, layer: string): Prefix {
  const above = prefix.above.get(layer) ?? emptyPrefix([...prefix.layers, layer])
  prefix.above.set(layer, above)
  return above
}

const partition = <T>(all: readonly T[], isMeant: (one: T) => boolean): readonly [readonly T[], readonly T[]] => [
  all.filter(isMeant),
  all.filter((one) => !isMeant(one)),
]

/** Names findings together, whatever their order. @param before the name of those below */
function keyOf(before: string, findings: readonly Finding[]): string {
  const texts = findings.map((one) =>
    JSON.stringify([findingKey(one), one.severity, one.fixed !== undefined, one.layer]),
  )
  return createHash('sha256')
    .update([before, ...texts.toSorted()].join('\n'))
    .digest('base64')
}

type Passing = { readonly key: string; readonly findings: readonly Finding[] }

function addPassing(prefix: Prefix, { repository, lineage: { base } }: Placed, { key, findings }: Passing): void {
  prefix.repositories.set(repository, (prefix.repositories.get(repository) ?? 0) + 1)
  const alike = prefix.alike.get(key) ?? { images: 0, findings, base }
  alike.images += 1
  prefix.alike.set(key, alike)
}

/** Of one platform; findings of a layer that comes twice are of the lower one. @returns how many prefixes are new */
function addChain(root: Prefix, image: Placed, layers: readonly string[]): number {
  const byLayer = Map.groupBy(image.findings, ({ layer = '' }) => layerId(layer))
  let [prefix, fresh] = [root, 0]
  let passing: Passing = { key: image.lineage.base ?? '', findings: [] }
  for (const [at, layer] of layers.entries()) {
    fresh += Number(!prefix.above.has(layer))
    prefix = aboveOf(prefix, layer)
    const brought = layers.indexOf(layer) === at ? byLayer.get(layer) : undefined
    if (brought) passing = { key: keyOf(passing.key, brought), findings: [...passing.findings, ...brought] }
    if (at < layers.length - 1) addPassing(prefix, image, passing)
    else if (prefix.ends.length < ENDS) prefix.ends.push(image.end)
  }
  return fresh
}

/** Forgets what one repository alone has, the highest layers first. @returns how many are left */
function forget(root: Prefix, size: number, limit: number): number {
  for (const prefix of below(root)) prefix.isBase ||= isShared(prefix)
  const all = [root, ...below(root)]
  const parents = new Map(all.flatMap((one) => [...one.above.values()].map((above) => [above, one] as const)))
  const single = [...below(root)].filter(({ repositories }) => repositories.size < 2)
  // What others are built upon has fewer layers than they have, and is not built upon yet where they come later.
  const highestFirst = single.toSorted((a, b) => b.layers.length - a.layers.length || imagesOf(a) - imagesOf(b))
  const going = highestFirst.slice(0, size - limit)
  for (const prefix of going) (parents.get(prefix) as Prefix).above.delete(prefix.layers.at(-1) as string)
  return size - going.length
}

/**
 * The lowest layers of images, as a tree, in bounded memory: of more than 40,000 prefixes those of one repository are
 * forgotten. What is left may then be counted too low, never too high.
 */
export function createPrefixes(limit = LIMIT): Prefixes {
  const root = emptyPrefix([])
  let [size, most] = [0, 2 * limit]
  return {
    add(image) {
      // Platforms may share a layer: what it brings is brought once.
      let left = image.findings
      for (const layers of image.lineage.platforms) {
        const ids = new Set(layers)
        const [here, rest] = partition(left, ({ layer = '' }) => ids.has(layerId(layer)))
        size += addChain(root, { ...image, findings: here }, layers)
        left = rest
      }
      if (size <= most) return
      size = forget(root, size, limit)
      // Where all that is left is shared, there is nothing to forget as long as it does not double.
      most = 2 * Math.max(limit, size)
    },
    bases: () => [...below(root)].filter((prefix) => prefix.isBase || isShared(prefix)),
    ends: () => [...below(root)].flatMap(({ ends }) => ends),
  }
}
