import { createHash } from 'node:crypto'
import type { Clock } from '../../clock.ts'
import { AwsError } from '../error.ts'

export type StoredObject = {
  readonly body: Uint8Array
  /** With its quotes: `"9a0364b9e99bb480dd25e1f0284c8555"`. */
  readonly etag: string
  readonly modified: Date
  readonly contentType: string | undefined
}

/** What must hold of an object before it is written or removed. */
export type Precondition = { ifMatch?: string | undefined; ifNoneMatch?: string | undefined }

export type S3State = {
  /** @throws AwsError BucketAlreadyOwnedByYou */
  createBucket(name: string): void
  buckets(): string[]
  /** The bytes of an object. @throws AwsError NoSuchBucket */
  read(bucket: string, key: string): Uint8Array | undefined
  /** @throws AwsError NoSuchBucket */
  write(bucket: string, key: string, body: string | Uint8Array): void
  /** Keys that begin so, in the order in which S3 lists them. @throws AwsError NoSuchBucket */
  keys(bucket: string, prefix?: string): string[]
}

const failed = (): AwsError =>
  new AwsError('PreconditionFailed', 'At least one of the pre-conditions you specified did not hold', 412)

export const noSuchKey = (): AwsError => new AwsError('NoSuchKey', 'The specified key does not exist.', 404)

/**
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
 * @throws AwsError PreconditionFailed, NoSuchKey, NotImplemented
 */
function checkPrecondition(object: StoredObject | undefined, { ifMatch, ifNoneMatch }: Precondition): void {
  if (ifNoneMatch !== undefined && ifNoneMatch !== '*')
    throw new AwsError('NotImplemented', 'If-None-Match of a write can only be *.', 501)
  if (ifNoneMatch !== undefined && object) throw failed()
  if (ifMatch === undefined) return
  if (!object) throw ifMatch === '*' ? failed() : noSuchKey()
  if (ifMatch !== '*' && ifMatch.replaceAll('"', '') !== object.etag.replaceAll('"', '')) throw failed()
}

/** Buckets without versions. */
export class Buckets implements S3State {
  readonly #buckets = new Map<string, Map<string, StoredObject>>()
  readonly #clock: Clock

  constructor(clock: Clock) {
    this.#clock = clock
  }

  createBucket(name: string): void {
    if (this.#buckets.has(name))
      throw new AwsError('BucketAlreadyOwnedByYou', 'The bucket exists already, and you own it.', 409)
    this.#buckets.set(name, new Map())
  }

  buckets(): string[] {
    return [...this.#buckets.keys()]
  }

  read(bucket: string, key: string): Uint8Array | undefined {
    return this.need(bucket).get(key)?.body
  }

  write(bucket: string, key: string, body: string | Uint8Array): void {
    this.put(bucket, key, { body: Buffer.from(body) })
  }

  keys(bucket: string, prefix = ''): string[] {
    const keys = [...this.need(bucket).keys()].filter((key) => key.startsWith(prefix))
    return keys.sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
  }

  has(bucket: string): boolean {
    return this.#buckets.has(bucket)
  }

  /** @throws AwsError NoSuchBucket */
  need(bucket: string): ReadonlyMap<string, StoredObject> {
    return this.#bucket(bucket)
  }

  /** @returns the object's ETag @throws AwsError NoSuchBucket, or for the precondition */
  put(
    bucket: string,
    key: string,
    { body, contentType }: { body: Uint8Array; contentType?: string | undefined },
    precondition: Precondition = {},
  ): string {
    const objects = this.#bucket(bucket)
    checkPrecondition(objects.get(key), precondition)
    const etag = `"${createHash('md5').update(body).digest('hex')}"`
    objects.set(key, { body, etag, contentType, modified: new Date(this.#clock.now()) })
    return etag
  }

  /** @throws AwsError NoSuchBucket, or for the precondition */
  remove(bucket: string, key: string, precondition: Precondition): void {
    const objects = this.#bucket(bucket)
    checkPrecondition(objects.get(key), precondition)
    objects.delete(key)
  }

  #bucket(name: string): Map<string, StoredObject> {
    const found = this.#buckets.get(name)
    if (!found) throw new AwsError('NoSuchBucket', 'The specified bucket does not exist', 404)
    return found
  }
}
