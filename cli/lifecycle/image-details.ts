import { show } from '../../config/fault.ts'
import { isIndex, type StoredImage } from '../../functions/domain/lifecycle/image.ts'
import { CommandError } from '../command-error.ts'
import { instantOf } from './instant.ts'

type Fields = Readonly<Record<string, unknown>>

export const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const DIGEST = /^sha256:[0-9a-f]{64}$/
export const isDigest = (value: unknown): value is string => typeof value === 'string' && DIGEST.test(value)

/** @param place `images.json: imageDetails[3]` */
const wrong = (place: string, field: string, value: unknown, expected: string): CommandError =>
  new CommandError(
    'usage',
    value === undefined ? `${place} has no ${field}.` : `${place}.${field} is ${show(value)}.`,
    `Expected ${expected}, as aws ecr describe-images writes it.`,
  )

const TIME = 'a time with its offset (2026-11-25T12:00:00+01:00) or seconds since 1970'

function timeIn(fields: Fields, field: string, place: string): number | undefined {
  const value = fields[field]
  if (value === undefined || value === null) return undefined
  const at = instantOf(value)
  if (at === undefined) throw wrong(place, field, value, TIME)
  return at
}

function textIn(fields: Fields, field: string, place: string): string | undefined {
  const value = fields[field]
  if (value === undefined || value === null) return undefined
  if (typeof value !== 'string') throw wrong(place, field, value, 'a text')
  return value
}

function tagsIn({ imageTags: value }: Fields, place: string): readonly string[] {
  if (value === undefined || value === null) return []
  const isTags = Array.isArray(value) && value.every((tag) => typeof tag === 'string')
  if (!isTags) throw wrong(place, 'imageTags', value, 'a list of tags')
  return value
}

function sizeIn({ imageSizeInBytes: value = 0 }: Fields, place: string): number {
  if (!Number.isSafeInteger(value) || Number(value) < 0)
    throw wrong(place, 'imageSizeInBytes', value, 'a number of bytes')
  return Number(value)
}

const STATUSES = ['ACTIVE', 'ARCHIVED', 'ACTIVATING'] as const

function statusIn({ imageStatus: value = 'ACTIVE' }: Fields, place: string): StoredImage['status'] {
  const status = STATUSES.find((one) => one === value)
  if (!status) throw wrong(place, 'imageStatus', value, STATUSES.join(', '))
  return status
}

function digestIn(fields: Fields, field: string, place: string): string {
  const value = fields[field]
  if (!isDigest(value)) throw wrong(place, field, value, 'sha256: and 64 hexadecimal digits')
  return value
}

/**
 * An image of the output of `aws ecr describe-images`.
 * @param place of it, for messages
 * @throws {CommandError} that names the place and the field
 */
export function imageFrom(detail: unknown, place: string): StoredImage {
  if (!isFields(detail))
    throw new CommandError('usage', `${place} is ${show(detail)}.`, 'Expected an image of aws ecr describe-images.')
  const digest = digestIn(detail, 'imageDigest', place)
  const pushedAt = timeIn(detail, 'imagePushedAt', place)
  if (pushedAt === undefined) throw wrong(place, 'imagePushedAt', undefined, TIME)
  const mediaType = textIn(detail, 'imageManifestMediaType', place)
  const size = sizeIn(detail, place)
  return {
    ...{ digest, tags: tagsIn(detail, place), pushedAt, mediaType, status: statusIn(detail, place) },
    pulledAt: timeIn(detail, 'lastRecordedPullTime', place),
    archivedAt: timeIn(detail, 'lastArchivedAt', place),
    activatedAt: timeIn(detail, 'lastActivatedAt', place),
    // Of an index ECR says the size of its largest image.
    sizeInBytes: isIndex({ mediaType }) ? 0 : size,
    artifactType: textIn(detail, 'artifactMediaType', place),
    subject: textIn(detail, 'subjectManifestDigest', place),
  }
}
