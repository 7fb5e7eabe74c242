import { shortDigest } from '../../functions/domain/image.ts'
import { listed } from '../../functions/domain/listed.ts'
import { scanOutcome } from '../../functions/domain/scan-status.ts'
import { inWords } from '../../functions/domain/severity.ts'
import type { State } from '../check/tally.ts'
import type { ImageRow, RowScan, RowVerdict } from './result.ts'

/** Where there is nothing to say. */
export const NOTHING = '-'

const MINUTE = 60_000
/** From the largest: how long one is in milliseconds, and of how many of the smaller ones one is spoken. */
const UNITS = [
  ['year', 365 * 24 * 60 * MINUTE, 2],
  ['month', 30 * 24 * 60 * MINUTE, 3],
  ['day', 24 * 60 * MINUTE, 2],
  ['hour', 60 * MINUTE, 2],
  ['minute', MINUTE, 1],
] as const

/** `3 days`: how long ago, in the largest unit of which there are a few. @param at ISO 8601 instant */
export function ageText(at: string, now: Date): string {
  const age = now.getTime() - Date.parse(at)
  const [name, unit] = UNITS.find(([, length, least]) => age >= length * least) ?? []
  if (!unit) return 'just now'
  const count = Math.floor(age / unit)
  return `${count} ${name}${count === 1 ? '' : 's'}`
}

/** `linux/amd64, linux/arm64`, `image`, `signature`. */
export function kindText({ kind, what = '', platforms }: ImageRow, most = Number.POSITIVE_INFINITY): string {
  if (platforms.length > 0) return listed(platforms, most)
  if (kind === 'artifact') return what.replace(/^an? /, '')
  return kind === 'unknown' ? NOTHING : kind
}

type Platform = RowScan['platforms'][number]

const isOpen = ({ status }: Platform): boolean => status === undefined || scanOutcome(status) !== 'complete'

/** ECR's own word for a scan that is not complete. */
const statusText = ({ status = 'not scanned' }: Platform): string => status

/** `2 critical, 5 high (1 excepted)`, `no findings`, `not scanned`; of an index, which platforms are not: `1 high; linux/arm64 FAILED`. */
export function scanText({ state, counts, excepted, platforms }: RowScan): string {
  if (state === 'none') return NOTHING
  if (state === 'archived') return 'archived'
  if (state === 'unread') return 'not known'
  const findings = [inWords(counts), excepted > 0 && `(${excepted} excepted)`].filter(Boolean).join(' ')
  const open = platforms.filter(isOpen)
  if (open.length === 0) return findings || 'no findings'
  const words = [...new Set(open.map(statusText))]
  const each = open.map((one) => `${one.platform ?? shortDigest(one.digest)} ${statusText(one)}`)
  return [findings, open.length === platforms.length && words.length === 1 ? words[0] : listed(each)]
    .filter(Boolean)
    .join('; ')
}

/** As a person reads a verdict; nothing where no rule has anything to say. */
export const stateText = (state: State): string => (state === 'notApplicable' || state === 'unasked' ? NOTHING : state)

const named = ({ rules }: RowVerdict, state: State): string =>
  rules
    .filter(({ outcome, excepted }) => (excepted ? 'excepted' : outcome) === state)
    .map(({ rule }) => rule)
    .join(', ')

/** `fail: vulnerabilities; unknown: non-root-user`. */
export function verdictText(verdict: RowVerdict | undefined): string {
  if (!verdict) return NOTHING
  const parts = (['fail', 'unknown', 'excepted'] as const).flatMap((state) => {
    const rules = named(verdict, state)
    return rules === '' ? [] : [`${state}: ${rules}`]
  })
  return parts.join('; ') || stateText(verdict.state)
}
