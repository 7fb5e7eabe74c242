import type { Alert, AlertItem } from './alert.ts'
import { envelope, type Telling } from './compose.ts'
import { counted } from './counted.ts'
import { imageKey } from './image.ts'
import { listed } from './listed.ts'
import { shortName } from './registry.ts'
import type { FoundImage } from './supply-chain/package-index/search.ts'
import type { WatchFor } from './sweep/policy.ts'

/** Images that a message carries; more are counted, not listed. */
const ITEMS = 100
/** Packages, and users, that are named of each. */
const NAMED = 4

const isUsed = ({ users = [] }: FoundImage): boolean => users.length > 0

function packagesOf({ packages, platform }: FoundImage): string {
  const names = packages.map(({ name, version, match }) => {
    const of = version ?? 'in a version that is not known'
    return match === 'unknown' && version !== undefined ? `${name} ${of}, which cannot be compared` : `${name} ${of}`
  })
  return `${listed(names, NAMED)}${platform === undefined ? '' : ` on ${platform}`}`
}

function useOf({ users }: FoundImage): string {
  if (users === undefined) return 'whether it is in use is not known'
  return users.length === 0 ? 'nobody uses it' : `in use by ${listed(users, NAMED)}`
}

const toItem = (image: FoundImage): AlertItem => ({
  id: shortName(image),
  severity: isUsed(image) ? 'HIGH' : 'MEDIUM',
  change: 'new',
  subject: image.manifest ?? image.digest,
  text: packagesOf(image),
  notes: [useOf(image), `owner ${image.owner}`],
})

const usedFirst = (one: FoundImage, other: FoundImage): number =>
  Number(isUsed(other)) - Number(isUsed(one)) || (imageKey(one) < imageKey(other) ? -1 : 1)

const countOf = (those: readonly FoundImage[]): number => new Set(those.map(imageKey)).size

/** A version that is not known, or cannot be compared, may be outside of the range. */
function isIn(found: readonly FoundImage[]): string {
  const isSure = ({ packages }: FoundImage): boolean => packages.some(({ match }) => match === 'yes')
  if (found.every(isSure)) return 'is in'
  return found.some(isSure) ? 'is or may be in' : 'may be in'
}

/** Nobody may take what is listed for all that there is. */
const unknownOf = (uncovered: number): readonly string[] =>
  uncovered === 0
    ? []
    : [
        `Of ${counted(uncovered, 'image')} nothing is known, for want of an SBOM that can be read: the command with --missing lists them.`,
      ]

const inShell = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`

/**
 * The alert on images in which a package showed up that steward.yaml watches for: those that were not told of before.
 * @param found at least one
 * @param index where it was found: of its images, how many are `uncovered` by SBOMs, and its `store`, `s3://bucket/sweep`
 */
export function composePackageFound(
  telling: Telling,
  watch: WatchFor,
  found: readonly FoundImage[],
  { uncovered, store }: { readonly uncovered: number; readonly store: string },
): Alert {
  const { package: asked, reason } = watch
  const [all, used] = [countOf(found), countOf(found.filter(isUsed))]
  const repositories = new Set(found.map(({ account, region, repository }) => `${account}/${region}/${repository}`))
    .size
  const items = found.toSorted(usedFirst).map(toItem)
  const content = {
    kind: 'package-found',
    severity: used > 0 ? 'HIGH' : 'MEDIUM',
    title: `${asked} ${isIn(found)} ${counted(all, 'image')}${used > 0 ? `, ${used} of them in use` : ''}`,
    summary: `New in ${counted(repositories, 'repository', 'repositories')}.${reason === undefined ? '' : ` ${reason}`}`,
    items: items.slice(0, ITEMS),
    omitted: Math.max(0, items.length - ITEMS),
    todo: 'Rebuild them without it, those in use first. The command lists all images that have it.',
    command: `ecr-steward find ${inShell(asked)} --store ${store} --region ${telling.subject.region}`,
  } as const
  const notices = [...telling.notices, ...unknownOf(uncovered)]
  return envelope({ ...telling, notices }, content, [asked, found.map(imageKey).toSorted()])
}
