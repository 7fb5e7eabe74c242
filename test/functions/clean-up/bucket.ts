import { createHash } from 'node:crypto'
import { AwsError, type AwsRequest, type SignedSend } from '../../../functions/adapters/signed-aws.ts'

/** What becomes of a request: it is lost before it arrives, or its answer is lost. */
export type Loss = 'request' | 'answer'

const etagOf = (text: string): string => `"${createHash('md5').update(text).digest('hex')}"`

const isAllowed = (headers: AwsRequest['headers'], there: string | undefined): boolean => {
  if (headers['If-None-Match'] === '*') return there === undefined
  return there !== undefined && headers['If-Match'] === etagOf(there)
}

/**
 * A bucket as S3 keeps one, two keys to a page. A transient fault is tried again, as `signedSend` does, so that a write
 * meets what it wrote itself.
 */
export function createBucket(name = 'bucket') {
  const objects = new Map<string, string>()
  const losses: Loss[] = []
  const requests: AwsRequest[] = []

  function list(query: URLSearchParams): string {
    const all = [...objects.keys()].filter((key) => key.startsWith(query.get('prefix') ?? '')).toSorted()
    const start = Number(query.get('continuation-token') ?? 0)
    const more = all.length > start + 2
    const keys = all
      .slice(start, start + 2)
      .map((key) => `<Contents><Key>${key.replaceAll('&', '&amp;')}</Key></Contents>`)
    const next = more ? `<NextContinuationToken>${start + 2}</NextContinuationToken>` : ''
    return `<ListBucketResult><IsTruncated>${more}</IsTruncated>${next}${keys.join('')}</ListBucketResult>`
  }

  function answer({ method, path, headers, body }: AwsRequest) {
    const url = new URL(path, 'http://s3')
    const key = decodeURIComponent(url.pathname).slice(name.length + 2)
    const there = objects.get(key)
    if (url.searchParams.has('list-type')) return { status: 200, headers: {}, body: list(url.searchParams) }
    if (method !== 'PUT' && there === undefined) throw new AwsError('NoSuchKey', false)
    if (method !== 'GET' && !isAllowed(headers, there)) throw new AwsError('PreconditionFailed', false)
    if (method === 'PUT') objects.set(key, body)
    if (method === 'DELETE') objects.delete(key)
    const text = method === 'GET' ? (there ?? '') : ''
    return { status: 200, headers: { etag: etagOf(objects.get(key) ?? '') }, body: text }
  }

  const send: SignedSend = async (request) => {
    requests.push(request)
    const loss = losses.shift()
    if (loss === undefined) return answer(request)
    if (loss === 'answer') answer(request)
    return send(request)
  }
  return { send, objects, losses, requests }
}
