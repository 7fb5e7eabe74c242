import { randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { listen } from './listen.ts'
import { slackPage } from './page.ts'
import { judge, type SlackPayload } from './validate.ts'

export type { SlackPayload } from './validate.ts'

export type Received = {
  /** Milliseconds since the epoch, on the clock of the run. */
  readonly at: number
  readonly channel: string
  readonly payload: SlackPayload
  readonly status: number
  /** What Slack would say; `ok` for a message that it took. */
  readonly answer: string
  /** What exactly is wrong with a payload that was refused. */
  readonly faults: readonly string[]
}

export type SlackAnswer = {
  readonly status: number
  readonly body: string
  readonly headers?: Readonly<Record<string, string>>
}

export type SlackSink = {
  /** Origin: the page with the messages is at its `/`. */
  readonly url: string
  /** URL of the incoming webhook of a channel. */
  webhook(channel: string): string
  /** Every post to a webhook, refused ones too. */
  received(): readonly Received[]
  /** What the next posts to the channel are answered with, whatever they hold. */
  respondWith(channel: string, next: SlackAnswer, times?: number): void
  /** Calls back for every post; returns a function that ends it. */
  onMessage(listener: (message: Received) => void): () => void
  close(): Promise<void>
}

/** Slack's own limit is not documented; what is far above any message is not read. Bytes. */
const MOST_BODY = 1_000_000

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request) {
    size += (chunk as Buffer).length
    if (size > MOST_BODY) break
    chunks.push(chunk as Buffer)
  }
  return Buffer.concat(chunks).toString()
}

const parse = (body: string): unknown => {
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}

const NO_SERVICE: SlackAnswer = { status: 404, body: 'no_service' }

/** Webhooks by path. The token differs in every run, so that one that leaks somewhere can be looked for. */
function webhooks() {
  const channels = new Map<string, string>()
  const paths = new Map<string, string>()
  return {
    channelAt: (path: string) => channels.get(path),
    pathOf(channel: string): string {
      const known = paths.get(channel)
      if (known) return known
      const path = `/services/T0000LOCAL/B${String(paths.size + 1).padStart(4, '0')}/${randomBytes(12).toString('hex')}`
      channels.set(path, channel)
      paths.set(channel, path)
      return path
    },
  }
}

/** Answers that were ordered for channels, each for a number of posts. */
function orders() {
  const queues = new Map<string, SlackAnswer[]>()
  return {
    put: (channel: string, answer: SlackAnswer, times: number) =>
      queues.set(channel, [...(queues.get(channel) ?? []), ...Array.from({ length: times }, () => answer)]),
    take: (channel: string) => queues.get(channel)?.shift(),
  }
}

/**
 * Stands in for Slack's incoming webhooks on 127.0.0.1, and shows at `/` what was sent, as Slack would.
 * @param options.clock whose instants the messages bear
 * @param options.report HTML of the last sweep's report, where there is one: it is shown at `/report`
 */
export async function startSlackSink(
  options: {
    readonly port?: number
    readonly clock?: { now(): number }
    readonly report?: () => string | undefined
  } = {},
): Promise<SlackSink> {
  const { port = 0, clock = Date } = options
  const received: Received[] = []
  const listeners = new Set<(message: Received) => void>()
  const hooks = webhooks()
  const ordered = orders()
  const page = slackPage(options.report)

  const take = async (channel: string, request: IncomingMessage): Promise<SlackAnswer> => {
    const payload = parse(await bodyOf(request))
    const { status, body, faults } = judge(payload)
    const answer = ordered.take(channel) ?? { status, body }
    const seen = faults.length > 0 ? {} : (payload as SlackPayload)
    const message = { at: clock.now(), channel, payload: seen, status: answer.status, answer: answer.body, faults }
    received.push(message)
    if (message.status === 200) page.show(message)
    for (const listener of listeners) listener(message)
    return answer
  }

  const respond = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const path = (request.url ?? '/').split('?')[0] ?? '/'
    if (request.method !== 'POST') return page.serve(request, response)
    const channel = hooks.channelAt(path)
    const { status, body, headers } = channel === undefined ? NO_SERVICE : await take(channel, request)
    response.writeHead(status, { 'Content-Type': 'text/plain', ...headers }).end(body)
  }

  const server = createServer((request, response) => {
    respond(request, response).catch(() => response.destroy())
  })
  const url = await listen(server, port)
  return {
    url,
    webhook: (channel) => `${url}${hooks.pathOf(channel)}`,
    received: () => received,
    respondWith: (channel, next, times = 1) => ordered.put(channel, next, times),
    onMessage(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    close: () =>
      new Promise((resolve) => {
        page.close()
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
