import type * as client from '@aws-sdk/client-s3'
import { commonComplaints } from '../complaints.ts'
import { AwsError } from '../error.ts'
import { pageOf } from '../listing.ts'
import { type OperationShape, operationsWhenAsked } from '../protocol/shape.ts'
import type { Handler, Requirement, Service } from '../service.ts'
import { type Buckets, noSuchKey, type StoredObject } from './state.ts'

const MOST_KEYS = 1_000

/** Fields of inputs that are honoured, or that change nothing here; any other is refused rather than overlooked. */
const HONOURED = new Set([
  ...['Bucket', 'Key', 'Body', 'ContentLength', 'ContentType', 'ContentMD5', 'IfMatch', 'IfNoneMatch'],
  ...['Prefix', 'Delimiter', 'MaxKeys', 'ContinuationToken', 'StartAfter', 'EncodingType', 'FetchOwner'],
  ...['ServerSideEncryption', 'SSEKMSKeyId', 'ChecksumAlgorithm', 'ChecksumMode', 'ExpectedBucketOwner'],
  ...['ChecksumCRC32', 'ChecksumCRC32C', 'ChecksumCRC64NVME', 'ChecksumSHA1', 'ChecksumSHA256'],
])

function checkHonoured(operation: string, input: Record<string, unknown>): void {
  const { ContentEncoding, ...rest } = input
  if (String(ContentEncoding ?? '').includes('aws-chunked'))
    throw new AwsError('NotImplemented', 'The local AWS takes bodies whole: give a string or bytes, not a stream.', 501)
  const unknown = Object.keys(rest).find((name) => !HONOURED.has(name))
  if (unknown !== undefined)
    throw new AwsError('NotImplemented', `The local AWS does not honour ${unknown} of ${operation}.`, 501)
}

const headersOf = ({ body, etag, modified, contentType }: StoredObject) => ({
  ContentLength: body.length,
  ContentType: contentType ?? 'binary/octet-stream',
  ETag: etag,
  LastModified: modified,
})

type Entry = { name: string; key?: string }

/** Keys, and what stands before the delimiter in those that have it after the prefix. */
function entriesOf(keys: readonly string[], prefix: string, delimiter: string | undefined): Entry[] {
  const entries = keys.map((key): Entry => {
    const end = delimiter ? key.indexOf(delimiter, prefix.length) : -1
    return end < 0 || delimiter === undefined ? { name: key, key } : { name: key.slice(0, end + delimiter.length) }
  })
  return entries.filter(({ name }, index) => name !== entries[index - 1]?.name)
}

/** As S3 encodes keys in XML where that is asked for. */
const encoderOf = (encoding: string | undefined) => (text: string) =>
  encoding === 'url' ? encodeURIComponent(text).replaceAll('%2F', '/') : text

function list(buckets: Buckets, input: client.ListObjectsV2Request): client.ListObjectsV2Output {
  const {
    Bucket = '',
    Prefix = '',
    Delimiter,
    MaxKeys = MOST_KEYS,
    ContinuationToken,
    StartAfter,
    EncodingType,
  } = input
  const objects = buckets.need(Bucket)
  const keys = buckets.keys(Bucket, Prefix).filter((key) => key > (StartAfter ?? ''))
  const { items, next } = pageOf(entriesOf(keys, Prefix, Delimiter), {
    keyOf: ({ name }) => Buffer.from(name).toString('latin1'),
    size: Math.min(MaxKeys, MOST_KEYS),
    token: ContinuationToken,
    wrong: 'InvalidArgument',
  })
  const encode = encoderOf(EncodingType)
  const asObject = ({ key = '' }: Entry): client._Object => {
    const { body, etag, modified } = objects.get(key) as StoredObject
    return { Key: encode(key), LastModified: modified, ETag: etag, Size: body.length, StorageClass: 'STANDARD' }
  }
  return {
    ...{ Name: Bucket, Prefix: encode(Prefix), MaxKeys, KeyCount: items.length, IsTruncated: next !== undefined },
    ...{ Delimiter, EncodingType, ContinuationToken, StartAfter, NextContinuationToken: next },
    Contents: items.filter(({ key }) => key !== undefined).map(asObject),
    CommonPrefixes: items.filter(({ key }) => key === undefined).map(({ name }) => ({ Prefix: encode(name) })),
  }
}

function handlersOf(buckets: Buckets): Record<string, Handler> {
  const need = ({ Bucket = '', Key = '' }: { Bucket?: string; Key?: string }): StoredObject => {
    const object = buckets.need(Bucket).get(Key)
    if (!object) throw noSuchKey()
    return object
  }
  return {
    HeadBucket: ({ Bucket = '' }: client.HeadBucketRequest) => void buckets.need(Bucket),
    PutObject({ Bucket = '', Key = '', Body, ...more }: client.PutObjectRequest) {
      const body = (Body ?? new Uint8Array()) as Uint8Array
      const { ContentType: contentType, IfMatch: ifMatch, IfNoneMatch: ifNoneMatch } = more
      return { ETag: buckets.put(Bucket, Key, { body, contentType }, { ifMatch, ifNoneMatch }) }
    },
    GetObject: (input: client.GetObjectRequest) => ({ ...headersOf(need(input)), Body: need(input).body }),
    HeadObject: (input: client.HeadObjectRequest) => headersOf(need(input)),
    DeleteObject({ Bucket = '', Key = '', IfMatch: ifMatch }: client.DeleteObjectRequest) {
      buckets.remove(Bucket, Key, { ifMatch })
    },
    ListObjectsV2: (input: client.ListObjectsV2Request) => list(buckets, input),
  }
}

const ACTIONS: Readonly<Record<string, string>> = {
  HeadBucket: 'ListBucket',
  ListObjectsV2: 'ListBucket',
  HeadObject: 'GetObject',
}

/**
 * What IAM asks for a call. A write or a removal that compares ETags reads, too; and who may not list a bucket is not told
 * that an object is missing.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-deletes.html
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html#API_GetObject_RequestSyntax
 */
function requirementsOf(buckets: Buckets, operation: string, input: Record<string, unknown>): Requirement[] {
  const [bucket, key] = [String(input.Bucket), input.Key === undefined ? undefined : String(input.Key)]
  const resource = `arn:aws:s3:::${bucket}${key === undefined ? '' : `/${key}`}`
  const action = `s3:${ACTIONS[operation] ?? operation}`
  const reads = input.IfMatch !== undefined && input.IfMatch !== '*' ? [{ action: 's3:GetObject', resource }] : []
  const isMissing = action === 's3:GetObject' && buckets.has(bucket) && !buckets.need(bucket).has(key ?? '')
  const lists = isMissing ? [{ action: 's3:ListBucket', resource: `arn:aws:s3:::${bucket}` }] : []
  return [{ action, resource }, ...reads, ...lists]
}

/** The model leaves the bucket to the host name; here it stands first in the path. */
const inPath = (operation: OperationShape): OperationShape => {
  const hasBucket = operation.input.kind === 'structure' && operation.input.bindings.has('Bucket')
  const { http } = operation
  return http && hasBucket ? { ...operation, http: { ...http, uri: `/{Bucket}${http.uri}` } } : operation
}

/**
 * Buckets by their path, not by a name of the host.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/Welcome.html
 */
export function s3Service(buckets: Buckets): Service {
  const ofModel = operationsWhenAsked('@aws-sdk/client-s3')
  let operations: Service['operations'] | undefined
  return {
    name: 's3',
    protocol: 'rest-xml',
    target: '',
    jsonVersion: '1.1',
    errorNamespace: '',
    xmlNamespace: 'http://s3.amazonaws.com/doc/2006-03-01/',
    get operations() {
      operations ??= new Map([...ofModel()].map(([name, operation]) => [name, inPath(operation)]))
      return operations
    },
    handlers: handlersOf(buckets),
    complaints: commonComplaints('InvalidArgument'),
    denied: { code: 'AccessDenied', status: 403 },
    check: checkHonoured,
    requires: (operation, input) => requirementsOf(buckets, operation, input),
  }
}
