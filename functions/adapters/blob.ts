import { get as httpGet, type IncomingMessage } from 'node:http'
import { get as httpsGet } from 'node:https'
import { Unreadable } from '../faults.ts'
import type { Descriptor } from '../policy/image/manifest.ts'

/** Where blobs may come from. */
export type BlobSource = {
  readonly region: string
  /** Of a local AWS, which keeps blobs itself. */
  readonly endpoint?: string | undefined
}

/** Why there is no blob. */
type Fault = (why: string, permanent: boolean) => Unreadable

const faultsOf =
  (what: string): Fault =>
  (why, permanent) =>
    new Unreadable(`${what} could not be downloaded: ${why}`, permanent, undefined)

/**
 * The bucket of ECR in a region, by the names that S3 has for it.
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html#ecr-setting-up-s3-gateway
 */
const hostOf = (region: string): RegExp =>
  new RegExp(
    `^prod-${region}-starport-layer-bucket\\.s3(?:(?:\\.dualstack)?[.-]${region})?\\.amazonaws\\.com(?:\\.cn)?$`,
  )

/** The address that ECR gave, if it is one of its own. It carries a signature: no message repeats it. @throws {Unreadable} */
function checked(address: string, { region, endpoint }: BlobSource, fault: Fault): URL {
  const url = URL.canParse(address) ? new URL(address) : undefined
  const isOurs = endpoint
    ? url?.origin === new URL(endpoint).origin
    : url?.protocol === 'https:' && url.port === '' && hostOf(region).test(url.hostname)
  if (!url || !isOurs || url.username || url.password) throw fault('ECR sent to another host', true)
  return url
}

/** @throws {Unreadable} where this answer is not the blob, by its head alone */
function checkHead({ statusCode = 0, headers }: IncomingMessage, size: number, fault: Fault): void {
  if (statusCode >= 300 && statusCode < 400) throw fault('a redirect, which is not followed', true)
  if (statusCode !== 200) throw fault(`HTTP ${statusCode}`, false)
  if ((headers['content-encoding'] ?? 'identity') !== 'identity') throw fault('it came compressed', true)
  if (Number(headers['content-length'] ?? size) !== size)
    throw fault('it has another size than its manifest says', true)
}

async function bodyOf(response: IncomingMessage, size: number, fault: Fault): Promise<Buffer> {
  const bytes = Buffer.alloc(size)
  let at = 0
  for await (const chunk of response as AsyncIterable<Buffer>) {
    if (at + chunk.length > size) throw fault('it is larger than its manifest says', true)
    at += chunk.copy(bytes, at)
  }
  if (at < size) throw fault('it is smaller than its manifest says', true)
  return bytes
}

const request = (url: URL, signal: AbortSignal): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    const get = url.protocol === 'https:' ? httpsGet : httpGet
    get(url, { signal, headers: { 'Accept-Encoding': 'identity' } }, resolve).on('error', reject)
  })

const causeOf = ({ code, name }: Error & { code?: string }): string => code ?? name

/**
 * Downloads a blob, without credentials, as far as its descriptor says that it goes. That it is the one that its digest names
 * is for the reader to verify.
 * @param signal ends it
 * @param what the blob is, for whoever reads why there is none: `its signature`
 * @throws {Unreadable}
 */
export async function downloadBlob(
  address: string,
  { size }: Descriptor,
  source: BlobSource,
  signal: AbortSignal,
  what = 'its configuration',
): Promise<Buffer> {
  const fault = faultsOf(what)
  const url = checked(address, source, fault)
  let response: IncomingMessage | undefined
  try {
    response = await request(url, signal)
    checkHead(response, size, fault)
    return await bodyOf(response, size, fault)
  } catch (error) {
    if (error instanceof Unreadable || !(error instanceof Error)) throw error
    throw fault(signal.aborted ? 'it took too long' : causeOf(error), false)
  } finally {
    response?.destroy()
  }
}
