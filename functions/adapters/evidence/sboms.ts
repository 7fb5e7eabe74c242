import type { ImageRef } from '../../domain/image.ts'
import { isRecord } from '../../domain/record.ts'
import type { ImageSboms } from '../../domain/supply-chain/attached.ts'
import { openAttached } from '../../policy/evidence/attached-manifest.ts'
import type { AttachedManifest } from '../../policy/evidence/ports.ts'
import { imageSboms, type SbomReading } from '../../policy/evidence/sbom/image-sboms.ts'
import { isDigest, verify } from '../../policy/image/digest.ts'
import { listIn, objectIn, parseObject } from '../../policy/image/json.ts'
import type { Manifests } from '../ecr-manifests.ts'
import type { EvidenceParts } from '../evidence-reading.ts'

const WHAT = 'its manifest'
/** Manifests that an index lists beside its platforms, that are read. */
const MOST = 50

type Listed = { readonly digest: string; readonly about: string }

/** @see https://docs.docker.com/build/metadata/attestations/attestation-storage/#attestation-manifest-descriptor */
function listedIn(index: Buffer): readonly Listed[] {
  const members = listIn(parseObject(index, WHAT), 'manifests', WHAT)
  return members.flatMap((member): Listed[] => {
    if (!isRecord(member)) return []
    const annotations = objectIn(member, 'annotations', WHAT)
    const [digest, about] = [member.digest, annotations['vnd.docker.reference.digest']]
    const isAttestation = annotations['vnd.docker.reference.type'] === 'attestation-manifest'
    return isAttestation && isDigest(digest) && isDigest(about) ? [{ digest, about }] : []
  })
}

/** What an index says to be about one of its platforms, which it does not say itself. */
function openListed(text: string, { digest, about }: Listed): AttachedManifest {
  const bytes = Buffer.from(text)
  verify(bytes, digest, WHAT)
  const { tag: _, ...opened } = openAttached(bytes, { digest, tag: '' }, about)
  return opened
}

/** What BuildKit lists in an index: a call for it, and one for all that it lists so. */
async function listedBy(manifests: Manifests, index: ImageRef): Promise<ReadonlyMap<string, AttachedManifest[]>> {
  const text = (await manifests(index, [index.digest])).get(index.digest)
  const listed = text === undefined ? [] : listedIn(Buffer.from(text)).slice(0, MOST)
  if (listed.length === 0) return new Map()
  const texts = await manifests(index, [...new Set(listed.map(({ digest }) => digest))])
  const opened = listed.flatMap((one) => {
    const found = texts.get(one.digest)
    return found === undefined ? [] : [{ about: one.about, manifest: openListed(found, one) }]
  })
  return new Map(
    [...Map.groupBy(opened, ({ about }) => about)].map(([about, all]) => [about, all.map(({ manifest }) => manifest)]),
  )
}

/** SBOMs of images, as ECR has them. Of an index two more calls find those that BuildKit lists in it. */
export const sbomReader =
  (
    { manifests, images }: Pick<EvidenceParts, 'manifests' | 'images'>,
    reading: Pick<SbomReading, 'attachments' | 'verifying' | 'alone'>,
  ): ((image: ImageRef) => Promise<ImageSboms>) =>
  async (image) =>
    imageSboms(image, await images(image), { ...reading, listed: (index) => listedBy(manifests, index) })
