import { compareVersions, versionFamily } from '../package-version.ts'
import { type Closes, type Closings, createClosings, createParts, NOTHING, worse } from './closing.ts'
import { isExcepted } from './counting.ts'
import type { ImageRecord, RecordedFinding, RepositoryRecord } from './record.ts'
import { findingPoints } from './score.ts'

/** Upgrades that are kept; an estate has a few thousand. */
const LIMIT = 10_000

type Upgrade = { readonly name: string; readonly version: string }

const later = (a: Upgrade, b: Upgrade): Upgrade =>
  a.version !== b.version && compareVersions(a.version, b.version) < 0 ? b : a

/** What closes findings of one image. */
export const closesOf = (findings: readonly RecordedFinding[]): Closes => ({
  ...NOTHING,
  findings: findings.length,
  images: 1,
  weight: findings.reduce((sum, { severity }) => sum + findingPoints(severity), 0),
  severity: findings.reduce((worst, { severity }) => worse(worst, severity), NOTHING.severity),
})

type Fixable = RecordedFinding & { readonly fixed: string }

const isFixable = (finding: RecordedFinding): finding is Fixable => Boolean(finding.fixed) && !isExcepted(finding)

const upgradeOf = (findings: readonly Fixable[]): Upgrade =>
  findings.map((finding) => ({ name: finding.package, version: finding.fixed })).reduce(later)

/**
 * The upgrades of one image: of each package as it is installed, to the latest of the versions that close its findings, so
 * that all of them go. Upgrades of one family are one.
 */
function upgradesOf({ findings }: ImageRecord, familyOf: (version: string) => string) {
  const installed = Map.groupBy(
    findings.filter(isFixable),
    (finding) => `${finding.package}\n${finding.installed ?? ''}`,
  )
  const upgrades = [...installed.values()].map((some) => ({ findings: some, upgrade: upgradeOf(some) }))
  return Map.groupBy(upgrades, ({ upgrade: { name, version } }) => `${name}\n${familyOf(version)}`)
}

/** What would be closed by upgrading packages. */
export const createUpgrades = (): Closings<Upgrade> => createClosings(LIMIT, later)

export function addUpgrades(closings: Closings<Upgrade>, { repository, images }: RepositoryRecord): void {
  const parts = createParts(repository, later)
  const families = new Map<string, string>()
  const familyOf = (version: string): string => {
    const family = families.get(version) ?? versionFamily(version)
    families.set(version, family)
    return family
  }
  for (const image of images)
    for (const [family, some] of upgradesOf(image, familyOf)) {
      const upgrade = some.map((one) => one.upgrade).reduce(later)
      parts.add(family, closesOf(some.flatMap(({ findings }) => findings)), upgrade)
    }
  for (const [family, part] of parts.entries()) closings.add(family, part)
}
