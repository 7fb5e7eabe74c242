import { advise } from '../advice.ts'
import { type Ancestor, ancestorOf, BASE_NAME } from '../ancestry/ancestor.ts'
import { type Exception, onFinding } from '../exception.ts'
import type { PlatformScan } from '../facts/image-facts.ts'
import type { Finding } from '../finding.ts'
import { DEFAULT_LIMITS, type Limits, overInWords, plus, severitiesOver } from '../gate/limits.ts'
import type { ImageRef } from '../image.ts'
import { listed } from '../listed.ts'
import { byUrgency } from '../ranking.ts'
import { type Evidence, fail, type Judgement, pass, unknown } from '../rule/judgement.ts'
import { flag, limits } from '../rule/parameter.ts'
import { imageRule } from '../rule/rule.ts'
import { graceMinutes, judgeScans } from '../rule/scans.ts'
import { scanRemedy } from '../scan-status.ts'
import { inWords, type SeverityCounts, tally } from '../severity.ts'

type Asked = { readonly limits: Limits; readonly fixableOnly: boolean }
type Around = {
  readonly ref: ImageRef
  readonly now: Date
  readonly exceptions: readonly Exception[]
  readonly ancestor: Ancestor | undefined
}

/** Findings by what becomes of them. */
type Sorted = {
  readonly counted: readonly Finding[]
  readonly excepted: readonly Finding[]
  /** Not excepted any longer; they are counted. */
  readonly expired: readonly Exception[]
  /** Left out for having no fix. */
  readonly unfixable: number
}

function sort({ findings, saysFixes }: PlatformScan, fixableOnly: boolean, { ref, now, exceptions }: Around): Sorted {
  const counted = fixableOnly && saysFixes ? findings.filter(({ fixed }) => fixed !== undefined) : findings
  const unfixable = findings.length - counted.length
  if (exceptions.length === 0) return { counted, excepted: [], expired: [], unfixable }
  const agreed = new Map(counted.map((finding) => [finding, onFinding(exceptions, finding, ref, now)]))
  const isExcepted = (finding: Finding): boolean => agreed.get(finding)?.state === 'excepted'
  const ended = [...agreed.values()].flatMap((one) => (one?.state === 'expired' ? [one.exception] : []))
  return {
    counted: counted.filter((finding) => !isExcepted(finding)),
    excepted: counted.filter(isExcepted),
    expired: [...new Set(ended)],
    unfixable,
  }
}

const ids = (findings: readonly Finding[]): string => listed([...new Set(findings.map(({ id }) => id))], 10)

const inShort = ({ finding, owner, expires }: Exception): string => `${finding} (${owner}, ${expires})`

function evidenceOf(counts: SeverityCounts, { excepted, expired, unfixable }: Sorted): Evidence[] {
  const evidence = [{ name: 'Findings', value: inWords(counts) || 'none' }]
  if (excepted.length > 0) evidence.push({ name: 'Excepted', value: `${excepted.length}: ${ids(excepted)}` })
  if (expired.length > 0) evidence.push({ name: 'Exception expired', value: listed(expired.map(inShort)) })
  if (unfixable > 0) evidence.push({ name: 'Without a fix, not counted', value: String(unfixable) })
  return evidence
}

/** What is not scanned is unknown, not clean. */
const withoutScan = ({ status = 'never' }: PlatformScan): Judgement =>
  unknown(`Its findings are not known, since no scan of it is complete: ${status}.`, { text: scanRemedy(status) })

const BLIND = { name: 'Fixes', value: 'basic scanning does not say which have one: all count' }

/** ECR counts findings that it does not list: nothing is known of them but that they are there. */
const unlistedOf = ({ unlisted, findings, counts }: PlatformScan): SeverityCounts =>
  unlisted ?? (findings.length === 0 ? counts : {})

function judgeFindings(scan: PlatformScan, { limits: allowed, fixableOnly }: Asked, around: Around): Judgement {
  if (scan.outcome !== 'complete') return withoutScan(scan)
  const sorted = sort(scan, fixableOnly, around)
  const counts = plus(tally(sorted.counted.map(({ severity }) => severity)), unlistedOf(scan))
  const evidence = evidenceOf(counts, sorted)
  const over = severitiesOver(counts, allowed)
  if (over.length === 0) return pass('It has no more findings than it may have.', evidence)
  const worst = sorted.counted.filter(({ severity }) => over.includes(severity)).sort(byUrgency)
  if (worst.length > 0) evidence.push({ name: 'Worst', value: ids(worst) })
  if (fixableOnly && !scan.saysFixes) evidence.push(BLIND)
  const text = advise(worst, { fixesKnown: scan.saysFixes, ancestor: around.ancestor })
  return fail(overInWords(over, counts, allowed), { text }, evidence)
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
      default: DEFAULT_LIMITS,
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
      const { layers = [], annotations = {} } = manifest.platforms.find(({ digest }) => digest === one.digest) ?? {}
      return judgeFindings(one, asked, {
        ...around,
        ancestor: ancestorOf({ layers, base: annotations[BASE_NAME] }, []),
      })
    })
  },
})
