import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { show } from '../../config/fault.ts'
import type { StoredImage } from '../../functions/domain/lifecycle/image.ts'
import { Unreadable } from '../../functions/faults.ts'
import { openManifest } from '../../functions/policy/image/manifest.ts'
import { CommandError } from '../command-error.ts'
import type { Io } from '../io.ts'
import { imageFrom, isDigest, isFields } from './image-details.ts'
import { jsonDocuments } from './json-documents.ts'

/** The images of a repository as files have them. */
export type ImageFiles = {
  /** Undefined where the files do not say it. */
  readonly repository: string | undefined
  readonly images: readonly StoredImage[]
  readonly children: ReadonlyMap<string, readonly string[]>
  /** What makes the result doubtful, a sentence each. */
  readonly notices: readonly string[]
}

const DESCRIBE = 'aws ecr describe-images --repository-name NAME --filter imageStatus=ANY'

type Reading = {
  readonly images: Map<string, StoredImage>
  readonly children: Map<string, readonly string[]>
  readonly repositories: Set<string>
  twice: number
  /** Whether the last list of images that was read goes on elsewhere. */
  hasMore: boolean
}

function textOf(path: string, { cwd }: Io): string {
  try {
    return readFileSync(resolve(cwd, path), 'utf8')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new CommandError('usage', `${show(path, 200)} cannot be read (${code}).`, `Write it: ${DESCRIBE} > FILE`)
  }
}

function addImages(details: readonly unknown[], place: string, reading: Reading): void {
  details.forEach((detail, at) => {
    const image = imageFrom(detail, `${place}imageDetails[${at}]`)
    if (isFields(detail) && typeof detail.repositoryName === 'string') reading.repositories.add(detail.repositoryName)
    if (reading.images.has(image.digest)) reading.twice += 1
    else reading.images.set(image.digest, image)
  })
}

/** What a manifest of `aws ecr batch-get-image` lists; a manifest that lists nothing is none of an index. */
function addChildren(found: unknown, place: string, { children }: Reading): void {
  const { imageId, imageManifest } = isFields(found) ? found : {}
  const digest = isFields(imageId) ? imageId.imageDigest : undefined
  if (!isDigest(digest) || typeof imageManifest !== 'string')
    throw new CommandError(
      'usage',
      `${place} has no imageId.imageDigest, or no imageManifest.`,
      'Expected an image of aws ecr batch-get-image.',
    )
  try {
    const opened = openManifest(imageManifest, digest)
    if (opened.kind === 'index')
      children.set(
        digest,
        opened.members.map((member) => member.digest),
      )
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error
    throw new CommandError(
      'usage',
      `${place}.imageManifest cannot be relied upon: ${error.message}.`,
      'Read it anew, with --accepted-media-types: ECR converts manifests otherwise.',
    )
  }
}

function addDocument(document: unknown, place: string, reading: Reading): void {
  const { imageDetails, images, nextToken, NextToken } = isFields(document) ? document : {}
  if (Array.isArray(imageDetails)) {
    addImages(imageDetails, place, reading)
    reading.hasMore = (nextToken ?? NextToken ?? null) !== null
  } else if (Array.isArray(images)) {
    for (const [at, found] of images.entries()) addChildren(found, `${place}images[${at}]`, reading)
  } else {
    throw new CommandError(
      'usage',
      `${place.replace(/: ?$/, '')} is no output of aws ecr describe-images: it has no list imageDetails.`,
      `Write it: ${DESCRIBE} > FILE`,
    )
  }
}

function addFile(path: string, io: Io, reading: Reading): void {
  const text = textOf(path, io)
  try {
    let number = 0
    for (const document of jsonDocuments(text)) {
      number += 1
      addDocument(document, number === 1 ? `${path}: ` : `${path}, document ${number}: `, reading)
    }
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    throw new CommandError('usage', `${path} is no JSON: ${error.message}.`, `Write it: ${DESCRIBE} > FILE`)
  }
}

function noticesOf({ twice, hasMore }: Reading): readonly string[] {
  return [
    ...(hasMore
      ? [
          'The files end with a nextToken: there are more images, and rules that count come to another result with them.',
        ]
      : []),
    ...(twice > 0 ? [`${twice === 1 ? 'An image comes' : `${twice} images come`} twice: the first counts.`] : []),
  ]
}

/**
 * Reads files with the output of `aws ecr describe-images`, in pages or whole, and of `aws ecr batch-get-image` for what indexes
 * list.
 * @throws {CommandError} that names the file and the field, where one cannot be read as such
 */
export function readImages(paths: readonly string[], io: Io): ImageFiles {
  const reading: Reading = {
    ...{ images: new Map(), children: new Map(), repositories: new Set(), twice: 0, hasMore: false },
  }
  for (const path of paths) addFile(path, io, reading)
  const [repository, other] = reading.repositories
  if (other !== undefined)
    throw new CommandError(
      'usage',
      `The files have images of ${show(repository)} and of ${show(other)}.`,
      'A policy is of one repository: give the images of one at a time.',
    )
  const { images, children } = reading
  return { repository, images: [...images.values()], children, notices: noticesOf(reading) }
}
