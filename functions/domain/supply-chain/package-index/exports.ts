import { NONE } from './contents.ts'

/** An export of Inspector: its report id, and the ISO 8601 instant at which it was asked for. */
export type SbomExport = { readonly id: string; readonly at: string }

/** What Inspector was asked for of one registry, so that it is not asked for the same over and over. */
export type AskedExports = {
  /** By repository, the last export with its images that ended well. */
  readonly ended: readonly (SbomExport & { readonly repository: string })[]
  /** The one that has not ended, as far as is known: Inspector makes one at a time. */
  readonly running?: (SbomExport & { readonly repositories: readonly string[] }) | undefined
  /** Why the last one came to nothing, in words. */
  readonly problem?: string | undefined
}

/** An image that carries no SBOM. @property pushedAt ISO 8601 instant */
export type Bare = { readonly repository: string; readonly pushedAt: string }

export const NEVER_ASKED: AskedExports = { ended: [] }

const DAY = 86_400_000
/** An image that is younger when Inspector is asked may not be scanned yet: it is asked for again. Milliseconds. */
const SETTLED = DAY
/** When Inspector is asked again for what it did not have: it may watch more by then. Milliseconds. */
const AGAIN = 30 * DAY

/** The export of a repository that ended well. */
export const exportOf = ({ ended }: AskedExports, repository: string): SbomExport | undefined =>
  ended.find((one) => one.repository === repository)

/** Whether it was asked for, and what was not exported then is nothing that Inspector has. */
function isAnswered({ pushedAt }: Bare, last: SbomExport | undefined, now: Date): boolean {
  if (!last) return false
  const at = Date.parse(last.at)
  return Date.parse(pushedAt) + SETTLED < at && now.getTime() - at < AGAIN
}

/** Why nothing is known of an image that carries no SBOM, and of which Inspector has exported none. */
export function whyBare(image: Bare, asked: AskedExports, now: Date): string {
  if (isAnswered(image, exportOf(asked, image.repository), now)) return `${NONE}, and Inspector has none of it`
  if (asked.running?.repositories.includes(image.repository)) return `${NONE}, and Inspector has not exported it yet`
  return asked.problem === undefined ? NONE : `${NONE}, and Inspector exports none: ${asked.problem}`
}

/** Whether a row of the index says so of an image. */
export const isBare = (without: string): boolean => without === NONE || without.startsWith(`${NONE}, `)

/** Repositories whose images Inspector is to be asked for, in their order; none while it exports others. */
export function toAsk(images: Iterable<Bare>, asked: AskedExports, now: Date): readonly string[] {
  if (asked.running) return []
  const last = new Map(asked.ended.map((one) => [one.repository, one]))
  const wanted = new Set<string>()
  for (const image of images) if (!isAnswered(image, last.get(image.repository), now)) wanted.add(image.repository)
  return [...wanted].toSorted()
}

/** That Inspector was asked for the images of repositories. */
export const whenAsked = ({ ended }: AskedExports, running: NonNullable<AskedExports['running']>): AskedExports => ({
  ended,
  running,
})

/** That the export that ran has ended, or none was begun. @param problem why it came to nothing; undefined where it ended well */
export function whenEnded({ ended, running }: AskedExports, problem: string | undefined): AskedExports {
  if (problem !== undefined || !running) return { ended, ...(problem !== undefined && { problem }) }
  const { repositories, ...last } = running
  const renewed = new Set(repositories)
  return {
    ended: [
      ...ended.filter(({ repository }) => !renewed.has(repository)),
      ...repositories.map((repository) => ({ repository, ...last })),
    ],
  }
}
