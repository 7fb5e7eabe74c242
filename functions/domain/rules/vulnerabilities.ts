import { advise } from '../advice.ts'
import { type Exception, onFinding } from '../exception.ts'
import type { PlatformScan } from '../facts/image-facts.ts'
import type { Finding } from '../finding.ts'
import type { ImageRef } from '../image.ts'
import { listed } from '../listed.ts'
import { byUrgency } from '../ranking.ts'
import { type Evidence, fail, type Judgement, pass, unknown } from '../rule/judgement.ts'
import { flag, limits } from '../rule/parameter.ts'
import { imageRule } from '../rule/rule.ts'
import { graceMinutes, judgeScans } from '../rule/scans.ts'
import { inWords, SEVERITIES, type Severity, type SeverityCounts, tally } from '../severity.ts'

type Limits = Readonly<Partial<Record<Severity, number>>>

type Asked = { readonly limits: Limits; readonly fixableOnly: boolean }
type Around = {
  readonly ref: ImageRef
  readonly now: Date
  readonly exceptions: readonly Exception[]
  readonly baseLayer: string | undefined
}

/** Findings by what becomes of them. */
type Sorted = {
  readonly counted: readonly Finding[]
  readonly excepted: readonly Finding[]
  /** Not excepted any longer; they are counted. */
  readonly expired: readonly Exception[]
  readonly unfixable: number
}

function sort({ findings, saysFixes }: PlatformScan, fixableOnly: boolean, { ref, now, exceptions }: Around): Sorted {
  const isMeant = ({ fixed }: Finding): boolean => !fixableOnly || !saysFixes || fixed !== undefined
  const meant = findings.filter(isMeant)
  const agreed = exceptions.length > 0 ? meant.map((finding) => onFinding(exceptions, finding, ref, now)) : []
  const isExcepted = (index: number): boolean => agreed[index]?.state === 'excepted'
  return {
    counted: meant.filter((_, index) => !isExcepted(index)),
    excepted: meant.filter((_, index) => isExcepted(index)),
    expired: [...new Set(agreed.flatMap((one) => (one?.state === 'expired' ? [one.exception] : [])))],
    unfixable: findings.length - meant.length,
  }
}

const ids = (findings: readonly Finding[]): string => listed([...new Set(findings.map(({ id }) => id))], 10)

const some = (name: string, value: string): Evidence[] => (value === '' ? [] : [{ name, value }])

const evidenceOf = (
  counts: SeverityCounts,
  { counted, excepted, expired, unfixable, isBlind }: Sorted & { readonly isBlind: boolean },
): Evidence[] => [
  { name: 'Findings', value: inWords(counts) || 'none' },
  ...some('Worst', ids(counted.toSorted(byUrgency))),
  ...some('Excepted', excepted.length > 0 ? `${excepted.length}: ${ids(excepted)}` : ''),
  ...some(
    'Exception expired',
    listed(expired.map(({ finding, owner, expires }) => `${finding} (${owner}, ${expires})`)),
  ),
  ...some('Fixes', isBlind ? 'basic scanning does not say which have one: all count' : ''),
  ...some('Without a fix, not counted', unfixable > 0 ? String(unfixable) : ''),
]

const overOf = (counts: SeverityCounts, allowed: Limits): SeverityCounts =>
  Object.fromEntries(
    SEVERITIES.flatMap((severity) => {
      const [found, limit] = [counts[severity] ?? 0, allowed[severity]]
      return limit !== undefined && found > limit ? [[severity, found]] : []
    }),
  )

const limitsInWords = (allowed: Limits, over: SeverityCounts): string =>
  SEVERITIES.filter((severity) => over[severity] !== undefined)
    .map((severity) => `${allowed[severity]} ${severity.toLowerCase()}`)
    .join(', ')

function judgeFindings(scan: PlatformScan, { limits: allowed, fixableOnly }: Asked, around: Around): Judgement {
  if (scan.outcome !== 'complete')
    return unknown(`It has no finished scan, so nobody knows of its findings (${scan.status ?? 'never scanned'}).`)
  const sorted = sort(scan, fixableOnly, around)
  // ECR counts findings that it does not list: nothing is known of them but that they are there.
  const counts = scan.findings.length > 0 ? tally(sorted.counted.map(({ severity }) => severity)) : scan.counts
  const over = overOf(counts, allowed)
  const evidence = evidenceOf(counts, {
    ...sorted,
    isBlind: fixableOnly && !scan.saysFixes && scan.findings.length > 0,
  })
  if (Object.keys(over).length === 0) return pass('It has no more findings than it may have.', evidence)
  const offending = sorted.counted.filter(({ severity }) => over[severity] !== undefined)
  const text = advise(offending, { fixesKnown: scan.saysFixes, baseLayer: around.baseLayer })
  return fail(`It has ${inWords(over)}, where ${limitsInWords(allowed, over)} may be.`, { text }, evidence)
}

export const vulnerabilities = imageRule({
  id: 'vulnerabilities',
  severity: 'HIGH',
  summary: 'An image has no more findings of each severity than it may have.',
  why: 'What is known to be vulnerable is what is attacked first.',
  see: 'https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-scanning.html',
  needs: ['scan', 'detail', 'manifest'],
  parameters: {
    limits: limits({
      about: 'How many findings of a severity there may be; a severity that is not named has no limit.',
      default: { CRITICAL: 0, HIGH: 0 },
      example: '{ CRITICAL: 0, HIGH: 5 }',
    }),
    fixableOnly: flag({
      about:
        'Count those alone that a newer version fixes. Basic scanning does not say which these are: all count then.',
      default: false,
      example: 'true',
    }),
    graceMinutes,
  },
  judge({ scan, detail, manifest }, { graceMinutes: minutes, ...asked }, { ref, now, exceptions = [] }) {
    const around = { ref, now, exceptions: exceptions.filter(({ finding }) => finding !== undefined) }
    return judgeScans(scan, { detail, graceMinutes: minutes, now }, (one) => {
      const [baseLayer] = manifest.platforms.find(({ digest }) => digest === one.digest)?.layers ?? []
      return judgeFindings(one, asked, { ...around, baseLayer })
    })
  },
})
