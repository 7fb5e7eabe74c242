import { counted } from '../../functions/domain/counted.ts'
import { shortDigest } from '../../functions/domain/image.ts'
import type { InUseReport, Inventory } from '../../functions/domain/in-use/use.ts'
import type { Missing } from '../check/subjects.ts'
import type { Exit } from '../exit.ts'
import type { Io } from '../io.ts'
import { type Row, writeTable } from '../table.ts'
import { oneLine, painter } from '../terminal.ts'
import { withShortDigests } from './words.ts'

/** An image, as something names it or as it is there, and who needs it. */
export type UsedImage = {
  readonly account: string
  readonly region: string
  readonly repository: string
  readonly tags: readonly string[]
  readonly digest: string | undefined
  readonly usedBy: readonly string[]
}

/** Users that are shown of one image on a terminal. */
const MOST_USERS = 4

/** What all uses name, each reference once. */
export function usedReferences({ reports }: Inventory): readonly UsedImage[] {
  const images = new Map<string, UsedImage & { readonly usedBy: string[] }>()
  for (const { image, by } of reports.flatMap(({ uses }) => uses)) {
    const { account, region, repository, tag, digest } = image
    const key = [repository, tag, digest, account, region].join(' ')
    const used = images.get(key) ?? {
      account,
      region,
      repository,
      tags: tag === undefined ? [] : [tag],
      digest,
      usedBy: [],
    }
    if (!used.usedBy.includes(by)) used.usedBy.push(by)
    images.set(key, used)
  }
  return [...images].toSorted(([one], [other]) => (one < other ? -1 : 1)).map(([, image]) => image)
}

const nameOf = ({ tags, digest }: UsedImage, isTerminal: boolean): string =>
  [tags.join(', '), digest && (isTerminal ? shortDigest(digest) : digest)].filter(Boolean).join(' ')

function usersOf({ usedBy }: UsedImage, isTerminal: boolean): string {
  if (usedBy.length === 0) return 'nothing that is known'
  if (!isTerminal) return usedBy.join('; ')
  const more = usedBy.length - MOST_USERS
  return withShortDigests([...usedBy.slice(0, MOST_USERS), ...(more > 0 ? [`and ${more} more`] : [])].join('; '))
}

const sourceRow = ({ source, registry: { account, region }, uses, incomplete }: InUseReport): Row => [
  { text: source },
  { text: `${account}, ${region}` },
  incomplete === undefined
    ? { text: `complete, ${counted(uses.length, 'use')}`, format: 'green' }
    : { text: `not complete, ${counted(uses.length, 'use')}: ${incomplete}`, format: 'magenta' },
]

/** On stderr, so that a pipe has images alone. */
function tellUnknown({ reports }: Inventory, { stderr }: Io): void {
  const label = painter(stderr)('red', 'not known:')
  for (const { source, registry, incomplete } of reports)
    if (incomplete !== undefined)
      stderr.write(`${label} ${oneLine(`${source} in ${registry.account}, ${registry.region}: ${incomplete}`)}\n`)
}

/** Images, then on a terminal the state of every source; in a pipe, what is not known is said beside it. */
export function writeUsed(images: readonly UsedImage[], inventory: Inventory, io: Io): void {
  const { stdout } = io
  const isTerminal = stdout.isTTY === true
  const rows = images.map(
    (image): Row => [
      { text: image.repository, format: 'bold' },
      { text: nameOf(image, isTerminal) },
      { text: usersOf(image, isTerminal) },
    ],
  )
  if (rows.length > 0) writeTable(stdout, ['REPOSITORY', 'IMAGE', 'USED BY'], rows)
  if (!isTerminal) {
    tellUnknown(inventory, io)
    return
  }
  stdout.write(rows.length > 0 ? '\n' : 'Nothing that is known uses an image.\n\n')
  writeTable(stdout, ['SOURCE', 'WHERE', 'STATE'], inventory.reports.map(sourceRow))
}

/** For other programs. */
export const usedJson = (
  images: readonly UsedImage[],
  { at, reports }: Inventory,
  { missing, outcome }: { readonly missing: readonly Missing[]; readonly outcome: Exit },
) => ({
  ...{ schemaVersion: 1, readAt: new Date(at).toISOString() },
  images: images.map(({ account, region, repository, tags, digest = null, usedBy }) => ({
    ...{ account, region, repository, tags, digest, usedBy },
  })),
  sources: reports.map(({ source, registry: { account, region }, uses, incomplete = null }) => ({
    ...{ source, account, region, uses: uses.length, incomplete },
  })),
  ...{ missing, outcome },
})
