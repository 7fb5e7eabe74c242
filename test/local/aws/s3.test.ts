import {
  DeleteObjectCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  paginateListObjectsV2,
  S3Client,
} from '@aws-sdk/client-s3'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { LocalAws } from '../../../local/aws/server.ts'
import { configOf, errorOf, withLocalAws } from './clients.ts'

const Bucket = 'journal'

const withBucket = (body: (s3: S3Client, aws: LocalAws) => Promise<void>): Promise<void> =>
  withLocalAws((aws) => {
    aws.s3.createBucket(Bucket)
    return body(new S3Client(configOf(aws.url)), aws)
  })

const put = (s3: S3Client, Key: string, Body: string | Uint8Array, more: object = {}) =>
  s3.send(new PutObjectCommand({ Bucket, Key, Body, ...more }))

const textOf = async (s3: S3Client, Key: string): Promise<string | undefined> =>
  (await s3.send(new GetObjectCommand({ Bucket, Key }))).Body?.transformToString()

describe('objects', () => {
  test('are read as they were written, with their ETag, size and instant', () =>
    withBucket(async (s3, aws) => {
      const { ETag } = await put(s3, 'plans/a.json', '{"a":"ü"}', { ContentType: 'application/json' })
      expect(ETag).toBe('"f38091feea732597cbc589916142c339"')
      expect(await textOf(s3, 'plans/a.json')).toBe('{"a":"ü"}')
      const head = await s3.send(new HeadObjectCommand({ Bucket, Key: 'plans/a.json' }))
      expect(head).toMatchObject({ ETag, ContentLength: 10, ContentType: 'application/json' })
      expect(Math.abs((head.LastModified?.getTime() ?? 0) - aws.clock.now())).toBeLessThan(10_000)
      expect(Buffer.from(aws.s3.read(Bucket, 'plans/a.json') ?? '').toString()).toBe('{"a":"ü"}')
    }))

  test('of any bytes and any key come back', () =>
    withBucket(async (s3) => {
      const keys = fc
        .string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 20 })
        .filter((key) => !/[\r\n]/.test(key))
      await fc.assert(
        fc.asyncProperty(keys, fc.uint8Array({ maxLength: 400 }), async (name, bytes) => {
          const Key = `any/${name.replaceAll('.', '-')}`
          await put(s3, Key, bytes)
          const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }))
          expect(Buffer.from((await Body?.transformToByteArray()) ?? '')).toEqual(Buffer.from(bytes))
          const { Contents } = await s3.send(new ListObjectsV2Command({ Bucket, Prefix: Key, MaxKeys: 1 }))
          expect(Contents?.[0]?.Key).toBe(Key)
        }),
        { numRuns: 50 },
      )
    }))

  test('that are not there are told apart from buckets that are not', () =>
    withBucket(async (s3) => {
      const get = (bucket: string) => errorOf(s3.send(new GetObjectCommand({ Bucket: bucket, Key: 'none' })))
      expect(await get(Bucket)).toMatchObject({ name: 'NoSuchKey', status: 404 })
      expect(await get('other')).toMatchObject({ name: 'NoSuchBucket', status: 404 })
      const head = await errorOf(s3.send(new HeadObjectCommand({ Bucket, Key: 'none' })))
      expect(head).toMatchObject({ name: 'NotFound', status: 404 })
      await s3.send(new HeadBucketCommand({ Bucket }))
      expect(await errorOf(s3.send(new HeadBucketCommand({ Bucket: 'other' })))).toMatchObject({ status: 404 })
    }))

  test('are gone once they are deleted, and again', () =>
    withBucket(async (s3, aws) => {
      await put(s3, 'a', '1')
      const remove = () => s3.send(new DeleteObjectCommand({ Bucket, Key: 'a' }))
      expect((await remove()).$metadata.httpStatusCode).toBe(204)
      expect((await remove()).$metadata.httpStatusCode).toBe(204)
      expect(aws.s3.keys(Bucket)).toEqual([])
    }))
})

describe('conditions', () => {
  test('create an object once', () =>
    withBucket(async (s3) => {
      const create = (text: string) => put(s3, 'lease', text, { IfNoneMatch: '*' })
      await create('first')
      expect(await errorOf(create('second'))).toMatchObject({ name: 'PreconditionFailed', status: 412 })
      expect(await textOf(s3, 'lease')).toBe('first')
    }))

  test('of many that create at once, one wins', () =>
    withBucket(async (s3) => {
      const tries = Array.from({ length: 20 }, (_, n) => put(s3, 'lease', `${n}`, { IfNoneMatch: '*' }))
      const ended = await Promise.allSettled(tries)
      expect(ended.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    }))

  test('replace and remove what is still as it was read', () =>
    withBucket(async (s3, aws) => {
      const { ETag: IfMatch } = await put(s3, 'lease', '1')
      await put(s3, 'lease', '2', { IfMatch })
      expect(await errorOf(put(s3, 'lease', '3', { IfMatch }))).toMatchObject({ name: 'PreconditionFailed' })
      const remove = (given?: string) => s3.send(new DeleteObjectCommand({ Bucket, Key: 'lease', IfMatch: given }))
      expect(await errorOf(remove(IfMatch))).toMatchObject({ name: 'PreconditionFailed', status: 412 })
      await remove('*')
      expect(await errorOf(remove('*'))).toMatchObject({ name: 'PreconditionFailed' })
      expect(await errorOf(remove(IfMatch))).toMatchObject({ name: 'NoSuchKey', status: 404 })
      expect(await errorOf(put(s3, 'lease', '4', { IfMatch }))).toMatchObject({ name: 'NoSuchKey', status: 404 })
      expect(aws.s3.keys(Bucket)).toEqual([])
    }))
})

describe('a list of objects', () => {
  test('is paged, and begins with the prefix', () =>
    withBucket(async (s3, aws) => {
      for (let n = 0; n < 25; n++) aws.s3.write(Bucket, `plans/${n}`, '')
      aws.s3.write(Bucket, 'other', '')
      const pages: (string | undefined)[][] = []
      for await (const { Contents = [] } of paginateListObjectsV2(
        { client: s3, pageSize: 10 },
        { Bucket, Prefix: 'plans/' },
      ))
        pages.push(Contents.map(({ Key }) => Key))
      expect(pages.map((page) => page.length)).toEqual([10, 10, 5])
      expect(pages.flat()).toEqual(aws.s3.keys(Bucket, 'plans/'))
      const after = await s3.send(new ListObjectsV2Command({ Bucket, StartAfter: 'plans/8' }))
      expect(after.Contents?.map(({ Key }) => Key)).toEqual(['plans/9'])
      expect(await errorOf(s3.send(new ListObjectsV2Command({ Bucket, ContinuationToken: 'mine' })))).toMatchObject({
        name: 'InvalidArgument',
      })
    }))

  test('has at most a thousand a page', () =>
    withBucket(async (s3, aws) => {
      for (let n = 0; n < 1_001; n++) aws.s3.write(Bucket, `k${n}`, '')
      const { KeyCount, IsTruncated } = await s3.send(new ListObjectsV2Command({ Bucket, MaxKeys: 5_000 }))
      expect([KeyCount, IsTruncated]).toEqual([1_000, true])
    }))

  test('has folders where there is a delimiter', () =>
    withBucket(async (s3, aws) => {
      for (const key of ['a/1', 'a/2', 'b', 'c/1/x', 'c/2']) aws.s3.write(Bucket, key, '')
      const { Contents, CommonPrefixes } = await s3.send(
        new ListObjectsV2Command({ Bucket, Delimiter: '/', EncodingType: 'url' }),
      )
      expect(Contents?.map(({ Key }) => Key)).toEqual(['b'])
      expect(CommonPrefixes?.map(({ Prefix }) => Prefix)).toEqual(['a/', 'c/'])
    }))
})

describe('permissions', () => {
  const asked = async (call: (s3: S3Client) => Promise<unknown>): Promise<string[]> => {
    const needs: string[] = []
    await withBucket(async (s3, aws) => {
      aws.s3.write(Bucket, 'a', '1')
      aws.authorize = ({ action, resource }) => {
        needs.push(`${action} ${resource}`)
        return { allowed: true }
      }
      await call(s3).catch(() => undefined)
    })
    return needs
  }

  test('are asked for the object, or for the bucket that is listed', async () => {
    expect(await asked((s3) => s3.send(new GetObjectCommand({ Bucket, Key: 'a' })))).toEqual([
      's3:GetObject arn:aws:s3:::journal/a',
    ])
    expect(await asked((s3) => put(s3, 'p/b', 'x', { IfNoneMatch: '*' }))).toEqual([
      's3:PutObject arn:aws:s3:::journal/p/b',
    ])
    expect(await asked((s3) => s3.send(new ListObjectsV2Command({ Bucket })))).toEqual([
      's3:ListBucket arn:aws:s3:::journal',
    ])
  })

  test('to compare ETags are those of a reader, too', async () => {
    const IfMatch = '"x"'
    expect(await asked((s3) => put(s3, 'a', 'x', { IfMatch }))).toContain('s3:GetObject arn:aws:s3:::journal/a')
    expect(await asked((s3) => s3.send(new DeleteObjectCommand({ Bucket, Key: 'a', IfMatch })))).toEqual([
      's3:DeleteObject arn:aws:s3:::journal/a',
      's3:GetObject arn:aws:s3:::journal/a',
    ])
  })

  test('who may not list is not told that an object is missing', () =>
    withBucket(async (s3, aws) => {
      aws.authorize = ({ action }) => (action === 's3:ListBucket' ? { allowed: false, reason: '' } : { allowed: true })
      expect(await errorOf(s3.send(new GetObjectCommand({ Bucket, Key: 'none' })))).toMatchObject({
        name: 'AccessDenied',
        status: 403,
      })
    }))
})

describe('what is not honoured is refused', () => {
  test.each<[string, (s3: S3Client) => Promise<unknown>, string]>([
    [
      'part of an object',
      (s3) => s3.send(new GetObjectCommand({ Bucket, Key: 'a', Range: 'bytes=0-1' })),
      'NotImplemented',
    ],
    ['another condition', (s3) => put(s3, 'a', 'x', { IfNoneMatch: '"x"' }), 'NotImplemented'],
    ['tags', (s3) => s3.send(new GetObjectTaggingCommand({ Bucket, Key: 'a' })), 'UnknownOperationException'],
  ])('%s', (_, call, name) =>
    withBucket(async (s3) => {
      expect(await errorOf(call(s3))).toMatchObject({ name })
    }),
  )

  test('a body in signed chunks', () =>
    withBucket(async (_, aws) => {
      const scope =
        'AWS4-HMAC-SHA256 Credential=AKID/20260101/ap-northeast-1/s3/aws4_request, SignedHeaders=host, Signature=0'
      const headers = { authorization: scope, 'content-encoding': 'aws-chunked' }
      const response = await fetch(`${aws.url}/${Bucket}/a`, { method: 'PUT', headers, body: '1\r\na\r\n0\r\n' })
      expect([response.status, await response.text()]).toEqual([501, expect.stringContaining('not a stream')])
      expect(aws.s3.keys(Bucket)).toEqual([])
    }))

  test('a bucket that is there already', () =>
    withBucket(async (_, aws) => {
      expect(() => aws.s3.createBucket(Bucket)).toThrow('exists already')
      expect(aws.s3.buckets()).toEqual([Bucket])
    }))
})

test('the history has the sizes of bodies, not the bodies', () =>
  withBucket(async (s3, aws) => {
    await put(s3, 'a', 'something that is long')
    expect(aws.calls).toMatchObject([
      { service: 's3', operation: 'PutObject', input: { Key: 'a', Body: '(22 bytes)' } },
    ])
  }))
