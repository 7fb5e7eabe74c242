import type { ImageRef } from '../../domain/image.ts'
import { openAttached, referrersIn } from '../../policy/evidence/attached-manifest.ts'
import type { AttachedManifest } from '../../policy/evidence/ports.ts'
import { digestOf } from '../../policy/image/digest.ts'
import { artifactOf } from '../../policy/image/kind.ts'
import { MANIFEST_LIMIT } from '../../policy/image/manifest.ts'
import type { EcrCall } from '../ecr-call.ts'
import { getImages, type ImageId } from '../ecr-manifests.ts'
import { type Referrer, referrersOf } from './referrers.ts'

/** As cosign tags what it attaches. @see https://github.com/sigstore/cosign/blob/main/specs/SIGNATURE_SPEC.md */
const SUFFIXES = ['.sig', '.att', '.sbom']
/** One call brings a hundred manifests: those of the tags, and that of an index, are among them. */
const MOST = 100 - SUFFIXES.length - 1
/** Of all manifests together, so that they fit into one answer. Bytes. */
const TOTAL = MANIFEST_LIMIT

export type Attachments = { readonly manifests: readonly AttachedManifest[]; readonly unread: number }

const PROVES = new Set(['a signature', 'an attestation', 'an SBOM'])

/** What is known to prove something, or to tell something, comes before what may be anything; then what is small. */
const byWorth = (a: Referrer, b: Referrer): number =>
  Number(PROVES.has(artifactOf([b.type]))) - Number(PROVES.has(artifactOf([a.type]))) || a.size - b.size

/** Those that are read, and how many are not. */
function choose(referrers: readonly Referrer[]): { readonly chosen: readonly Referrer[]; readonly unread: number } {
  const unique = [...new Map(referrers.map((one) => [one.digest, one])).values()]
  let total = 0
  const chosen = unique
    .toSorted(byWorth)
    .slice(0, MOST)
    .filter(({ size }) => {
      total += size
      return total <= TOTAL
    })
  return { chosen, unread: unique.length - chosen.length }
}

type Got = { readonly id: ImageId; readonly bytes: Buffer }

/**
 * What came with the digest that ECR says it has. `unread` counts what did not, and what ECR does not give out.
 * @param listed what ECR lists: where it does not find that, it does so yet or no longer
 */
async function get(call: EcrCall, image: ImageRef, ids: readonly ImageId[], listed: ReadonlySet<string>) {
  const { images, failures } = await getImages(call, image, ids)
  const got = images.flatMap(({ imageId: id = {}, imageManifest }): Got[] => {
    const bytes = Buffer.from(imageManifest ?? '')
    return digestOf(bytes) === id.imageDigest ? [{ id, bytes }] : []
  })
  const refused = failures.filter(
    ({ failureCode, imageId }) => failureCode !== 'ImageNotFound' || listed.has(imageId?.imageDigest ?? ''),
  )
  return { got, unread: images.length - got.length + refused.length }
}

/** One by its tag and by its subject is one. */
function openAll(got: readonly Got[], types: ReadonlyMap<string, string>, subject: string): AttachedManifest[] {
  const opened = new Map<string, AttachedManifest>()
  for (const { id, bytes } of got) {
    const digest = id.imageDigest as string
    if (opened.has(digest) && id.imageTag === undefined) continue
    opened.set(digest, openAttached(bytes, { digest, tag: id.imageTag, type: types.get(digest) }, subject))
  }
  return [...opened.values()]
}

/** Where clients that know no referrers keep a list of them: the tag without a suffix. */
async function readIndex(call: EcrCall, image: ImageRef, index: Got | undefined, known: ReadonlySet<string>) {
  const listed = index ? referrersIn(index.bytes) : []
  const { chosen, unread } = choose(listed.flatMap((one) => (known.has(one.digest) ? [] : [{ ...one, type: '' }])))
  if (chosen.length === 0) return { manifests: [], unread }
  const rest = await get(
    call,
    image,
    chosen.map(({ digest }) => ({ imageDigest: digest })),
    new Set(),
  )
  return { manifests: openAll(rest.got, new Map(), image.digest), unread: unread + rest.unread }
}

/**
 * What is attached to a manifest, by its subject or by a tag: a call for each 50 that ECR lists, up to 200, one for up to 96
 * of them along with those of the tags; and one more where a list of referrers is kept under a tag.
 * @throws {Unreadable} where it cannot be listed: nothing is known to be missing then
 * @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_BatchGetImage.html
 */
export async function attachedManifests(call: EcrCall, image: ImageRef): Promise<Attachments> {
  const tag = image.digest.replace(':', '-')
  const { referrers, unread: unlisted } = await referrersOf(call, image)
  const { chosen, unread } = choose(referrers)
  const ids = [
    ...chosen.map(({ digest }) => ({ imageDigest: digest })),
    ...['', ...SUFFIXES].map((suffix) => ({ imageTag: `${tag}${suffix}` })),
  ]
  const first = await get(call, image, ids, new Set(chosen.map(({ digest }) => digest)))
  const isIndex = ({ id }: Got): boolean => id.imageTag === tag
  const types = new Map(chosen.map(({ digest, type }) => [digest, type]))
  const manifests = openAll(
    first.got.filter((one) => !isIndex(one)),
    types,
    image.digest,
  )
  const known = new Set([...manifests, ...referrers].map(({ digest }) => digest))
  const rest = await readIndex(call, image, first.got.find(isIndex), known)
  return {
    manifests: [...manifests, ...rest.manifests],
    unread: unlisted + unread + first.unread + rest.unread,
  }
}
