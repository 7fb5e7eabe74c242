import type { Artifact, ImageDetail, ImageManifest } from '../domain/facts/image-facts.ts'
import type { Fact } from '../domain/rule/fact.ts'
import { tagImmutability } from '../domain/rules/tag-immutability.ts'
import { against, isNew } from '../domain/told-verdicts.ts'
import { isOpen, type Verdict } from '../domain/verdict.ts'
import type { PolicyItem } from '../domain/verdict-item.ts'
import type { News } from '../policy/repository.ts'
import type { Gathered } from './gather.ts'
import type { Group } from './group.ts'
import type { ImageState } from './image-state.ts'
import type { TagMove } from './ports.ts'

/** What there is to say of a push. */
export type Decision = {
  /** Of the one alert: on the image first, then on the repository. */
  readonly items: readonly PolicyItem[]
  /** Whether something of it has to be told now. */
  readonly rings: boolean
  /** On the image. */
  readonly verdicts: readonly Verdict[]
}

/** A fact as it was read. @returns undefined where it was not */
export const readOf = <T>(fact: unknown): T | undefined => {
  const known = fact as Fact<T> | undefined
  return known && 'value' in known ? known.value : undefined
}

export const detailIn = ({ image }: Gathered): ImageDetail | undefined => readOf(image?.facts.detail)

const manifestIn = ({ image }: Gathered): ImageManifest | undefined => readOf(image?.facts.manifest)

/** What it is, where it is no image. */
export function artifactIn(gathered: Gathered): Artifact | undefined {
  const manifest = manifestIn(gathered)
  return manifest?.kind === 'artifact' ? manifest : undefined
}

/** Digests of the platforms of an index. */
export function platformsIn(gathered: Gathered, { image }: Group): readonly string[] {
  const manifest = manifestIn(gathered)
  if (manifest?.kind !== 'image') return []
  return manifest.platforms.map(({ digest }) => digest).filter((digest) => digest !== image.digest)
}

/** A platform that was judged with its index is not judged again, unless it gets a tag of its own. */
export const isJudgedWithIndex = (state: ImageState | undefined, { image }: Group): boolean =>
  state?.partOf !== undefined && image.tags.length === 0

/**
 * A moved tag is told each time that it moves, where the rule against it is in force and does not hold, whether or not
 * the repository's fail was told before.
 */
function withMove(items: readonly PolicyItem[], verdicts: readonly Verdict[]): readonly PolicyItem[] {
  const verdict = verdicts.find((one) => one.rule === tagImmutability.id && one.outcome === 'fail' && isOpen(one))
  if (!verdict) return items
  return [...items.filter((item) => item.verdict.rule !== tagImmutability.id), { verdict, change: 'new' }]
}

const isUntold = (state: ImageState | undefined, { tag, event }: TagMove): boolean => state?.moves?.[tag] !== event

/** @param news of the repository; undefined where another invocation is at work on it */
export function decide(
  group: Group,
  gathered: Gathered,
  state: ImageState | undefined,
  news: News | undefined,
): Decision {
  const verdicts = isJudgedWithIndex(state, group) ? [] : (gathered.image?.verdicts ?? [])
  const ofImage = against(state?.told ?? {}, verdicts)
  const items = news?.items ?? []
  const isMoved = gathered.moves.some((move) => isUntold(state, move))
  const ofRepository = isMoved ? withMove(items, news?.verdicts ?? gathered.repository.verdicts) : items
  const all = [...ofImage, ...ofRepository]
  return { items: all, rings: all.some(isNew), verdicts }
}
