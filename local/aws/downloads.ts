import type { IncomingMessage, ServerResponse } from 'node:http'
import type { LayerUrls } from './ecr/layer-urls.ts'
import type { EcrState } from './ecr/state.ts'
import { AwsError } from './error.ts'
import { type createFaults, letHappen } from './faults.ts'
import { element, escapeXml } from './protocol/xml.ts'
import type { Call } from './service.ts'

type Parts = {
  /** The registry that a path leads to. */
  registryOf(pathname: string): { urls: LayerUrls; ecr: Pick<EcrState, 'repository'> } | undefined
  faults: ReturnType<typeof createFaults>
  record(call: Call): void
  now(): number
}

const SERVICE = 's3'
const OPERATION = 'GetObject'

const pathOf = (request: IncomingMessage): URL => new URL(request.url ?? '/', 'http://localhost')

function sendError(response: ServerResponse, { code, message, status }: AwsError): void {
  const body = `<?xml version="1.0" encoding="UTF-8"?>\n${element('Error', element('Code', code) + element('Message', escapeXml(message)))}`
  response.writeHead(status, { 'content-type': 'application/xml', 'content-length': Buffer.byteLength(body) })
  response.end(body)
}

/**
 * The bucket that the URLs of GetDownloadUrlForLayer lead to: who has such a URL needs no credentials. Downloads stand
 * in the history as GetObject of s3, and faults of that name strike them.
 */
export function createDownloads({ registryOf, faults, record, now }: Parts) {
  function send(url: URL, response: ServerResponse): void {
    const registry = registryOf(url.pathname)
    const { repository = '', digest = '' } = registry?.urls.read(url) ?? {}
    const bytes = registry?.ecr.repository(repository)?.blobs.get(digest)
    if (!bytes) throw new AwsError('NoSuchKey', 'The specified key does not exist.', 404)
    response.writeHead(200, { 'content-type': 'application/octet-stream', 'content-length': bytes.length })
    response.end(bytes)
  }

  return {
    isOne: (request: IncomingMessage): boolean =>
      request.method === 'GET' && registryOf(pathOf(request).pathname) !== undefined,

    async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
      const url = pathOf(request)
      const tell = (status: number, error?: string): void => {
        const input = { Key: decodeURIComponent(url.pathname) }
        const call = { service: SERVICE, operation: OPERATION, accessKeyId: 'presigned', input, status, at: now() }
        record(error === undefined ? call : { ...call, error })
      }
      try {
        const fault = await faults.strike(SERVICE, OPERATION)
        const struck = fault && (await letHappen(fault, request, response))
        if (struck) return tell(struck.status, struck.error)
        send(url, response)
        tell(200)
      } catch (error) {
        if (!(error instanceof AwsError)) throw error
        tell(error.status, error.code)
        sendError(response, error)
      }
    },
  }
}
