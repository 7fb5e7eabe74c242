import { counted } from '../../../../functions/domain/counted.ts'
import type { GateFinding, GateResult } from '../../../../functions/domain/gate/result.ts'
import { code, row, words } from '../../../../functions/domain/markdown.ts'
import { isAtLeast } from '../../../../functions/domain/severity.ts'
import type { Descriptor, Entry, Part } from './entry.ts'
import { securitySeverity } from './security-severity.ts'
import { agreement, httpsAddress, imageName, plain } from './texts.ts'

/** GitHub takes 1,024 characters of a description. */
const LONGEST = 1000

const short = (text: string): string => (text.length > LONGEST ? `${text.slice(0, LONGEST)}…`.toWellFormed() : text)

const named = ({ package: name, installed = '' }: GateFinding): string => plain(`${name} ${installed}`.trim())

const fixText = ({ fixed }: GateFinding): string =>
  fixed === undefined ? 'The scanner names no version that fixes it.' : `Version ${plain(fixed)} fixes it.`

/** Why it is over, or why it does not count. */
function stateText({ state, over, severity, exception }: GateFinding, result: GateResult): string {
  if (exception?.state === 'excepted') return `Excepted: ${agreement(exception)}.`
  const expired = exception ? ` The exception has expired: ${agreement(exception)}.` : ''
  if (state === 'not-fixable') return 'It does not count: only what a newer version fixes does.'
  if (state === 'known') return `It does not count: ${plain(result.newSince?.name ?? 'the other image')} has it too.`
  const { counts, limits, limitsFrom } = result
  const limit = limits[severity]
  if (limit === undefined) return expired
  const more = over ? `${counts[severity]} ${severity.toLowerCase()} count` : 'It is within the limit'
  return `${more}: there may be ${limit} (${plain(limitsFrom)}).${expired}`
}

function textOf(finding: GateFinding, result: GateResult): string {
  const { id, severity, platforms, exploit } = finding
  const where = platforms.length > 0 ? ` on ${plain(platforms.join(', '))}` : ''
  return [
    `${plain(id)} (${severity.toLowerCase()}) in ${named(finding)} of image ${imageName(result.image)}${where}.`,
    fixText(finding),
    ...(exploit ? ['An exploit is known.'] : []),
    stateText(finding, result),
  ]
    .join(' ')
    .trimEnd()
}

function levelOf({ over, state, severity }: GateFinding): Entry['level'] {
  if (over) return 'error'
  return state === 'counts' && isAtLeast(severity, 'MEDIUM') ? 'warning' : 'note'
}

function entryOf(finding: GateFinding, result: GateResult): Entry {
  const { id, severity, state, over, score, exploit, installed, fixed, layer } = finding
  const shown = { installed, fixed, layer }
  return {
    id: plain(id),
    level: levelOf(finding),
    text: textOf(finding, result),
    key: [id, finding.package],
    excepted: state === 'excepted' ? finding.exception : undefined,
    properties: {
      ...{ severity, state, over, score, exploit, package: plain(finding.package) },
      ...Object.fromEntries(Object.entries(shown).map(([name, value]) => [name, value && plain(value)])),
      platforms: finding.platforms.map(plain),
    },
  }
}

/** All findings of one id as one rule. GitHub shows the rule beside each of them: it tells what fixes each package. */
function descriptorOf(findings: readonly [GateFinding, ...GateFinding[]]): Descriptor {
  const [{ id, severity }] = findings
  const scores = findings.flatMap(({ score }) => (score === undefined ? [] : [score]))
  const helpUri = findings.map(({ url }) => httpsAddress(url)).find((url) => url !== undefined)
  const packages = [...new Set(findings.map((finding) => finding.package))].map(plain)
  const more = packages.length > 1 ? ` and ${counted(packages.length - 1, 'other package')}` : ''
  const lines = findings.map((finding) => `${named(finding)}: ${fixText(finding)}`)
  const table = findings.map((one) =>
    row([code(one.package), code(one.installed ?? '?'), one.fixed === undefined ? 'not known' : code(one.fixed)]),
  )
  return {
    ...{
      id: plain(id),
      helpUri,
      securitySeverity: securitySeverity(severity, scores.length > 0 ? Math.max(...scores) : undefined),
    },
    short: short(`${plain(id)} in ${packages[0]}${more}`),
    full: short(`${plain(id)} is rated ${severity.toLowerCase()}. ${lines.join(' ')}`),
    help: [...lines, ...(helpUri ? [`More on it: ${helpUri}`] : [])].join('\n'),
    markdown: [
      row(['package', 'installed', 'fixed in']),
      row(['---', '---', '---']),
      ...table,
      ...(helpUri ? ['', `More on it: [${words(id)}](<${helpUri}>)`] : []),
    ].join('\n'),
  }
}

/** The first `most` findings, in the order of the result. */
export function findingsPart(result: GateResult, most: number): Part {
  const findings = result.findings.slice(0, most)
  const byId = Map.groupBy(findings, ({ id }) => plain(id))
  return {
    entries: findings.map((finding) => entryOf(finding, result)),
    descriptors: [...byId.values()].map((same) => descriptorOf(same as [GateFinding, ...GateFinding[]])),
  }
}
