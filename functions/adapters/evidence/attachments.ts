import { type ImageRef, imageKey } from '../../domain/image.ts'
import { kept } from '../../kept.ts'
import type { AttachmentReader } from '../../policy/evidence/ports.ts'
import { unreadable } from '../../policy/image/json.ts'
import type { Descriptor } from '../../policy/image/manifest.ts'
import type { EvidenceParts } from '../evidence-reading.ts'
import { attachedManifests } from './attached-manifests.ts'
import { attachedBlob } from './blobs.ts'
import { kmsKeys } from './public-keys.ts'
import { signingStatus } from './signing-status.ts'

/** Blobs that are kept, and how large one of them may be, in bytes. */
const [KEPT, SMALL] = [32, 1_048_576]

type Blob = { readonly image: ImageRef; readonly blob: Descriptor }

/** Two may say that one blob has two sizes. */
const blobKey = ({ image, blob }: Blob): string => `${imageKey(image)} ${blob.digest} ${blob.size}`

/** Asks once for all who ask while the answer is under way; whoever asks later may be told of what is newer. */
function together<R, T>(keyOf: (ref: R) => string, ask: (ref: R) => Promise<T>): (ref: R) => Promise<T> {
  const asked = new Map<string, Promise<T>>()
  return (ref) => {
    const key = keyOf(ref)
    const answer = asked.get(key) ?? ask(ref).finally(() => asked.delete(key))
    asked.set(key, answer)
    return answer
  }
}

/**
 * What is attached to images, as ECR has it. Whoever asks for signatures and for SBOMs at once shares the calls.
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/images.html
 */
export function attachments({ aws, call, source }: Pick<EvidenceParts, 'aws' | 'call' | 'source'>): AttachmentReader {
  const download = ({ image, blob }: Blob): Promise<Buffer> => attachedBlob({ call, source }, image, blob)
  const small = kept({ keyOf: blobKey, most: KEPT }, download)
  const large = together(blobKey, download)
  return {
    attachedTo: together(imageKey, (image) => attachedManifests(call, image)),
    async blob(image, blob, limit) {
      if (blob.size > limit) throw unreadable(`it has more than ${limit / 1_048_576} MiB`)
      return (blob.size > SMALL ? large : small)({ image, blob })
    },
    publicKey: kmsKeys(aws),
    signingStatus: (image) => signingStatus(call, image),
  }
}
