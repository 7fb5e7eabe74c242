import pLimit from 'p-limit'
import { isPlain } from '../../functions/adapters/described-images.ts'
import type { ImageContent, ImageManifest, ImageScan } from '../../functions/domain/facts/image-facts.ts'
import { isIndex } from '../../functions/domain/lifecycle/image.ts'
import { type Fact, known, unread } from '../../functions/domain/rule/fact.ts'
import { Gone, Unreadable } from '../../functions/faults.ts'
import { type Judging, judgeSubject } from '../../functions/judging/judge-subject.ts'
import type { Policy } from '../../functions/judging/policy.ts'
import type { ListedImage, RepositoryImages } from '../../functions/judging/repository-images.ts'
import type { Judged } from '../../functions/judging/subject.ts'
import { artifactOf, isImageConfig } from '../../functions/policy/image/kind.ts'
import { worstOf } from '../check/tally.ts'
import type { ImageRow, RowScan, RowVerdict } from './result.ts'
import { emptyScan, scanOf } from './scan-of.ts'

/** Images whose manifests are read together. */
const TOGETHER = 100

/** Scans alone are read, and no rule is in force. */
const NO_RULES: Policy = { rulesOn: () => [], asksOfImages: () => false, readsScanOf: () => true, bases: [] }

type Kind = Pick<ImageRow, 'kind' | 'what' | 'platforms'>

/** What an image is as far as a listing says it. */
function kindInListing(image: ListedImage): Kind {
  const { artifactType } = image.stored
  if (isIndex(image.stored)) return { kind: 'index', platforms: [] }
  if (isPlain(image)) return { kind: 'image', platforms: [] }
  // Cosign gives a signature the type of an image.
  if (artifactType === undefined || isImageConfig(artifactType)) return { kind: 'unknown', platforms: [] }
  return { kind: 'artifact', what: artifactOf([artifactType]), platforms: [] }
}

const platformsIn = (platforms: readonly { readonly platform?: string | undefined }[]): string[] =>
  platforms.flatMap(({ platform }) => platform ?? [])

function kindOf(
  image: ListedImage,
  manifest: Fact<ImageManifest> | undefined,
  content: Fact<ImageContent> | undefined,
): Kind {
  const listed = kindInListing(image)
  if (!manifest || !('value' in manifest)) return listed
  const { value } = manifest
  if (value.kind === 'artifact') return { kind: 'artifact', what: value.what, platforms: [] }
  const named = platformsIn(
    content && 'value' in content && content.value.kind === 'image' ? content.value.platforms : [],
  )
  return {
    kind: listed.kind === 'index' ? 'index' : 'image',
    platforms: named.length > 0 ? named : platformsIn(value.platforms),
  }
}

/** What a listing says of an image, and nothing else. */
export const listedRow = (image: ListedImage): ImageRow => {
  const { stored, detail } = image
  return {
    ...{ digest: stored.digest, tags: [...stored.tags], pushedAt: detail.pushedAt },
    ...(stored.pulledAt !== undefined && { pulledAt: new Date(stored.pulledAt).toISOString() }),
    ...{ sizeInBytes: detail.sizeInBytes, status: stored.status, ...kindInListing(image), problems: [] },
  }
}

function scanFrom(fact: Fact<ImageScan>, { kind }: Kind, { ref }: ListedImage, { exceptions, now }: Judging): RowScan {
  if (kind === 'artifact') return emptyScan('none')
  return 'value' in fact ? scanOf(fact.value, exceptions, ref, now) : emptyScan('unread')
}

const verdictFrom = (judged: Judged): RowVerdict => ({
  state: worstOf(judged),
  rules: judged.verdicts
    .filter(({ outcome }) => outcome === 'fail' || outcome === 'unknown')
    .map(({ rule, outcome, severity, reason, exception }) => ({
      ...{ rule, outcome, severity, reason },
      excepted: exception?.state === 'excepted',
    })),
})

export type Reading = {
  readonly images: RepositoryImages
  readonly judging: Judging
  /** Whether there is a policy, so that a verdict is shown. */
  readonly hasPolicy: boolean
  /** Whether a rule is in force for images. Otherwise what is plainly one image stays closed: a pull may be recorded of what is opened. */
  readonly opensAll: boolean
  /** How many images are read side by side. */
  readonly atOnce: number
  readonly onRow: () => void
}

/** As everywhere, what is archived or has no tag is not judged. */
const isJudged = ({ stored: { tags, status } }: ListedImage): boolean => tags.length > 0 && status === 'ACTIVE'

/** Undefined where it is not opened. */
async function manifestOf(image: ListedImage, { images, opensAll }: Reading): Promise<Fact<ImageManifest> | undefined> {
  if (!opensAll && isPlain(image)) return undefined
  try {
    return known(await images.reader.manifest(image.ref))
  } catch (error) {
    if (error instanceof Unreadable) return unread(error.message)
    throw error
  }
}

/** Nobody can pull it, and ECR gives out neither its manifest nor a scan that is kept up to date. */
const archivedRow = (image: ListedImage, { hasPolicy }: Reading): ImageRow => ({
  ...listedRow(image),
  scan: emptyScan('archived'),
  ...(hasPolicy && { verdict: { state: 'unasked', rules: [] } }),
})

async function readRow(image: ListedImage, reading: Reading): Promise<ImageRow> {
  const { images, judging, hasPolicy } = reading
  const policy = isJudged(image) ? { ...judging.policy, readsScanOf: () => true } : NO_RULES
  const readers = { ...judging.readers, images: images.reader }
  const judged = await judgeSubject({ kind: 'image', ...image }, { ...judging, policy, readers })
  const { scan, content } = judged.facts as { readonly scan: Fact<ImageScan>; readonly content?: Fact<ImageContent> }
  const manifest = await manifestOf(image, reading)
  const kind = kindOf(image, manifest, content)
  // What is no image is not scanned, whatever ECR answers.
  const facts = {
    ...judged.facts,
    ...(manifest && { manifest }),
    ...(kind.kind === 'artifact' && { scan: known(undefined) }),
  }
  return {
    ...listedRow(image),
    ...kind,
    scan: scanFrom(scan, kind, image, judging),
    ...(hasPolicy && { verdict: verdictFrom(judged) }),
    problems: [...new Set(Object.values(facts).flatMap((fact) => ('unread' in fact ? [fact.unread] : [])))],
  }
}

/**
 * Rows of images, in their order: one call for each scan, one for a hundred manifests. One that is gone meanwhile is left out.
 * @throws {Gone} where the repository is
 */
export async function readRows(listed: readonly ListedImage[], reading: Reading): Promise<ImageRow[]> {
  const limit = pLimit(reading.atOnce)
  const row = async (image: ListedImage): Promise<readonly ImageRow[]> => {
    try {
      if (image.stored.status === 'ARCHIVED') return [archivedRow(image, reading)]
      return [await readRow(image, reading)]
    } catch (error) {
      if (error instanceof Gone) return []
      throw error
    } finally {
      reading.onRow()
    }
  }
  const rows: ImageRow[] = []
  for (let at = 0; at < listed.length; at += TOGETHER) {
    const some = listed.slice(at, at + TOGETHER)
    await reading.images.prepare(
      some.filter(({ stored }) => stored.status !== 'ARCHIVED'),
      reading.opensAll,
    )
    rows.push(...(await Promise.all(some.map((image) => limit(() => row(image))))).flat())
  }
  return rows
}
