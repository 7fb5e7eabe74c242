import { ancestorInWords, broughtBy } from '../ancestry/brought.ts'
import { onRule } from '../exception.ts'
import type { Finding } from '../finding.ts'
import { consoleUrl, pullReference } from '../registry.ts'
import { bySeverity, type Severity, type SeverityCounts, tally } from '../severity.ts'
import { isOpen, type Verdict } from '../verdict.ts'
import { agreedOf, isItself, sortedFindings } from './findings.ts'
import type { Gathered, ReadScan } from './gathered.ts'
import { overInWords, plus, severitiesOver } from './limits.ts'
import { platformOf, problemOf, withPlatform } from './platforms.ts'
import type { GateFinding, GateResult, GateRule, GateVerdict } from './result.ts'
import { upgradesOf } from './upgrades.ts'

/** Why nothing is known of what is new; undefined where it is. */
function baseProblem(gathered: Gathered): string | undefined {
  const { base } = gathered
  if (!base) return undefined
  if (isItself(gathered))
    return `${base.name} is the very image that is judged, so nothing in it would be new. Compare with the image that runs.`
  const [problem] = base.scans.flatMap((scan) => problemOf(scan, 0) ?? [])
  if (problem !== undefined) return `What is new since ${base.name} is not known. ${problem}`
  return base.scans.length === 0 ? `What is new since ${base.name} is not known, since nothing scans it.` : undefined
}

/** What stands in the way of a pass, if anything does. */
type Reasons = { readonly fails: readonly string[]; readonly unknowns: readonly string[] }

const verdictOf = ({ fails, unknowns }: Reasons): GateVerdict =>
  fails.length > 0 ? 'fail' : unknowns.length > 0 ? 'unknown' : 'pass'

function scanUnknowns({ scans, waited, artifact }: Gathered): string[] {
  if (artifact !== undefined) return [`It is ${artifact}, not an image: nothing scans it.`]
  if (scans.length === 0) return ['It is an index without an image for any platform: nothing scans it.']
  return scans.flatMap((scan) => {
    const problem = problemOf(scan, waited)
    return problem === undefined ? [] : [withPlatform(scan, problem)]
  })
}

const ruleReasons = (rules: readonly Verdict[], outcome: Verdict['outcome']): string[] =>
  rules.filter((one) => one.outcome === outcome && isOpen(one)).map(({ rule, reason }) => `${rule}: ${reason}`)

function reasonsOf(gathered: Gathered, over: readonly Severity[], counts: SeverityCounts): Reasons {
  const { rules, limits } = gathered
  // Without the other image, what is over might all be known.
  const blind = over.length > 0 ? baseProblem(gathered) : undefined
  const limit = over.length > 0 && blind === undefined ? [overInWords(over, counts, limits)] : []
  return {
    fails: [...limit, ...ruleReasons(rules, 'fail')],
    unknowns: [...(blind === undefined ? [] : [blind]), ...scanUnknowns(gathered), ...ruleReasons(rules, 'unknown')],
  }
}

const LIMITS_RULE = 'vulnerabilities'

/**
 * The limits as a rule of `steward.yaml`, where somebody has agreed that they need not hold, or had. Limits that the command line
 * changes are nobody's rule.
 */
function agreedLimits({ limitsRule, image, exceptions, limits, now }: Gathered, counts: SeverityCounts): Verdict[] {
  const over = severitiesOver(counts, limits)
  const exception = limitsRule && over.length > 0 ? onRule(exceptions, LIMITS_RULE, image, now) : undefined
  if (!limitsRule || !exception) return []
  const reason = overInWords(over, counts, limits)
  return [{ rule: LIMITS_RULE, outcome: 'fail', mode: 'report', reason, evidence: [], exception, ...limitsRule }]
}

const RANK: Readonly<Record<Verdict['outcome'], number>> = { fail: 0, unknown: 1, pass: 2, 'not-applicable': 3 }

const byOutcome = (a: Verdict, b: Verdict): number =>
  Number(isOpen(b)) - Number(isOpen(a)) || RANK[a.outcome] - RANK[b.outcome] || bySeverity(a.severity, b.severity)

const ruleOf = ({ rule, outcome, severity, reason, evidence, fix, exception, line }: Verdict): GateRule => ({
  ...{ rule, outcome, severity, reason, line, evidence: [...evidence] },
  ...(fix && { fix: { text: fix.text, command: fix.command, cdk: fix.cdk } }),
  ...(exception && { exception: agreedOf(exception) }),
})

function imageOf({ image, detail, tag, scans }: Gathered): GateResult['image'] {
  const { account, region, repository, digest } = image
  return {
    ...{ account, region, repository, tag, digest, tags: [...detail.tags] },
    ...{ uri: pullReference(image), url: consoleUrl(image) },
    ...{ pushedAt: detail.pushedAt, sizeInBytes: detail.sizeInBytes },
    index: scans.some((scan) => scan.digest !== digest),
  }
}

/** ECR counts findings that it does not list: nothing is known of them but that they are there, so they count. */
const unlistedIn = (scans: readonly ReadScan[]): SeverityCounts =>
  scans.map(({ unlisted = {} }) => unlisted).reduce(plus, {})

const scanningOf = ({ scans }: Gathered): GateResult['scanning'] => {
  const [first] = scans.filter(({ outcome }) => outcome === 'complete')
  return first && (first.saysFixes ? 'enhanced' : 'basic')
}

/** Nothing where it has no finding from there. */
function builtUponOf(counting: readonly Finding[], { ancestor }: Gathered): Pick<GateResult, 'builtUpon'> {
  const { inherited } = broughtBy(counting, ancestor)
  if (!ancestor || inherited.length === 0) return {}
  const fixable = inherited.filter(({ fixed }) => fixed !== undefined).length
  return { builtUpon: { text: ancestorInWords(ancestor), findings: inherited.length, fixable } }
}

/**
 * What is said of one image: it fails where more counts than may be or a rule fails, is unknown where something that would
 * be needed for a pass could not be read, and passes otherwise. What is known to be wrong goes before what is not known.
 */
export function judgeGate(gathered: Gathered): GateResult {
  const { kind, lenient, now, scans, waited, limits, limitsFrom, fixableOnly, base, moved } = gathered
  const sorted = sortedFindings(gathered)
  const unlisted = unlistedIn(scans)
  const counting = sorted.filter(({ state }) => state === 'counts')
  const counts = plus(tally(counting.map(({ severity }) => severity)), unlisted)
  const agreed = agreedLimits(gathered, counts)
  const over = agreed.some((one) => !isOpen(one)) ? [] : severitiesOver(counts, limits)
  const findings = sorted
    .map((one): GateFinding => ({ ...one, over: one.state === 'counts' && over.includes(one.severity) }))
    .toSorted((a, b) => Number(b.over) - Number(a.over))
  const reasons = reasonsOf(gathered, over, counts)
  return {
    ...{ schemaVersion: 1, kind, verdict: verdictOf(reasons), lenient },
    ...{
      reasons: [...reasons.fails, ...reasons.unknowns],
      judgedAt: now.toISOString(),
      image: imageOf(gathered),
      moved,
    },
    ...{ scanning: scanningOf(gathered), platforms: scans.map((scan) => platformOf(scan, waited)) },
    ...{ limits, limitsFrom, fixableOnly, ...(base && { newSince: { name: base.name, digest: base.digest } }) },
    ...builtUponOf(counting, gathered),
    ...{ counts, unlisted, findings, upgrades: upgradesOf(findings) },
    rules: [...gathered.rules, ...agreed.filter((one) => !isOpen(one))].toSorted(byOutcome).map(ruleOf),
  }
}
