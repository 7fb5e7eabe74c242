import { advise } from '../../functions/domain/advice.ts'
import { roughBytes } from '../../functions/domain/bytes.ts'
import { counted, grouped } from '../../functions/domain/counted.ts'
import { severitiesOver } from '../../functions/domain/gate/limits.ts'
import type {
  Agreed,
  FindingState,
  GateFinding,
  GatePlatform,
  GateResult,
  GateRule,
  GateUpgrade,
} from '../../functions/domain/gate/result.ts'
import { shortDigest } from '../../functions/domain/image.ts'
import { listed } from '../../functions/domain/listed.ts'
import { shortName } from '../../functions/domain/registry.ts'
import { SEVERITIES, type Severity, type SeverityCounts, tally } from '../../functions/domain/severity.ts'
import { instantText } from '../../functions/domain/sweep/sentences.ts'

// What every format for people says, in the same words. Texts from outside are in them as they came: escape the whole.

const nameWith = ({ image }: GateResult, tag: string | undefined): string =>
  shortName({ ...image, tags: tag === undefined ? [] : [tag] })

/** `prod/api:1.4.2`, as it was asked for; `prod/api@sha256:0123456789ab` where that was by digest. */
export const imageName = (result: GateResult): string => nameWith(result, result.image.tag)

/** `2 critical, 1,200 high`, the worst first. */
export const countsText = (counts: SeverityCounts): string =>
  SEVERITIES.filter((severity) => counts[severity])
    .map((severity) => `${grouped(counts[severity] ?? 0)} ${severity.toLowerCase()}`)
    .join(', ')

/** Severities of which there are more than there may be. */
export const overLimit = ({ counts, limits }: GateResult): readonly Severity[] => severitiesOver(counts, limits)

/** `2 critical, 5 high in prod/api:1.4.2 (0 allowed)`: counts against limits; a limit that all have is said once. */
function againstLimits(result: GateResult, severities: readonly Severity[]): string {
  const { counts, limits } = result
  const allowed = (severity: Severity): string => ` (${grouped(limits[severity] ?? 0)} allowed)`
  const count = (severity: Severity): string => `${grouped(counts[severity] ?? 0)} ${severity.toLowerCase()}`
  const [first, ...others] = severities
  if (first !== undefined && others.every((one) => limits[one] === limits[first]))
    return `${severities.map(count).join(', ')} in ${imageName(result)}${allowed(first)}`
  return `${severities.map((one) => count(one) + allowed(one)).join(', ')} in ${imageName(result)}`
}

/** Rules that have to be seen to: whatever fails or is unknown, and is not excepted. */
export const openRules = ({ rules }: GateResult): readonly GateRule[] =>
  rules.filter(
    ({ outcome, exception }) => (outcome === 'fail' || outcome === 'unknown') && exception?.state !== 'excepted',
  )

const failingRules = (result: GateResult): number =>
  openRules(result).filter(({ outcome }) => outcome === 'fail').length

function failText(result: GateResult): string {
  const [over, rules] = [overLimit(result), failingRules(result)]
  const ruleText = counted(rules, 'rule fails', 'rules fail')
  if (over.length > 0) return `${againstLimits(result, over)}${rules > 0 ? `, and ${ruleText}` : ''}`
  return rules > 0 ? `${ruleText} for ${imageName(result)}` : `${imageName(result)}: ${result.reasons[0] ?? ''}`
}

function unknownText(result: GateResult): string {
  const reason = result.reasons[0] ?? 'not everything about it is known'
  return result.lenient
    ? `${imageName(result)} passes unjudged, as --on-unknown pass says: ${reason}`
    : `${imageName(result)} could not be judged: ${reason}`
}

function passText(result: GateResult): string {
  if (result.kind === 'scan') return `${countsText(result.counts) || 'no findings'} in ${imageName(result)}`
  const limited = SEVERITIES.filter((severity) => result.limits[severity] !== undefined)
  return limited.length > 0 ? againstLimits(result, limited) : `${imageName(result)}: findings have no limit`
}

const TEXTS = { fail: failText, unknown: unknownText, pass: passText } as const

export type Headline = { readonly word: 'PASS' | 'FAIL' | 'UNKNOWN' | 'SCANNED'; readonly text: string }

/** The verdict in a word and a line: `FAIL`, `2 critical, 5 high in prod/api:1.4.2 (0 allowed)`. */
export function headline(result: GateResult): Headline {
  const { kind, verdict } = result
  const word = kind === 'scan' && verdict === 'pass' ? 'SCANNED' : (verdict.toUpperCase() as Headline['word'])
  return { word, text: TEXTS[verdict](result) }
}

/** Reasons that nothing else says: neither the line of the verdict, nor the rules and the platforms. */
export function otherReasons(result: GateResult): readonly string[] {
  const { verdict, reasons, counts, platforms } = result
  const said = [
    ...overLimit(result).map((severity) => `${counts[severity]} ${severity.toLowerCase()}`),
    ...platforms.flatMap(({ problem }) => problem ?? []),
    ...openRules(result).map(({ rule, reason }) => `${rule}: ${reason}`),
    ...(verdict === 'unknown' ? reasons.slice(0, 1) : []),
  ]
  return reasons.filter((reason) => !said.some((one) => reason.includes(one)))
}

/** What the image is: `Pushed 2026-11-20 09:00 UTC, 187 MB, for 2 platforms; enhanced scanning.` */
export function imageText({ image, platforms, scanning }: GateResult): string {
  const size = image.index ? `${roughBytes(image.sizeInBytes)} at most` : roughBytes(image.sizeInBytes)
  const many = image.index ? `, for ${counted(platforms.length, 'platform')}` : ''
  return `Pushed ${instantText(image.pushedAt)}, ${size}${many}; ${scanning === undefined ? 'no scan is complete' : `${scanning} scanning`}.`
}

/** `31 findings come from the lowest layer, which is of node:20, 29 with a published fix.` */
const builtUponText = ({ text, findings, fixable }: NonNullable<GateResult['builtUpon']>): string =>
  `${counted(findings, 'finding comes', 'findings come')} from ${text}, ${fixable === 0 ? 'none' : grouped(fixable)} with a published fix.`

/** What was asked of it, and what it is built upon: limits, where they come from, and what does not count; of a scan nothing. */
export function askedTexts({
  kind,
  limits,
  limitsFrom,
  fixableOnly,
  newSince,
  scanning,
  builtUpon,
}: GateResult): readonly string[] {
  const said = SEVERITIES.filter((one) => limits[one] !== undefined).map((one) => `${limits[one]} ${one.toLowerCase()}`)
  const fixable =
    scanning === 'basic'
      ? 'All findings count: basic scanning does not say which of them an upgrade closes.'
      : 'Findings that no upgrade closes do not count.'
  return [
    ...(kind === 'gate' ? [`Allowed: ${said.join(', ') || 'any number'} (${limitsFrom}).`] : []),
    ...(fixableOnly ? [fixable] : []),
    ...(newSince ? [`Findings that ${newSince.name} has too do not count.`] : []),
    ...(builtUpon ? [builtUponText(builtUpon)] : []),
  ]
}

/** Where the tag went while the gate looked at what it named before. */
export const movedText = ({ moved, image }: GateResult): string | undefined =>
  moved && `The tag ${image.tag ?? ''} has moved to ${moved} meanwhile, which was not judged: deploy by digest.`

/** Findings to show one by one: those that failed the gate, of a scan those that count. */
export const listedFindings = ({ kind, findings }: GateResult): readonly GateFinding[] =>
  findings.filter(({ over, state }) => (kind === 'gate' ? over : state === 'counts'))

/** Findings that count and that ECR keeps to itself. */
export const unlistedText = ({ unlisted }: GateResult): string | undefined =>
  countsText(unlisted) && `ECR counts ${countsText(unlisted)} more than it lists.`

/** `Upgrade openssl to 3.0.15`. */
export const upgradeText = (upgrade: GateUpgrade): string => `Upgrade ${upgrade.package} to ${upgrade.to}`

/** `closes 12 (4 over the limit)`. */
export const closesText = ({ closes, over }: GateUpgrade): string =>
  `closes ${grouped(closes)}${over > 0 ? ` (${grouped(over)} over the limit)` : ''}`

/** What to do about findings over the limit that no upgrade is known for; nothing where there are none. */
export function adviceText({ findings, scanning }: GateResult): string | undefined {
  const unfixed = findings.filter(({ over, fixed }) => over && fixed === undefined)
  if (unfixed.length === 0) return undefined
  if (scanning !== 'enhanced') return advise(unfixed, { fixesKnown: false })
  const packages = [...new Set(unfixed.map((one) => one.package))]
  return `No published version closes ${grouped(unfixed.length)} over the limit (${listed(packages)}): rebuild when there is one, or agree on an exception in steward.yaml, which has an end.`
}

/** Where a finding is, unless it is everywhere: `linux/arm64 alone`. */
export const whereText = ({ platforms }: GateFinding, { platforms: all }: GateResult): string =>
  platforms.length > 0 && platforms.length < all.length ? `${platforms.join(', ')} alone` : ''

/** `openssl 3.0.1 → 3.0.15, exploit known`. */
export function packageText({ package: name, installed, fixed, exploit }: GateFinding): string {
  const versions = [installed, fixed].filter((one) => one !== undefined)
  const upgrade = installed === undefined && fixed !== undefined ? `→ ${fixed}` : versions.join(' → ')
  return `${[name, upgrade].filter(Boolean).join(' ')}${exploit ? ', exploit known' : ''}`
}

/** What an exception says: `until 2027-01-31, team-a: not reachable (line 14 of steward.yaml)`. */
export const agreedText = ({ expires, owner, reason, line }: Agreed): string =>
  `until ${expires}, ${owner}: ${reason} (line ${line} of steward.yaml)`

/** What somebody agreed to live with, findings and rules. */
export type Excepted = { readonly what: string; readonly severity: Severity; readonly exception: Agreed }

/** Every exception in one state, on findings first. */
export const exceptedIn = ({ findings, rules }: GateResult, state: Agreed['state']): readonly Excepted[] =>
  [
    ...findings.map(({ id, package: name, severity, exception }) => ({ what: `${id} ${name}`, severity, exception })),
    ...rules.map(({ rule, severity, exception }) => ({ what: rule, severity, exception })),
  ].flatMap(({ what, severity, exception }) => (exception?.state === state ? [{ what, severity, exception }] : []))

/** An exception that has ended: somebody will wonder why it counts again. */
export const expiredText = ({ what, exception: { expires, owner, line } }: Excepted): string =>
  `${what}: the exception of line ${line} of steward.yaml (${owner}) ended on ${expires}, so that it counts again.`

const OTHERS: Readonly<Record<Exclude<FindingState, 'excepted'>, (result: GateResult) => string>> = {
  counts: () => 'Within the limits',
  'not-fixable': () => 'No version fixes them, so that they do not count',
  known: ({ newSince }) => `${newSince?.name ?? 'The image compared with'} has them too, so that they do not count`,
}

/** Findings that are neither listed nor excepted, by why they did not fail the gate: `Within the limits`, `3 medium, 4 low`. */
export const otherFindings = (result: GateResult) =>
  (result.kind === 'gate'
    ? (['counts', 'not-fixable', 'known'] as const)
    : (['not-fixable', 'known'] as const)
  ).flatMap((state) => {
    const findings = result.findings.filter((one) => one.state === state && !one.over)
    const counts = tally(findings.map(({ severity }) => severity))
    return findings.length > 0 ? [{ state, why: OTHERS[state](result), counts, findings }] : []
  })

/** What the gate can do about a platform that was never scanned, beside what its problem says. */
export const platformRemedy = ({ problem = '' }: GatePlatform): string | undefined =>
  /\b(?:not|never) scanned\b/.test(problem) ? 'With --start-scan the gate starts a basic scan.' : undefined

/** Whether the line of the verdict says what is wrong with the one scan that there is. */
export const isHeadline = ({ problem }: GatePlatform, { verdict, reasons, image }: GateResult): boolean =>
  verdict === 'unknown' && !image.index && problem !== undefined && reasons[0] === problem

/** `linux/arm64`; the digest where the platform is not known. */
export const platformName = ({ platform, digest }: GatePlatform): string => platform ?? shortDigest(digest)

/** How a scan ended: `COMPLETE 2026-11-20 09:01 UTC, DEBIAN_12: 2 critical`; of one that did not end well, what is wrong. */
export function platformText({ status = '', scannedAt, os, counts, problem }: GatePlatform): string {
  if (problem !== undefined) return problem.includes(status) ? problem : `${status}: ${problem}`
  const scan = [status, scannedAt && instantText(scannedAt)].filter(Boolean).join(' ')
  return `${[scan, os].filter(Boolean).join(', ')}: ${countsText(counts) || 'no findings'}`
}

/** `3 pass, 1 does not apply`: rules that nobody has to see to; empty where there are none. */
export function quietRulesText({ rules }: GateResult): string {
  const count = (outcome: GateRule['outcome']): number => rules.filter((one) => one.outcome === outcome).length
  const [pass, rest] = [count('pass'), count('not-applicable')]
  return [
    ...(pass > 0 ? [counted(pass, 'rule passes', 'rules pass')] : []),
    ...(rest > 0 ? [counted(rest, 'rule does not apply', 'rules do not apply')] : []),
  ].join(', ')
}

/** The command that takes exactly what was judged. */
export const pullCommand = ({ image }: GateResult): string => `docker pull ${image.uri}`
