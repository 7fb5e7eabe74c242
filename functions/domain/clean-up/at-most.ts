import type { Plan } from './plan.ts'
import type { AtMost } from './policy.ts'
import type { Unit } from './units.ts'

/** What could go in a repository, the oldest first, and how many images it has. */
export type Wanted = { readonly repository: string; readonly population: number; readonly units: Iterable<Unit> }

type HeldBack = Plan['heldBack']

/** The same with fewer units, and what was left out. */
export type CutRepository = Wanted & { readonly units: readonly Unit[]; readonly heldBack: HeldBack }

export type Cut = {
  /** By repository; of none that has nothing. */
  readonly taken: ReadonlyMap<string, readonly Unit[]>
  readonly heldBack: HeldBack
}

/** Shares are not exact in binary: 0.29 × 100 is a little less than 29. */
const ofShare = (share: number, population: number): number => Math.floor(share * population + 1e-9)

/**
 * How many images of a repository may go by its share, for the plan and for whoever carries it out: a share above 0 % never holds
 * back the oldest image, with what goes together with it, as long as at least half of the images stay.
 * @param oldest images that go together as the oldest
 */
export const mostOfRepository = ({ shareOfRepository }: AtMost, population: number, oldest: number): number =>
  Math.max(ofShare(shareOfRepository, population), shareOfRepository > 0 && 2 * oldest <= population ? oldest : 0)

/** How many images may go by the share of all. */
export const mostOfRegistry = ({ shareOfRegistry }: AtMost, population: number): number =>
  ofShare(shareOfRegistry, population)

const percent = (share: number): string => `${Number((share * 100).toFixed(2))} %`

const sizeOf = (units: readonly Unit[]): number => units.reduce((sum, { images }) => sum + images, 0)

/** As many as fit, the first ones first. One that does not fit does not stand in the way of those behind it. */
function fitting<T>(items: Iterable<T>, unitOf: (item: T) => Unit, most: number, onLeft: (item: T) => void): T[] {
  const taken: T[] = []
  let room = most
  for (const item of items) {
    const { images } = unitOf(item)
    if (images > room) onLeft(item)
    else {
      taken.push(item)
      room -= images
    }
  }
  return taken
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

function limitOfAll(population: number, atMost: AtMost) {
  const { images, shareOfRegistry } = atMost
  const share = mostOfRegistry(atMost, population)
  return images <= share
    ? { most: images, why: `a plan takes at most ${images} images` }
    : { most: share, why: `a plan takes at most ${share} images: ${percent(shareOfRegistry)} of all ${population}` }
}

/** Images that go together as the oldest of a repository. */
export function oldestOf(units: Iterable<Unit>): number {
  for (const { images } of units) return images
  return 0
}

/**
 * Cuts what goes in one repository to its share, the oldest first. What goes together is taken or left together. A share above 0 %
 * never holds back the oldest, as long as at least half of the images stay.
 */
export function cutRepository({ repository, population, units }: Wanted, atMost: AtMost): CutRepository {
  const most = mostOfRepository(atMost, population, oldestOf(units))
  let left = 0
  const count = ({ images }: Unit): void => {
    left += images
  }
  const taken = fitting(units, (unit) => unit, most, count)
  const share = percent(atMost.shareOfRepository)
  const limit = most > mostOfRepository(atMost, population, 0) ? `the oldest, though ${share} are fewer` : share
  const why = `a plan takes at most ${most} of its ${population} images: ${limit}`
  return { repository, population, units: taken, heldBack: left === 0 ? [] : [{ repository, images: left, why }] }
}

/** A unit with its images: nothing else of its repository is held for it. */
const opened = ({ repository, unit: { candidates, images, since } }: Entry): Entry => ({
  repository,
  unit: { candidates, images, since },
})

/** How many times what a plan may take is held before the youngest are counted alone. */
const SLACK = 4

/**
 * Cuts what goes in all repositories to the share of them and to the number of images, the oldest first. Repositories are
 * added one after the other; of a large registry no more is held than a few times what a plan may take.
 */
export function createCut(atMost: AtMost) {
  const [heldBack, waiting]: [HeldBack, Map<string, number>] = [[], new Map()]
  let entries: Entry[] = []
  let [images, population] = [0, 0]

  function keepOldest(most: number): void {
    const oldest = entries.toSorted((one, other) => one.unit.since - other.unit.since)
    const wait = ({ repository, unit }: Entry): void =>
      void waiting.set(repository, (waiting.get(repository) ?? 0) + unit.images)
    entries = fitting(oldest, ({ unit }) => unit, most, wait)
    images = sizeOf(entries.map(({ unit }) => unit))
  }

  const waitingFor = (why: string): HeldBack =>
    [...waiting].map(([repository, left]) => ({ repository, images: left, why }))

  return {
    add(one: CutRepository): void {
      population += one.population
      heldBack.push(...one.heldBack)
      let from = entries.length
      for (const unit of one.units) entries.push({ repository: one.repository, unit })
      images += sizeOf(one.units)
      if (images > SLACK * atMost.images) {
        keepOldest(atMost.images)
        from = 0
      }
      for (const [at, entry] of entries.slice(from).entries()) entries[from + at] = opened(entry)
    },
    end(): Cut {
      const { most, why } = limitOfAll(population, atMost)
      keepOldest(most)
      return { taken: byRepository(entries), heldBack: [...heldBack, ...waitingFor(why)] }
    },
    /** Nothing is taken, for one reason. */
    hold(why: string): Cut {
      keepOldest(0)
      for (const { repository, images: more } of heldBack)
        waiting.set(repository, (waiting.get(repository) ?? 0) + more)
      return { taken: new Map(), heldBack: waitingFor(why) }
    },
  }
}

export type GoingCut = ReturnType<typeof createCut>
