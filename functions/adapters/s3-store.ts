import { Unreadable } from '../faults.ts'
import type { Store, Stored } from '../planning/store.ts'
import type { HttpAnswer } from './http-post.ts'
import { AwsError, type AwsRequest, type SignedSend } from './signed-aws.ts'

/** What S3 answers where a condition of a request does not hold, or something else was written at the same moment. */
const REFUSED: ReadonlySet<string> = new Set([
  'PreconditionFailed',
  'ConditionalRequestConflict',
  'HTTP 412',
  'HTTP 409',
])
const MISSING: ReadonlySet<string> = new Set(['NoSuchKey', 'HTTP 404'])

/** As signatures have it: everything but letters, digits and `-_.~` is escaped. */
const escaped = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`)

const pathOf = (key: string): string => key.split('/').map(escaped).join('/')

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

const unescaped = (text: string): string => text.replace(/&(amp|lt|gt|quot|apos);/g, (_, name) => ENTITIES[name] ?? '')

const elements = (xml: string, name: string): string[] =>
  [...xml.matchAll(new RegExp(`<${name}>([^<]*)</${name}>`, 'g'))].map(([, text = '']) => unescaped(text))

const codeOf = (error: unknown): string => (error instanceof AwsError ? error.code : '')

function faultOf(error: unknown, operation: string): unknown {
  if (!(error instanceof AwsError)) return error
  return new Unreadable(`S3 answered ${error.code} to ${operation}`, !error.transient, error)
}

type Asking = Partial<Pick<AwsRequest, 'headers' | 'body'>> & { readonly method: AwsRequest['method'] }

/** Calls of one bucket, by the path of an object or by a query. @throws {AwsError} */
const calling =
  (send: SignedSend, bucket: string) =>
  (path: string, { method, headers = {}, body = '' }: Asking): Promise<HttpAnswer> =>
    send({ service: 's3', method, path: `/${escaped(bucket)}${path}`, headers, body })

type Calling = ReturnType<typeof calling>

/** The whole listing below a prefix, page by page, as XML. */
async function* pages(call: Calling, prefix: string, query = ''): AsyncGenerator<string> {
  for (let token: string | undefined; ; ) {
    const more = token === undefined ? '' : `&continuation-token=${escaped(token)}`
    const { body } = await call(`?list-type=2&prefix=${escaped(prefix)}${query}${more}`, { method: 'GET' })
    if (!body.includes('<ListBucketResult'))
      throw new Unreadable('S3 answered ListObjectsV2 without a list', true, body)
    yield body
    token = elements(body, 'NextContinuationToken')[0]
    if (elements(body, 'IsTruncated')[0] !== 'true' || token === undefined) return
  }
}

async function listed(call: Calling, prefix: string): Promise<readonly string[]> {
  const keys: string[] = []
  for await (const page of pages(call, prefix)) keys.push(...elements(page, 'Key'))
  return keys
}

/** That there is nothing: no answer to who creates something, but of something that is no bucket. */
const isChanged = (code: string): boolean => REFUSED.has(code) || MISSING.has(code)

/** A condition that does not hold is an answer; `ifRefused` says what it means. */
async function unlessRefused(
  call: Promise<unknown>,
  isRefusal: (code: string) => boolean,
  ifRefused: () => Promise<boolean>,
): Promise<boolean> {
  try {
    await call
    return true
  } catch (error) {
    if (isRefusal(codeOf(error))) return ifRefused()
    throw error
  }
}

/**
 * Objects of a bucket below a prefix, written with conditions alone. A write whose answer was lost, and that was sent again,
 * is refused by its own first attempt: it is recognised by its text. So the texts of two writers must differ.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-deletes.html
 */
export function s3Store(send: SignedSend, bucket: string, prefix: string): Store {
  const call = calling(send, bucket)
  const root = prefix === '' ? '' : `${prefix}/`
  const object = (key: string): string => `/${pathOf(root + key)}`

  async function read(key: string): Promise<Stored | undefined> {
    try {
      const { body, headers } = await call(object(key), { method: 'GET' })
      return { text: body, version: String(headers.etag ?? '') }
    } catch (error) {
      if (MISSING.has(codeOf(error))) return undefined
      throw faultOf(error, 'GetObject')
    }
  }

  const write = (key: string, text: string, version?: string): Promise<boolean> => {
    const [condition, value] = version === undefined ? ['If-None-Match', '*'] : ['If-Match', version]
    const headers = { 'Content-Type': 'application/json', [condition]: value }
    const isOurs = async (): Promise<boolean> => (await read(key))?.text === text
    const isRefusal = version === undefined ? (code: string) => REFUSED.has(code) : isChanged
    return unlessRefused(call(object(key), { method: 'PUT', headers, body: text }), isRefusal, isOurs)
  }

  const told = async <T>(operation: string, work: Promise<T>): Promise<T> => {
    try {
      return await work
    } catch (error) {
      throw faultOf(error, operation)
    }
  }

  return {
    name: `s3://${bucket}${prefix === '' ? '' : `/${prefix}`}`,
    read,
    create: (key, text) => told('PutObject', write(key, text)),
    replace: (key, text, version) => told('PutObject', write(key, text, version)),
    remove: (key, version) => {
      const removed = call(object(key), { method: 'DELETE', headers: { 'If-Match': version } })
      return told(
        'DeleteObject',
        unlessRefused(removed, isChanged, async () => (await read(key)) === undefined),
      )
    },
    async list(beginning) {
      const keys = await told('ListObjectsV2', listed(call, root + beginning))
      return keys.map((key) => key.slice(root.length))
    },
  }
}

/**
 * Names of the folders right below a prefix, in their order; whatever is in them is not listed.
 * @throws {Unreadable}
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-prefixes.html
 */
export async function s3Folders(send: SignedSend, bucket: string, prefix: string): Promise<readonly string[]> {
  const root = prefix === '' ? '' : `${prefix}/`
  const names: string[] = []
  try {
    for await (const page of pages(calling(send, bucket), root, '&delimiter=%2F')) {
      const groups = page.match(/<CommonPrefixes>.*?<\/CommonPrefixes>/gs) ?? []
      names.push(...groups.flatMap((group) => elements(group, 'Prefix').map((name) => name.slice(root.length, -1))))
    }
  } catch (error) {
    throw faultOf(error, 'ListObjectsV2')
  }
  return names
}
