import type { Plan } from './plan.ts'
import type { AtMost } from './policy.ts'
import type { Unit } from './units.ts'

/** What could go in a repository, and how many images it has. */
export type Wanted = { readonly repository: string; readonly population: number; readonly units: readonly Unit[] }

type HeldBack = Plan['heldBack']

/** The same with fewer units, and what was left out. */
export type CutRepository = Wanted & { readonly heldBack: HeldBack }

export type Cut = {
  /** By repository; of none that has nothing. */
  readonly taken: ReadonlyMap<string, readonly Unit[]>
  readonly heldBack: HeldBack
}

/** Shares are not exact in binary: 0.29 × 100 is a little less than 29. */
const ofShare = (share: number, population: number): number => Math.floor(share * population + 1e-9)

const percent = (share: number): string => `${Number((share * 100).toFixed(2))} %`

const sizeOf = (units: readonly Unit[]): number => units.reduce((sum, { candidates }) => sum + candidates.length, 0)

/** As many as fit, the first ones first. One that does not fit does not stand in the way of those behind it. */
function fitting<T>(items: readonly T[], sizeOfItem: (item: T) => number, most: number) {
  const [taken, left]: [T[], T[]] = [[], []]
  let room = most
  for (const item of items) {
    const size = sizeOfItem(item)
    if (size <= room) {
      taken.push(item)
      room -= size
    } else left.push(item)
  }
  return { taken, left }
}

type Entry = { readonly repository: string; readonly unit: Unit }

const byRepository = (entries: readonly Entry[]): ReadonlyMap<string, readonly Unit[]> => {
  const units = new Map<string, Unit[]>()
  for (const { repository, unit } of entries) {
    const known = units.get(repository)
    if (known) known.push(unit)
    else units.set(repository, [unit])
  }
  return units
}

function limitOfAll(wanted: readonly Wanted[], { images, shareOfRegistry }: AtMost) {
  const population = wanted.reduce((sum, one) => sum + one.population, 0)
  const share = ofShare(shareOfRegistry, population)
  return images <= share
    ? { most: images, why: `a plan takes at most ${images} images` }
    : { most: share, why: `a plan takes at most ${share} images: ${percent(shareOfRegistry)} of all ${population}` }
}

const held = (repository: string, units: readonly Unit[], why: string): HeldBack =>
  units.length === 0 ? [] : [{ repository, images: sizeOf(units), why }]

const bySize = ({ candidates }: Unit): number => candidates.length

/** Cuts what goes in one repository to its share, the oldest first. What goes together is taken or left together. */
export function cutRepository({ repository, population, units }: Wanted, { shareOfRepository }: AtMost): CutRepository {
  const most = ofShare(shareOfRepository, population)
  const { taken, left } = fitting(units, bySize, most)
  const why = `a plan takes at most ${most} of its ${population} images: ${percent(shareOfRepository)}`
  return { repository, population, units: taken, heldBack: held(repository, left, why) }
}

/** Cuts what goes in all repositories to the share of them and to the number of images, the oldest first. */
export function cutAll(repositories: readonly CutRepository[], atMost: AtMost): Cut {
  const { most, why } = limitOfAll(repositories, atMost)
  const oldest = repositories
    .flatMap(({ repository, units }) => units.map((unit) => ({ repository, unit })))
    .toSorted((one, other) => one.unit.since - other.unit.since)
  const { taken, left } = fitting(oldest, ({ unit }) => bySize(unit), most)
  const leftOver = [...byRepository(left)].flatMap(([repository, units]) => held(repository, units, why))
  return { taken: byRepository(taken), heldBack: [...repositories.flatMap(({ heldBack }) => heldBack), ...leftOver] }
}

/** Nothing is taken, for one reason. */
export const holdAll = (repositories: readonly CutRepository[], why: string): Cut => ({
  taken: new Map(),
  heldBack: repositories.flatMap(({ repository, units, heldBack }) => {
    const images = sizeOf(units) + heldBack.reduce((sum, one) => sum + one.images, 0)
    return images === 0 ? [] : [{ repository, images, why }]
  }),
})
