import { compareVersions, versionFamily } from '../package-version.ts'
import { bySeverity } from '../severity.ts'
import type { GateFinding, GateUpgrade } from './result.ts'

type Fixable = GateFinding & { readonly fixed: string }

const isFixable = (finding: GateFinding): finding is Fixable =>
  finding.state === 'counts' && finding.fixed !== undefined

/** One upgrade for what one package's versions of one family close: what another distribution has is another upgrade. */
const upgradeKey = ({ package: name, fixed }: Fixable): string => `${name}\n${versionFamily(fixed)}`

const unique = (texts: readonly (string | undefined)[]): string[] => [
  ...new Set(texts.filter((text) => text !== undefined)),
]

function upgradeOf(findings: readonly [Fixable, ...Fixable[]]): GateUpgrade {
  const [first] = findings
  return {
    package: first.package,
    installed: unique(findings.map(({ installed }) => installed)),
    to: findings.map(({ fixed }) => fixed).reduce((a, b) => (compareVersions(a, b) < 0 ? b : a)),
    closes: findings.length,
    over: findings.filter(({ over }) => over).length,
    severity: findings.map(({ severity }) => severity).reduce((a, b) => (bySeverity(a, b) <= 0 ? a : b)),
    ids: unique(findings.map(({ id }) => id)),
  }
}

const byGain = (a: GateUpgrade, b: GateUpgrade): number =>
  b.over - a.over || bySeverity(a.severity, b.severity) || b.closes - a.closes || (a.package < b.package ? -1 : 1)

/** What to upgrade to what, that which closes most of what is over a limit first. */
export function upgradesOf(findings: readonly GateFinding[]): GateUpgrade[] {
  const groups = Map.groupBy(findings.filter(isFixable), upgradeKey)
  return [...groups.values()].map((group) => upgradeOf(group as [Fixable, ...Fixable[]])).toSorted(byGain)
}
