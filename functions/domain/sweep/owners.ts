import { createMean, type Mean } from './mean.ts'
import type { OwnerReport, Sums } from './report.ts'
import type { Loss } from './score.ts'
import { addSums, noSums } from './sums.ts'

/** Owners of a report. */
const MOST = 1_000

type Owner = { mean: Mean; sums: Sums }

/** Scores of the last sweep by owner. */
export type OwnerScores = ReadonlyMap<string, number>

/** Adds up what owners have. */
export type Owners = {
  /** @param weight of the repository in the mean @param sums undefined where it was not judged */
  readonly add: (owner: string, weight: number, losses: readonly Loss[], sums?: Sums) => void
  /** Lowest score first. */
  readonly report: (before: OwnerScores) => OwnerReport[]
}

const changeSince = (score: number, before: number | undefined): Pick<OwnerReport, 'change'> =>
  before === undefined ? {} : { change: Math.round((score - before) * 10) / 10 }

export function createOwners(): Owners {
  const owners = new Map<string, Owner>()
  return {
    add(name, weight, losses, sums = noSums()) {
      const owner = owners.get(name) ?? { mean: createMean(), sums: noSums() }
      owner.mean.add(weight, losses, 'repository')
      owner.sums = addSums(owner.sums, sums)
      owners.set(name, owner)
    },
    report: (before) =>
      [...owners]
        .map(([owner, { mean, sums }]): OwnerReport => {
          const score = mean.score()
          return { owner, score, ...changeSince(score, before.get(owner)), losses: mean.reasons(), ...sums }
        })
        .toSorted((a, b) => a.score - b.score || (a.owner < b.owner ? -1 : 1)),
  }
}

/** As many as a report shows. */
export const shownOwners = (owners: readonly OwnerReport[]): Pick<SweepOwners, 'owners' | 'ownersOmitted'> => ({
  owners: owners.slice(0, MOST),
  ownersOmitted: Math.max(0, owners.length - MOST),
})

type SweepOwners = { owners: OwnerReport[]; ownersOmitted: number }
