import { randomUUID } from 'node:crypto'
import { AwsError } from '../error.ts'
import { uploadNotFound, type Where } from './errors.ts'

const MIB = 1_048_576

/** What ECR asks for as the size of a part. Bytes. */
export const PART_BYTES = 10 * MIB
/** Every part but the last has at least as many. */
const LEAST_PART_BYTES = 5 * MIB

type Upload = { readonly repository: string; readonly parts: Uint8Array[]; received: number }

export type LayerPart = { readonly first: number; readonly last: number; readonly bytes: Uint8Array }

const invalidPart = (id: string, { repository, registry }: Where, received: number, why: string): AwsError =>
  new AwsError('InvalidLayerPartException', why, 400, {
    registryId: registry,
    repositoryName: repository,
    uploadId: id,
    lastValidByteReceived: received - 1,
  })

/**
 * Layers on their way into a registry. Nothing of an upload is kept once it is complete, and no upload expires here.
 * @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_UploadLayerPart.html
 */
export class Uploads {
  readonly #open = new Map<string, Upload>()

  /** @returns the id of the upload */
  begin(repository: string): string {
    const id = randomUUID()
    this.#open.set(id, { repository, parts: [], received: 0 })
    return id
  }

  /** @returns the last byte that was received. @throws AwsError UploadNotFoundException, InvalidLayerPartException */
  add(id: string, where: Where, { first, last, bytes }: LayerPart): number {
    const upload = this.#need(id, where)
    if (first !== upload.received)
      throw invalidPart(id, where, upload.received, `The part begins at byte ${first}, not at ${upload.received}.`)
    if (last - first + 1 !== bytes.length)
      throw invalidPart(id, where, upload.received, `The part has ${bytes.length} bytes, not ${last - first + 1}.`)
    upload.parts.push(bytes)
    upload.received += bytes.length
    return upload.received - 1
  }

  /** @throws AwsError UploadNotFoundException, EmptyUploadException, LayerPartTooSmallException */
  bytesOf(id: string, where: Where): Uint8Array {
    const { parts } = this.#need(id, where)
    if (parts.length === 0)
      throw new AwsError('EmptyUploadException', 'The specified layer upload does not contain any layer parts.')
    if (parts.slice(0, -1).some((part) => part.length < LEAST_PART_BYTES))
      throw new AwsError('LayerPartTooSmallException', 'Layer parts must be at least 5 MiB in size.')
    return Buffer.concat(parts)
  }

  end(id: string): void {
    this.#open.delete(id)
  }

  #need(id: string, where: Where): Upload {
    const upload = this.#open.get(id)
    if (upload?.repository !== where.repository) throw uploadNotFound(id, where)
    return upload
  }
}
