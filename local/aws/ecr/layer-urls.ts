import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { AwsError } from '../error.ts'
import type { Surroundings } from '../service.ts'

/** As long as ECR's own URLs are good. */
const LIFE_SECONDS = 3_600

export type LayerUrls = {
  /** A URL that gives the blob for an hour of the virtual clock to whoever has it. */
  of(repository: string, digest: string): string
  /** Whether a request is for the layers of this registry at all. */
  isOurs(pathname: string): boolean
  /** Which blob a URL is for. @throws AwsError of S3: AccessDenied, SignatureDoesNotMatch */
  read(url: URL): { repository: string; digest: string }
}

/** `20261120T000205Z` */
const compact = (ms: number): string => new Date(ms).toISOString().replaceAll(/[-:]|\.\d+/g, '')

const instantOf = (text: string): number =>
  Date.parse(text.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'))

const denied = (code: string, message: string): AwsError => new AwsError(code, message, 403)

function isSame(a: string, b: string): boolean {
  const [first, second] = [Buffer.from(a), Buffer.from(b)]
  return first.length === second.length && timingSafeEqual(first, second)
}

/**
 * Presigned URLs as GetDownloadUrlForLayer gives them, of a bucket that this server has itself. Only the shape of the
 * signature is that of S3.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
 */
export function layerUrls({ account, region, clock, url }: Surroundings): LayerUrls {
  const secret = randomBytes(32)
  const bucket = `/prod-${region}-starport-layer-bucket/${account}/`
  const sign = (path: string, date: string): string =>
    createHmac('sha256', secret).update(`${date} ${path}`).digest('hex')
  return {
    of(repository, digest) {
      const date = compact(clock.now())
      const path = `${bucket}${repository}/${encodeURIComponent(digest)}`
      const query = new URLSearchParams({
        'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
        'X-Amz-Credential': `LOCAL/${date.slice(0, 8)}/${region}/s3/aws4_request`,
        'X-Amz-Date': date,
        'X-Amz-Expires': String(LIFE_SECONDS),
        'X-Amz-SignedHeaders': 'host',
        'X-Amz-Signature': sign(path, date),
      })
      return `${url()}${path}?${query}`
    },
    isOurs: (pathname) => pathname.startsWith(bucket),
    read({ pathname, searchParams }) {
      const date = searchParams.get('X-Amz-Date') ?? ''
      if (!isSame(searchParams.get('X-Amz-Signature') ?? '', sign(pathname, date)))
        throw denied(
          'SignatureDoesNotMatch',
          'The request signature we calculated does not match the signature you provided.',
        )
      if (clock.now() > instantOf(date) + LIFE_SECONDS * 1_000) throw denied('AccessDenied', 'Request has expired')
      const parts = pathname.slice(bucket.length).split('/')
      return { repository: parts.slice(0, -1).join('/'), digest: decodeURIComponent(parts.at(-1) ?? '') }
    },
  }
}
