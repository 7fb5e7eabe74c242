import { imageKey } from '../../functions/domain/image.ts'
import { registryKey } from '../../functions/domain/registry.ts'
import type { IndexedImage, IndexedRepository } from '../../functions/domain/supply-chain/package-index/entry.ts'
import type { Answer, FoundImage } from '../../functions/domain/supply-chain/package-index/search.ts'
import type { FindResult } from './result.ts'

const imageOf = ({ at, users, ...image }: IndexedRepository & IndexedImage) => ({
  ...{ account: image.account, region: image.region, repository: image.repository, owner: image.owner, readAt: at },
  digest: image.digest,
  ...(image.manifest !== undefined && { manifest: image.manifest }),
  ...(image.platform !== undefined && { platform: image.platform }),
  ...{ tags: [...image.tags], pushedAt: image.pushedAt, usedBy: users ? [...users] : null },
})

/** What is in use first, then what may be; then by name. */
function urgentFirst(one: FoundImage, other: FoundImage): number {
  const rank = ({ users }: FoundImage): number => (users === undefined ? 1 : users.length > 0 ? 0 : 2)
  return rank(one) - rank(other) || (imageKey(one) < imageKey(other) ? -1 : 1)
}

const has = ({ packages }: FoundImage): boolean => packages.some(({ match }) => match === 'yes')

const imagesIn = (those: readonly FoundImage[]): Set<string> => new Set(those.map(imageKey))

/** Of several platforms, one that is used makes an image used. */
function totalsOf({ found, covered, uncovered }: Answer, unreadRepositories: number): FindResult['totals'] {
  const sure = found.filter(has)
  const [images, all] = [imagesIn(sure), imagesIn(found)]
  const used = imagesIn(sure.filter(({ users = [] }) => users.length > 0))
  const open = imagesIn(sure.filter((one) => one.users === undefined && !used.has(imageKey(one))))
  return {
    ...{ images: images.size, unsure: all.size - images.size },
    repositories: new Set(sure.map((one) => `${registryKey(one)}/${one.repository}`)).size,
    ...{ inUse: used.size, useUnknown: open.size, covered, uncovered, unreadRepositories },
  }
}

/** That nothing was found says something only where everything is known. */
function outcomeOf({ images, unsure, uncovered, unreadRepositories }: FindResult['totals']): FindResult['outcome'] {
  if (images > 0) return 'fail'
  return unsure + uncovered + unreadRepositories > 0 ? 'unknown' : 'pass'
}

/** @param unreadRepositories that are not in the index */
export function resultOf(answer: Answer, query: string | null, unreadRepositories: number): FindResult {
  const totals = totalsOf(answer, unreadRepositories)
  return {
    ...{ schemaVersion: 1, query, oldest: answer.oldest ?? null },
    images: answer.found.toSorted(urgentFirst).map(({ packages, ...image }) => ({
      ...imageOf(image),
      packages: packages.map((one) => ({ ...one })),
    })),
    missing: answer.missing.map(({ without, ...image }) => ({ ...imageOf(image), why: without })),
    ...{ totals, outcome: outcomeOf(totals) },
  }
}
