import { FULL, type Loss, type Place, whyLost } from './score.ts'

type LossReport = { why: string; points: number }

/** Reasons that are told one by one; the rest is summed up. */
const REASONS = 5

/** The worst losses until nothing is left to be lost: together at most 100. */
function clip(losses: readonly Loss[]): readonly Loss[] {
  let left = FULL
  return losses.map((loss) => {
    const points = Math.min(left, loss.points)
    left -= points
    return { ...loss, points }
  })
}

const lost = (losses: readonly Loss[]): number =>
  Math.min(
    FULL,
    losses.reduce((sum, { points }) => sum + points, 0),
  )

const tenth = (points: number): number => Math.round(points * 10) / 10

/** Why a repository does not have 100: points before it is cut off at 0, the worst, and the rest in one line. @param losses worst first */
export function reasonsOf(losses: readonly Loss[]): LossReport[] {
  const lines = losses.map((loss) => ({ why: whyLost(loss), points: tenth(loss.points) }))
  if (lines.length <= REASONS + 1) return lines
  const rest = losses.slice(REASONS)
  const points = tenth(rest.reduce((sum, loss) => sum + loss.points, 0))
  return [...lines.slice(0, REASONS), { why: `${rest.length} more reasons`, points }]
}

/** 0 to 100 of one repository. */
export const scoreOf = (losses: readonly Loss[]): number => FULL - lost(losses)

/** The mean score of many, and why it is not 100. */
export type Mean = {
  /** @param losses worst first @param of what loses them */
  readonly add: (weight: number, losses: readonly Loss[], of: Exclude<Place, 'image'>) => void
  /** A tenth exactly, rounded down, so that only who has all has 100. 0 where nothing was added. */
  readonly score: () => number
  /** Worst first; together what is missing to 100, but for rounding. */
  readonly reasons: () => LossReport[]
}

export function createMean(): Mean {
  const byKind = new Map<string, Loss>()
  let [weights, missing] = [0, 0]
  const merge = (weight: number, loss: Loss, of: Place): void => {
    const key = `${loss.kind} ${loss.name} ${of}`
    const before = byKind.get(key)
    byKind.set(key, {
      ...{ ...loss, of },
      points: (before?.points ?? 0) + weight * loss.points,
      count: (before?.count ?? 0) + loss.count,
      places: (before?.places ?? 0) + 1,
    })
  }
  return {
    add(weight, losses, of) {
      weights += weight
      missing += weight * lost(losses)
      for (const loss of clip(losses)) merge(weight, loss, of)
    },
    score: () => (weights === 0 ? 0 : Math.floor(((FULL * weights - missing) * 10) / weights) / 10),
    reasons: () =>
      reasonsOf(
        [...byKind.entries()]
          .toSorted(([a, one], [b, other]) => other.points - one.points || (a < b ? -1 : 1))
          .map(([, loss]) => ({ ...loss, points: loss.points / weights }))
          .filter(({ points }) => tenth(points) > 0),
      ),
  }
}
