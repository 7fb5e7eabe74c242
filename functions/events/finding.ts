import * as v from 'valibot'
import type { FindingEvent, ForeignEvent } from '../domain/event.ts'
import type { Finding } from '../domain/finding.ts'
import { fixedVersion, installedVersion } from '../domain/package-version.ts'
import { type Severity, toSeverity } from '../domain/severity.ts'
import { isEcrArn, parseRepositoryArn, serviceOf } from './arn.ts'
import {
  account,
  digest,
  headOf,
  ifAny,
  isWord,
  line,
  peek,
  repository,
  shape,
  tags,
  text,
  toHead,
  word,
} from './fields.ts'
import { parseInspectorDate } from './inspector-date.ts'
import { check } from './invalid-event.ts'

const IMAGE = 'AWS_ECR_CONTAINER_IMAGE'

const upTo = (most: number) => v.custom<number>((value) => typeof value === 'number' && value >= 0 && value <= most)
const score = upTo(10)
const probability = upTo(1)
const count = v.custom<number>((value) => Number.isSafeInteger(value) && Number(value) >= 0)
const STATUSES = ['ACTIVE', 'CLOSED', 'SUPPRESSED'] as const
const status = v.custom<(typeof STATUSES)[number]>(
  (value) => STATUSES.some((known) => known === value),
  'ACTIVE, CLOSED or SUPPRESSED',
)
const date = v.pipe(line, v.transform(parseInspectorDate))

const Package = shape({
  name: text('a package name'),
  version: ifAny(line),
  release: ifAny(line),
  epoch: ifAny(count),
  fixedInVersion: ifAny(line),
  sourceLayerHash: ifAny(line),
})

const Vulnerability = shape({
  vulnerabilityId: text('an id such as CVE-2024-6119', (value) => value !== ''),
  sourceUrl: ifAny(line),
  referenceUrls: ifAny(v.array(line)),
  cvss: ifAny(v.array(shape({ baseScore: ifAny(score) }))),
  vulnerablePackages: v.nullish(v.array(Package, 'a list of packages'), []),
})

const Image = shape({
  imageHash: digest,
  imageTags: tags,
  inUseCount: ifAny(count),
  pushedAt: ifAny(date),
  registry: account,
  repositoryName: repository,
})

const Resource = shape({ id: ifAny(line), details: shape({ awsEcrContainerImage: Image }) })

const FindingSent = shape({
  ...headOf('inspector'),
  detail: shape({
    status: status,
    severity: word,
    title: ifAny(line),
    inspectorScore: ifAny(score),
    epss: ifAny(shape({ score: ifAny(probability) })),
    exploitAvailable: ifAny(line),
    exploitabilityDetails: ifAny(shape({ lastKnownExploitAt: ifAny(line) })),
    firstObservedAt: ifAny(date),
    packageVulnerabilityDetails: v.nullish(Vulnerability),
    resources: v.pipe(
      v.array(v.unknown(), 'a list of resources'),
      v.transform((resources) => resources.find((resource) => peek(resource, 'type') === IMAGE)),
      Resource,
    ),
  }),
})
const OtherFinding = shape(headOf('inspector'))

type Detail = v.InferOutput<typeof FindingSent>['detail']

function exploitOf({ exploitAvailable, exploitabilityDetails }: Detail): boolean | undefined {
  if (exploitAvailable === 'YES' || exploitabilityDetails?.lastKnownExploitAt) return true
  return exploitAvailable === 'NO' ? false : undefined
}

const bestScore = (cvss: readonly { baseScore?: number | undefined }[] = []): number | undefined => {
  const scores = cvss.flatMap(({ baseScore }) => baseScore ?? [])
  return scores.length > 0 ? Math.max(...scores) : undefined
}

function findingsOf(detail: Detail, severity: Severity, inUse: number | undefined): readonly Finding[] {
  const vulnerability = detail.packageVulnerabilityDetails
  if (!vulnerability) return []
  const shared = {
    id: vulnerability.vulnerabilityId,
    severity,
    url: vulnerability.sourceUrl ?? vulnerability.referenceUrls?.find((url) => url.startsWith('https://')),
    score: detail.inspectorScore ?? bestScore(vulnerability.cvss),
    epss: detail.epss?.score,
    exploit: exploitOf(detail),
    inUse,
  }
  return vulnerability.vulnerablePackages.map((found) => ({
    ...shared,
    package: found.name,
    installed: installedVersion(found),
    fixed: fixedVersion(found.fixedInVersion),
    layer: found.sourceLayerHash,
  }))
}

/** What a finding is about that is not an image: `AWS_LAMBDA_FUNCTION`; undefined where it may be one. */
function foreignTo(value: unknown): string | undefined {
  const inside = peek(value, 'detail', 'resources')
  if (Array.isArray(inside) && inside.length > 0) {
    const types = inside.map((resource) => peek(resource, 'type'))
    return types.every((type) => typeof type === 'string' && type !== IMAGE && isWord(type))
      ? String(types[0])
      : undefined
  }
  const outside = peek(value, 'resources')
  if (!Array.isArray(outside) || outside.length === 0 || outside.some(isEcrArn)) return undefined
  return serviceOf(outside[0])
}

/**
 * `Inspector2 Finding`, in the shape of 2021 and in that of 2024. What identifies the image and the finding must be
 * there; what only describes them (scores, dates, links) is unknown where it cannot be read.
 * @see https://docs.aws.amazon.com/inspector/latest/user/eventbridge-integration.html
 */
export function parseFinding(value: unknown): FindingEvent | ForeignEvent {
  const about = foreignTo(value)
  if (about) return { ...toHead(check(OtherFinding, value)), type: 'foreign', about }
  const event = check(FindingSent, value)
  const { detail } = event
  const image = detail.resources.details.awsEcrContainerImage
  const severity = toSeverity(detail.severity)
  return {
    ...toHead(event),
    type: 'finding',
    image: {
      account: image.registry,
      region: parseRepositoryArn(detail.resources.id ?? '')?.region ?? event.region,
      repository: image.repositoryName,
      digest: image.imageHash,
      tags: image.imageTags,
    },
    status: detail.status,
    severity,
    findings: findingsOf(detail, severity, image.inUseCount),
    title: detail.title,
    firstSeen: detail.firstObservedAt,
    pushedAt: image.pushedAt,
  }
}
