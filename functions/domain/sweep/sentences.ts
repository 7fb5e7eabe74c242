import { roughBytes } from '../bytes.ts'
import { counted, grouped } from '../counted.ts'
import { inWords, SEVERITIES, type SeverityCounts } from '../severity.ts'
import type { BaseReport, Sums, SweepReport, TopFix } from './report.ts'

const joined = (parts: readonly (string | false)[]): string => parts.filter((part) => part !== false).join(', ')

/** `2026-11-24 21:00 UTC` of an ISO 8601 instant. */
export const instantText = (iso: string): string => `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`

/** `$1,234.50`; what is less than a cent, and not nothing, says so. */
export function dollarsText(dollars: number): string {
  const amount = Math.abs(dollars)
  const text = amount > 0 && amount < 0.005 ? '<$0.01' : `$${amount.toLocaleString('en-US', CENTS)}`
  return dollars < 0 ? `−${text}` : text
}

const CENTS = { minimumFractionDigits: 2, maximumFractionDigits: 2 } as const

/** `+3`, `−1.2 GB`, `±0`: a change with its sign, by how its amount is written. */
export function signed(change: number, write: (amount: number) => string): string {
  if (change === 0) return `±${write(0)}`
  return `${change < 0 ? '−' : '+'}${write(Math.abs(change))}`
}

export const total = (counts: SeverityCounts): number =>
  SEVERITIES.reduce((sum, severity) => sum + (counts[severity] ?? 0), 0)

/** `12 findings (2 critical, 10 high)`. */
export const findingsText = (counts: SeverityCounts): string =>
  total(counts) === 0 ? 'no findings' : `${counted(total(counts), 'finding')} (${inWords(counts)})`

/** One word for the sweep. */
export const VERDICTS = { pass: 'Pass', fail: 'Fail', unknown: 'Unknown' } as const

const open = ({ fails, unknowns, overdue }: Sums): string =>
  joined([
    `${counted(fails, 'rule verdict')} ${fails === 1 ? 'fails' : 'fail'}`,
    unknowns > 0 && `${counted(unknowns, 'verdict')} unknown`,
    total(overdue) > 0 && `${counted(total(overdue), 'finding')} overdue`,
  ])

/** What the verdict means, in one sentence. */
export function verdictText({ verdict, totals }: SweepReport): string {
  if (verdict === 'pass') return 'Everything was judged, and nothing fails.'
  if (verdict === 'unknown') return `Nothing fails, and not everything is known: this is no pass.`
  return `${open(totals)}.`
}

/** How much of what there is was judged, in one sentence: at the top of every format. */
export function coverageText({ coverage, targets }: SweepReport): string {
  const registries = counted(targets.length, 'registry', 'registries')
  if (coverage.listed === 0) return `No repositories were found in ${registries}.`
  return `${coverage.judged.toLocaleString('en-US')} of ${counted(coverage.listed, 'repository', 'repositories')} judged, in ${registries}.`
}

/** What was not judged, in one sentence; empty where all was. */
export function gapsText({ coverage, targets, totals }: SweepReport): string {
  const missing = coverage.listed - coverage.judged
  const problems = targets.filter(({ problem }) => problem !== null).length
  const gaps = joined([
    missing > 0 && `${counted(missing, 'repository was', 'repositories were')} not judged`,
    problems > 0 && `${counted(problems, 'registry', 'registries')} not judged whole`,
    coverage.notWhole > 0 && `${counted(coverage.notWhole, 'repository', 'repositories')} read in part`,
    totals.unscanned > 0 && `${counted(totals.unscanned, 'image', 'images')} without a whole scan`,
  ])
  if (gaps !== '') return `What is not known is not passed: ${gaps}.`
  return coverage.complete ? '' : 'Not everything was judged.'
}

/** `14.5`. */
export const pointsText = (points: number): string => points.toLocaleString('en-US', { maximumFractionDigits: 1 })

/** `−14.5 for 12 critical findings`. */
export const lossText = ({ why, points }: SweepReport['losses'][number]): string =>
  `−${pointsText(Math.abs(points))} for ${why}`

/** What is different since the last sweep, as short phrases. */
export function changeTexts({ since }: SweepReport): readonly string[] {
  if (since === null) return ['This is the first sweep: there is nothing to compare with.']
  return [
    `Score ${signed(since.score, pointsText)}`,
    `${counted(since.newFails, 'new fail')}, ${since.fixedFails.toLocaleString('en-US')} fixed`,
    `New: ${findingsText(since.newFindings)}`,
    `Gone: ${findingsText(since.fixedFindings)}`,
    `In store ${signed(since.bytes, roughBytes)}, ${signed(since.dollarsPerMonth, dollarsText)} a month`,
  ]
}

/** `$120.00 a month for 1.2 TB in store, at most; clean-up would take 300 GB, $30.00 a month.` */
export const moneyText = ({ bytes, dollarsPerMonth, removableBytes, removableDollarsPerMonth }: Sums): string =>
  `${dollarsText(dollarsPerMonth)} a month for ${roughBytes(bytes)} in store, at most; clean-up would take ${roughBytes(removableBytes)}, ${dollarsText(removableDollarsPerMonth)} a month.`

/** `closes 214 findings and 3 fails in 31 images of 12 repositories`. */
export function closesText({ closes }: TopFix): string {
  const what = [
    ...(closes.findings > 0 ? [counted(closes.findings, 'finding')] : []),
    ...(closes.fails > 0 ? [counted(closes.fails, 'fail')] : []),
  ]
  const images = closes.images > 0 ? `${counted(closes.images, 'image')} of ` : ''
  const where =
    closes.repositories > 0 ? counted(closes.repositories, 'repository', 'repositories') : 'registry settings'
  return `closes ${what.join(' and ') || 'nothing yet'} in ${images}${where}`
}

/** `base/node:20.14`, or what there is to say of layers that nobody names. */
export const baseName = ({ name, layers, top }: BaseReport): string =>
  name ?? `${layers === 1 ? 'layer' : `${counted(layers, 'layer')} up to`} sha256:${top.slice(0, 12)}`

/** What to do about a base: a promise only where both scans were read. */
export function rebuildText(base: BaseReport): string {
  const { name, findings, fixable, rebuild } = base
  if (rebuild) return `Rebuild on ${rebuild.on} what is built upon ${baseName(base)}`
  const all = total(findings)
  const brings = `brings ${counted(all, 'finding')}, ${fixable === all ? 'all' : fixable} with a published fix`
  return name === null
    ? `Rebuild on a newer base: one that nobody names ${brings}`
    : `Rebuild on a newer ${name}: it ${brings}`
}

/** What is known of all findings: `800 come from bases, 300 from other layers; of 134 no scan says the layer.` */
export function ancestryText({ ancestry: { inherited, own, unplaced } }: SweepReport): string {
  const placed = `Of ${counted(inherited + own, 'finding')} whose layer is known, ${grouped(inherited)} ${inherited === 1 ? 'comes' : 'come'} from what images of several repositories are built upon.`
  return unplaced === 0
    ? placed
    : `${placed} Of ${grouped(unplaced)} more no scan says which layer brings them: basic scanning never does.`
}
