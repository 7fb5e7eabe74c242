import type { Ended, Prefix } from '../ancestry/prefix.ts'
import { createPrefixes } from '../ancestry/prefixes.ts'
import { endOf, nameOf, type Successor, successorFor } from '../ancestry/successor.ts'
import { type Users, usersOf } from '../ancestry/users.ts'
import { type Finding, findingKey } from '../finding.ts'
import type { Severity, SeverityCounts } from '../severity.ts'
import { increase, isExcepted } from './counting.ts'
import type { ImageRecord, RepositoryRecord } from './record.ts'
import type { BaseReport, SweepReport } from './report.ts'
import { findingPoints } from './score.ts'
import { total } from './sentences.ts'

/** Bases of a report: those whose rebuild has most effect. */
const TOP = 50
/** Repositories that a base names. */
const NAMED = 5

type Ancestry = SweepReport['ancestry']

/** A base with what closing its findings is worth. */
export type Base = { readonly report: BaseReport; readonly closes: Sum; readonly layers: string }

/** Findings of images together, those that a test takes. */
type Sum = { readonly findings: number; readonly weight: number; readonly severities: SeverityCounts }

function sumOf({ alike }: Users, isMeant: (finding: Finding) => boolean): Sum {
  const severities = new Map<Severity, number>()
  for (const { images, findings } of alike)
    for (const finding of findings) if (isMeant(finding)) increase(severities, finding.severity, images)
  const counts = [...severities].filter(([, count]) => count > 0)
  return {
    findings: counts.reduce((sum, [, count]) => sum + count, 0),
    weight: counts.reduce((sum, [severity, count]) => sum + count * findingPoints(severity), 0),
    severities: Object.fromEntries(counts),
  }
}

/** What most of the images say themselves. */
function labelOf({ alike, images: all }: Users): string | undefined {
  const labels = new Map<string, number>()
  for (const { base, images } of alike) if (base !== undefined) increase(labels, base, images)
  return [...labels].find(([, images]) => images * 2 > all)?.[0]
}

const isFixable = ({ fixed }: Finding): boolean => fixed !== undefined

function baseOf(prefix: Prefix, users: Users, successor: Successor | undefined): Base {
  const [all, fixable] = [sumOf(users, () => true), sumOf(users, isFixable)]
  const closes = successor ? sumOf(users, successor.gone) : fixable
  const { images, repositories } = users
  const end = endOf(prefix)
  const name = end ? nameOf(end) : labelOf(users)
  return {
    report: {
      ...{
        name: name ?? null,
        isRead: end !== undefined,
        layers: prefix.layers.length,
        top: String(prefix.layers.at(-1)),
      },
      ...{ images, repositories: repositories.length, named: repositories.slice(0, NAMED) },
      ...{ findings: all.severities, fixable: fixable.findings },
      ...(successor && { rebuild: { on: successor.name, fixes: closes.findings, adds: successor.fresh } }),
    },
    closes,
    layers: prefix.layers.join(' '),
  }
}

const known = (image: ImageRecord): Ended['keys'] =>
  image.scan === 'complete' ? new Set(image.findings.map(findingKey)) : undefined

/** By what its rebuild closes, then by what it brings. */
const byEffect = (a: Base, b: Base): number =>
  Number('rebuild' in b.report) - Number('rebuild' in a.report) ||
  b.closes.weight - a.closes.weight ||
  b.closes.findings - a.closes.findings ||
  (a.layers < b.layers ? -1 : 1)

/** What images are built upon, and what they have from it. A base that brings nothing is none. */
export function createBases() {
  const prefixes = createPrefixes()
  const sums = { placed: 0, unplaced: 0 }

  function addImage(repository: string, image: ImageRecord, isCut: boolean): void {
    const { lineage, tags, pushedAt } = image
    const counting = image.findings.filter((finding) => !isExcepted(finding))
    const findings = lineage ? counting.filter(({ layer }) => layer !== undefined) : []
    sums.placed += findings.length
    sums.unplaced += counting.length - findings.length
    if (!lineage) return
    const end = { repository, tags, pushedAt, keys: isCut ? undefined : known(image) }
    prefixes.add({ repository, lineage, findings, end })
  }

  function all(): readonly Base[] {
    const bases = new Set(prefixes.bases())
    const ends = Map.groupBy(prefixes.ends(), ({ repository }) => repository)
    return [...bases]
      .map((prefix) => {
        const [users, end] = [usersOf(prefix, bases), endOf(prefix)]
        return baseOf(prefix, users, end && successorFor(end, ends.get(end.repository) as readonly Ended[], users))
      })
      .filter(({ report }) => Object.keys(report.findings).length > 0)
      .toSorted(byEffect)
  }

  return {
    add({ repository, images, omitted }: RepositoryRecord): void {
      for (const image of images) addImage(repository, image, omitted !== undefined)
    },
    /** To be called once. */
    end(): { readonly ancestry: Ancestry; readonly bases: readonly Base[] } {
      const bases = all()
      const inherited = bases.reduce((sum, { report }) => sum + total(report.findings), 0)
      const ancestry = {
        ...{ bases: bases.slice(0, TOP).map(({ report }) => report), omitted: Math.max(0, bases.length - TOP) },
        ...{ inherited, own: sums.placed - inherited, unplaced: sums.unplaced },
      }
      return { ancestry, bases }
    },
  }
}
