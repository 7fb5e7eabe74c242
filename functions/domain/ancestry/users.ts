import type { Finding } from '../finding.ts'
import { layerId } from './lineage.ts'
import type { Alike, Prefix } from './prefix.ts'

/** The images that are built upon a base, and upon no higher one. */
export type Users = {
  readonly images: number
  /** Names of their repositories, those with most of the images first. */
  readonly repositories: readonly string[]
  /** With what the base brings. */
  readonly alike: readonly Alike[]
}

/** The bases next above, on every way. */
function nextAbove(prefix: Prefix, bases: ReadonlySet<Prefix>): readonly Prefix[] {
  return [...prefix.above.values()].flatMap((above) => (bases.has(above) ? [above] : nextAbove(above, bases)))
}

/** What of them these layers bring. */
const broughtBy = (findings: readonly Finding[], layers: ReadonlySet<string>): readonly Finding[] =>
  findings.filter(({ layer }) => layers.has(layerId(String(layer))))

/**
 * Each image has one base: the highest. So the images of a base are those that have its layers, without those that have a
 * higher base, and every finding that a base brings is counted with one base alone.
 */
export function usersOf(prefix: Prefix, bases: ReadonlySet<Prefix>): Users {
  const higher = nextAbove(prefix, bases)
  const repositories = new Map(prefix.repositories)
  const layers = new Set(prefix.layers)
  const alike: Alike[] = [...prefix.alike.values()].map((one) => ({ ...one }))
  for (const one of higher) {
    for (const [name, images] of one.repositories) repositories.set(name, Number(repositories.get(name)) - images)
    for (const { images, findings, base } of one.alike.values())
      alike.push({ images: -images, findings: broughtBy(findings, layers), base })
  }
  const left = [...repositories].filter(([, images]) => images > 0)
  return {
    images: left.reduce((sum, [, images]) => sum + images, 0),
    repositories: left.toSorted(([a, many], [b, more]) => more - many || (a < b ? -1 : 1)).map(([name]) => name),
    alike,
  }
}
