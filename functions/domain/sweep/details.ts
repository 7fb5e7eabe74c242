import { byUrgency } from '../ranking.ts'
import { bySeverity, tally } from '../severity.ts'
import type { Aging } from './ages.ts'
import { isExcepted } from './counting.ts'
import type { ImageRecord, RecordedException, RecordedFinding, RecordedVerdict, RepositoryRecord } from './record.ts'
import type { FindingReport, ImageReport, RepositoryReport, VerdictReport } from './report.ts'
import { findingPoints, verdictPoints } from './score.ts'
import { addCounts } from './sums.ts'

export type Details = NonNullable<RepositoryReport['details']>

/** Of one repository, so that one does not take the place of all others: images, findings of each, bytes of JSON. */
const IMAGES = 20
const FINDINGS = 20
const BYTES = 30_000
/** Tags, users and lints of which the first are told, and the characters of what comes from outside. */
const NAMES = 20
const LONG = 300

const clip = (text: string): string => text.slice(0, LONG)
const clipped = (texts: readonly string[] = []): string[] => texts.slice(0, NAMES).map(clip)

/** `until 2027-01-31 by team-a: TLS ends before this service (line 12)`; nothing where it has expired. */
const agreed = (exception: RecordedException | undefined): Pick<FindingReport, 'excepted'> =>
  exception?.state === 'excepted'
    ? {
        excepted: clip(
          `until ${exception.expires} by ${exception.owner}: ${exception.reason} (line ${exception.line})`,
        ),
      }
    : {}

export function verdictReports(verdicts: readonly RecordedVerdict[]): VerdictReport[] {
  return verdicts
    .flatMap(({ rule, outcome, severity, reason, fix, exception }): VerdictReport[] => {
      if (outcome !== 'fail' && outcome !== 'unknown') return []
      const { text, command } = fix ?? {}
      const mend = { ...(text !== undefined && { fix: clip(text) }), ...(command !== undefined && { command }) }
      return [{ rule, outcome, severity, reason: clip(reason), ...mend, ...agreed(exception) }]
    })
    .toSorted((a, b) => Number('excepted' in a) - Number('excepted' in b) || bySeverity(a.severity, b.severity))
}

const isHttps = (url: string | undefined): url is string => Boolean(url?.startsWith('https://') && URL.canParse(url))

const findingReport = (finding: RecordedFinding, { daysOf, isOverdue }: Aging): FindingReport => ({
  id: clip(finding.id),
  severity: finding.severity,
  package: clip(finding.package),
  ...(finding.installed !== undefined && { installed: clip(finding.installed) }),
  ...(finding.fixed !== undefined && { fixed: clip(finding.fixed) }),
  ...(isHttps(finding.url) && finding.url.length <= LONG && { url: finding.url }),
  days: daysOf(finding),
  overdue: isOverdue(finding) && !isExcepted(finding),
  ...agreed(finding.exception),
})

function imageReport(image: ImageRecord, aging: Aging): ImageReport {
  const sorted = image.findings.toSorted((a, b) => Number(isExcepted(a)) - Number(isExcepted(b)) || byUrgency(a, b))
  const counting = image.findings.filter((finding) => !isExcepted(finding))
  return {
    digest: image.digest,
    tags: clipped(image.tags),
    ...{ pushedAt: image.pushedAt, sizeBytes: image.sizeBytes, users: clipped(image.users), scan: image.scan },
    counts: addCounts({}, tally(counting.map(({ severity }) => severity))),
    verdicts: verdictReports(image.verdicts),
    findings: sorted.slice(0, FINDINGS).map((finding) => findingReport(finding, aging)),
    omitted: Math.max(0, sorted.length - FINDINGS),
  }
}

/** How much is to be done in an image: points as the score counts them. */
const pointsOf = ({ findings, verdicts }: ImageRecord): number =>
  [
    ...findings.filter((one) => !isExcepted(one)).map(({ severity }) => findingPoints(severity)),
    ...verdicts.filter((one) => !isExcepted(one)).map(({ severity }) => verdictPoints(severity)),
  ].reduce((sum, points) => sum + points, 0)

/** The first one, and those after it as long as they fit. */
function fitting(images: readonly ImageReport[]): ImageReport[] {
  let bytes = 0
  return images.filter((image, at) => {
    bytes += Buffer.byteLength(JSON.stringify(image))
    return at === 0 || bytes <= BYTES
  })
}

/** What is open or excepted in a repository and in its images, those with most to be done first. */
export function detailsOf(record: RepositoryRecord, aging: Aging): Details {
  const images = record.images
    .filter(({ scan, findings, verdicts }) => scan !== 'complete' || findings.length + verdicts.length > 0)
    .map((image) => ({ image, points: pointsOf(image) }))
    .toSorted((a, b) => b.points - a.points || (a.image.digest < b.image.digest ? -1 : 1))
  const shown = fitting(images.slice(0, IMAGES).map(({ image }) => imageReport(image, aging)))
  return {
    verdicts: verdictReports(record.verdicts),
    lints: clipped(record.lints),
    images: shown,
    omitted: images.length - shown.length + (record.omitted?.images ?? 0),
  }
}
