import { agree } from '../domain/agreed-findings.ts'
import type { ImageScan } from '../domain/facts/image-facts.ts'
import type { Fact } from '../domain/rule/fact.ts'
import type { ImageRecord, RepositoryRecord } from '../domain/sweep/record.ts'
import { Gone } from '../faults.ts'
import { type Judging, judgeSubject } from '../judging/judge-subject.ts'
import type { ListedImage, RepositoryImages } from '../judging/repository-images.ts'
import type { Judged } from '../judging/subject.ts'
import type { FirstSeen } from './first-seen.ts'
import type { SweepDeps } from './judging.ts'
import type { KeptImages } from './kept-images.ts'
import type { Lineages } from './lineages.ts'
import type { PackagePart } from './package-part.ts'
import { findingsIn, type RuleTally, recordedFindings, recordedVerdicts, scanState } from './recorded.ts'
import type { Unread } from './unread.ts'

/** Images whose manifests are read together. */
const TOGETHER = 100

/** What the images of a repository are judged with, and what they add to. */
export type JudgingImages = {
  readonly judging: Judging
  readonly images: RepositoryImages
  readonly protection: SweepDeps['protection']
  readonly firstSeen: Promise<FirstSeen>
  /** Whether a rule is in force for images of the repository. */
  readonly isAsked: boolean
  /** Runs so many side by side, of all repositories. */
  readonly limit: <T>(work: () => Promise<T>) => Promise<T>
  readonly kept: KeptImages
  readonly lineages: Lineages
  /** Whether others are built upon its images: clean ones are kept too. */
  readonly isBase: boolean
  readonly rules: RuleTally
  readonly unread: Unread
  /** Undefined where no index of packages is kept, or that of the repository cannot be. */
  readonly packages: Promise<PackagePart | undefined>
}

/** Of an index, the platforms that were scanned in its place. */
function scannedOf(scan: ImageScan | undefined, digest: string): Pick<ImageRecord, 'scanned'> {
  const scanned = scan?.platforms.map((platform) => platform.digest).filter((one) => one !== digest) ?? []
  return scanned.length > 0 ? { scanned } : {}
}

const isJudged = ({ stored: { tags, status } }: ListedImage): boolean => tags.length > 0 && status === 'ACTIVE'

function recordOf(
  { ref, detail, stored }: ListedImage,
  judged: Judged,
  seen: FirstSeen,
  with_: JudgingImages,
): ImageRecord {
  const { judging, protection } = with_
  const scan = judged.facts.scan as Fact<ImageScan>
  const known = 'value' in scan ? scan.value : undefined
  const agreed = agree(known ? findingsIn(known) : [], judging.exceptions, ref, judging.now)
  return {
    ...{ digest: ref.digest, tags: ref.tags, pushedAt: detail.pushedAt, sizeBytes: detail.sizeInBytes },
    ...(protection && { users: protection.usersOf(ref, stored) }),
    scan: known ? scanState(known) : 'unread',
    ...scannedOf(known, ref.digest),
    findings: recordedFindings(agreed, (finding) => seen.of(finding)),
    verdicts: recordedVerdicts(judged.verdicts),
  }
}

const isClean = ({ scan, findings, verdicts }: ImageRecord): boolean =>
  scan === 'complete' && findings.length + verdicts.length === 0

/** What became of an image: `noted` is one that is not judged, and belongs in the index of packages. */
type Looked = 'judged' | 'noted' | 'gone'

async function lookAt(image: ListedImage, with_: JudgingImages): Promise<Looked> {
  const { judging, images, firstSeen, kept, lineages, isBase, rules, unread, packages } = with_
  if (!isJudged(image)) {
    await (await packages)?.add(image, images.reader)
    return 'noted'
  }
  try {
    const readers = { ...judging.readers, images: images.reader }
    const judged = await judgeSubject({ kind: 'image', ...image }, { ...judging, readers })
    rules.add(judged.verdicts)
    unread.addImage(judged.facts)
    const record = recordOf(image, judged, await firstSeen, with_)
    lineages.note(image, judged.facts)
    if (isBase || !isClean(record)) kept.add(record)
    await (await packages)?.add(image, images.reader)
    return 'judged'
  } catch (error) {
    if (error instanceof Gone) return 'gone'
    throw error
  }
}

type Stored = { -readonly [K in keyof RepositoryRecord['stored']]: number }

function addStored(sums: Stored, { stored }: ListedImage): void {
  sums.images += 1
  sums.bytes += stored.sizeInBytes
  if (stored.tags.length === 0) sums.untagged += 1
  if (stored.status !== 'ARCHIVED') return
  sums.archived += 1
  sums.archivedBytes += stored.sizeInBytes
}

/** What the images of a repository came to, as far as they were read. */
export type JudgedImages = { judged: number; gone: number; pages: number; readonly stored: Stored }

/**
 * Judges the tagged images of a repository while it is read, and hands the pages on: nothing of a page is held after the
 * next one is asked for.
 * @throws {Unreadable} also in the midst of it
 * @throws {Gone} where the repository is not there
 */
export async function* judgeImages(with_: JudgingImages, sums: JudgedImages): AsyncGenerator<readonly ListedImage[]> {
  const { images, isAsked, limit } = with_
  // What is pushed meanwhile moves others to the next page: an image that came twice would count for two.
  let before: ReadonlySet<string> = new Set()
  for await (const page of images.pages()) {
    sums.pages += 1
    const fresh = page.filter(({ ref }) => !before.has(ref.digest))
    before = new Set(page.map(({ ref }) => ref.digest))
    for (const image of fresh) addStored(sums.stored, image)
    const part = await with_.packages
    const looked = fresh.filter((image) => isJudged(image) || part?.wants(image))
    for (let at = 0; at < looked.length; at += TOGETHER) {
      const some = looked.slice(at, at + TOGETHER)
      const areRead = isAsked || part !== undefined
      await images.prepare(some, areRead)
      const judged = await Promise.all(some.map((image) => limit(() => lookAt(image, with_))))
      await with_.lineages.read(images, areRead)
      sums.judged += judged.filter((one) => one === 'judged').length
      sums.gone += judged.filter((one) => one === 'gone').length
    }
    yield fresh
  }
}
