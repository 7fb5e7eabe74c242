import { type Finding, findingKey } from '../finding.ts'
import { mostSpecific } from './ancestor.ts'
import type { Ended, Prefix } from './prefix.ts'
import type { Users } from './users.ts'

/** A newer image of the repository of a base, with what was read of both. */
export type Successor = {
  /** `base/node:22.11`. */
  readonly name: string
  /** Findings of the images that are built upon the base, which the scan of the base has and that of the newer one has not. */
  readonly gone: (finding: Finding) => boolean
  /** Findings that the newer one has and the base has not. */
  readonly fresh: number
}

/** `#-slim` of `22.11-slim`: a tag that differs in more than versions may be of another distribution. */
const shapeOf = (tag: string): string => tag.replace(/\d+(?:\.\d+)*/g, '#')

/** `base/node:20.14-slim`: an image by the tag of it that says most. */
export const nameOf = ({ repository, tags }: Ended): string => `${repository}:${mostSpecific(tags)}`

/** Those pushed last first. */
const byAge = (a: Ended, b: Ended): number =>
  a.pushedAt === b.pushedAt ? Number(nameOf(a) < nameOf(b)) * 2 - 1 : Number(a.pushedAt < b.pushedAt) * 2 - 1

/** The image that ends at a prefix: of copies, that which was pushed first. */
export const endOf = ({ ends }: Prefix): Ended | undefined => ends.toSorted(byAge).at(-1)

const without = (a: ReadonlySet<string>, b: ReadonlySet<string>): number => [...a].filter((key) => !b.has(key)).length

const successorOf = (from: ReadonlySet<string>, to: Ended, keys: ReadonlySet<string>): Successor => {
  const name = nameOf(to)
  const gone: Successor['gone'] = (finding) => from.has(findingKey(finding)) && !keys.has(findingKey(finding))
  return { name, gone, fresh: without(keys, from) }
}

/** How many findings of the users a newer image is without. */
export const countGone = ({ alike }: Users, gone: Successor['gone']): number =>
  alike.reduce((sum, { images, findings }) => sum + images * findings.filter(gone).length, 0)

/**
 * The newer image of the same repository that is without most of what the base brings. Only what both scans say is counted:
 * a base or a newer image of which not all findings are known has none.
 * @param all images of the repository of the base
 */
export function successorFor(base: Ended, all: readonly Ended[], users: Users): Successor | undefined {
  const { keys: from, tags, pushedAt } = base
  if (!from) return undefined
  const shapes = new Set(tags.map(shapeOf))
  const newer = all.filter((one) => one.pushedAt > pushedAt && one.tags.some((tag) => shapes.has(shapeOf(tag))))
  const ranked = newer
    .toSorted(byAge)
    .flatMap((one) => (one.keys ? [successorOf(from, one, one.keys)] : []))
    .map((successor) => ({ successor, count: countGone(users, successor.gone) }))
    .toSorted((a, b) => b.count - a.count)
  return ranked[0] && ranked[0].count > 0 ? ranked[0].successor : undefined
}
