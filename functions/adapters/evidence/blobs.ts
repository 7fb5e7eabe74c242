import type { ImageRef } from '../../domain/image.ts'
import { verify } from '../../policy/image/digest.ts'
import type { Descriptor } from '../../policy/image/manifest.ts'
import { type BlobSource, downloadBlob } from '../blob.ts'
import { type EcrCall, present } from '../ecr-call.ts'

/** For one blob. Milliseconds. */
const TIMEOUT = 10_000
const WHAT = 'what is attached'

type Url = { readonly downloadUrl: string }

/**
 * A blob of what is attached to an image: a call for its address, and a download.
 * @throws {Unreadable} also where it is not the one that its digest names
 * @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_GetDownloadUrlForLayer.html
 */
export async function attachedBlob(
  { call, source }: { readonly call: EcrCall; readonly source: BlobSource },
  image: ImageRef,
  blob: Descriptor,
): Promise<Buffer> {
  const { downloadUrl } = await call<Url>(image, 'GetDownloadUrlForLayer', {
    registryId: image.account,
    repositoryName: image.repository,
    layerDigest: blob.digest,
  })
  const address = present(downloadUrl, 'GetDownloadUrlForLayer')
  const bytes = await downloadBlob(address, blob, source, AbortSignal.timeout(TIMEOUT), WHAT)
  verify(bytes, blob.digest, WHAT)
  return bytes
}
