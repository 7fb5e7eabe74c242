import type * as ecr from '@aws-sdk/client-ecr'
import { invalidParameter } from '../../complaints.ts'
import type { Handler } from '../../service.ts'
import { lifecyclePolicyNotFound, previewInProgress, previewNotFound } from '../errors.ts'
import { orderKey, page } from '../page.ts'
import type { Registry } from '../state.ts'
import { readPolicy } from './document.ts'
import { type Mark, marksOf } from './marks.ts'

const DAY_MS = 86_400_000
/** How long a preview is in progress, unless somebody asks: he is told so once. */
const WORK_MS = 60_000

type Result = ecr.LifecyclePolicyPreviewResult & { readonly order: number }

/** The last preview of a repository: its images as they were when it began. */
export type LifecyclePreview = {
  readonly text: string
  /** ms */
  readonly startedAt: number
  readonly results: readonly Result[]
  wasAsked: boolean
}

const toResult = ({ image, rule: { rulePriority, selection, action } }: Mark): Result => ({
  order: image.order,
  imageDigest: image.digest,
  ...(image.tags.size > 0 && { imageTags: [...image.tags] }),
  imagePushedAt: image.pushedAt,
  action: action.type === 'expire' ? { type: 'EXPIRE' } : { type: 'TRANSITION', targetStorageClass: 'ARCHIVE' },
  appliedRulePriority: rulePriority,
  storageClass: selection.storageClass === 'archive' ? 'ARCHIVE' : 'STANDARD',
})

function statusOf(preview: LifecyclePreview, now: number): 'IN_PROGRESS' | 'COMPLETE' | 'EXPIRED' {
  const age = now - preview.startedAt
  if (age >= DAY_MS) return 'EXPIRED'
  return age >= WORK_MS || preview.wasAsked ? 'COMPLETE' : 'IN_PROGRESS'
}

function start(registry: Registry, { repositoryName, lifecyclePolicyText }: ecr.StartLifecyclePolicyPreviewRequest) {
  const repository = registry.need(repositoryName)
  const now = registry.now().getTime()
  const where = registry.where(repositoryName)
  const text = lifecyclePolicyText ?? repository.lifecyclePolicyText
  if (text === undefined) throw lifecyclePolicyNotFound(where)
  const rules = readPolicy(text)
  if (repository.preview && statusOf(repository.preview, now) === 'IN_PROGRESS') throw previewInProgress(where)
  const results = marksOf(repository, rules, now)
    .map(toResult)
    .toSorted((a, b) => a.order - b.order)
  repository.preview = { text, startedAt: now, results, wasAsked: false }
  return { registryId: where.registry, repositoryName, lifecyclePolicyText: text, status: 'IN_PROGRESS' as const }
}

/** Transitions are told only where there are some. */
function summaryOf(results: readonly Result[]): ecr.LifecyclePolicyPreviewSummary {
  const archived = results.filter(({ action }) => action?.type === 'TRANSITION').length
  return {
    expiringImageTotalCount: results.length - archived,
    ...(archived > 0 && {
      transitioningImageTotalCounts: [{ targetStorageClass: 'ARCHIVE', imageTotalCount: archived }],
    }),
  }
}

const isNamed = ({ imageDigest, imageTags = [] }: Result, ids: readonly ecr.ImageIdentifier[]): boolean =>
  ids.some(
    (id) =>
      (id.imageDigest === undefined || id.imageDigest === imageDigest) &&
      (id.imageTag === undefined || imageTags.includes(id.imageTag)),
  )

function pageOf({ results }: LifecyclePreview, input: ecr.GetLifecyclePolicyPreviewRequest) {
  const { imageIds, maxResults, nextToken, filter: { tagStatus = 'ANY' } = {} } = input
  if (imageIds && (maxResults !== undefined || nextToken !== undefined))
    throw invalidParameter('imageIds', 'cannot be used with maxResults or nextToken')
  const found = results.filter(
    (result) =>
      (tagStatus === 'ANY' || (tagStatus === 'TAGGED') === (result.imageTags !== undefined)) &&
      (!imageIds || isNamed(result, imageIds)),
  )
  const scope = `GetLifecyclePolicyPreview ${input.repositoryName}`
  const asked = { ...(maxResults !== undefined && { maxResults }), ...(nextToken !== undefined && { nextToken }) }
  const { items, nextToken: next } = page(found, ({ order }) => orderKey(order), scope, asked)
  return { previewResults: items.map(({ order: _, ...result }) => result), nextToken: next }
}

function get(registry: Registry, input: ecr.GetLifecyclePolicyPreviewRequest): ecr.GetLifecyclePolicyPreviewResponse {
  const { repositoryName } = input
  const { preview } = registry.need(repositoryName)
  const where = registry.where(repositoryName)
  if (!preview) throw previewNotFound(where)
  const status = statusOf(preview, registry.now().getTime())
  preview.wasAsked = true
  const found = status === 'COMPLETE' && { ...pageOf(preview, input), summary: summaryOf(preview.results) }
  return { registryId: where.registry, repositoryName, lifecyclePolicyText: preview.text, status, ...found }
}

/**
 * What a lifecycle policy would do, by an evaluation that shares nothing with the one of ecr-steward.
 * @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_StartLifecyclePolicyPreview.html
 */
export const previewHandlers = (registry: Registry): Record<string, Handler> => ({
  StartLifecyclePolicyPreview: (input: ecr.StartLifecyclePolicyPreviewRequest) => start(registry, input),
  GetLifecyclePolicyPreview: (input: ecr.GetLifecyclePolicyPreviewRequest) => get(registry, input),
})
