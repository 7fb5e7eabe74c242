import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Node } from './node.ts'
import { type Shown, viewOf } from './view.ts'

const TYPES = { html: 'text/html', css: 'text/css', js: 'text/javascript', svg: 'image/svg+xml' } as const

const ASSETS: Readonly<Record<string, { file: string; type: string }>> = {
  '/': { file: 'index.html', type: TYPES.html },
  '/page.css': { file: 'page.css', type: TYPES.css },
  '/page.js': { file: 'page.js', type: TYPES.js },
  '/avatar.svg': { file: 'avatar.svg', type: TYPES.svg },
}

/** Nothing from elsewhere, nothing inline: what a message holds can neither run nor load anything. */
const HEADERS = {
  'Content-Security-Policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cache-Control': 'no-store',
} as const

/** A report says itself what it may load: nothing. */
const REPORT_HEADERS = {
  ...HEADERS,
  'Content-Security-Policy': "frame-ancestors 'none'",
  'Content-Type': `${TYPES.html}; charset=utf-8`,
} as const

/** Another name in `Host` is another site that had its name lead here, to read what is shown. */
const isLocal = (host = ''): boolean => /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/.test(host)

/** One event of a stream; JSON holds no line breaks. */
const eventOf = (id: string, view: Node): string => `id: ${id}\ndata: ${JSON.stringify(view)}\n\n`

export type SlackPage = {
  show(message: Shown): void
  serve(request: IncomingMessage, response: ServerResponse): void
  close(): void
}

/** Events of a reader that comes back after `last`; all of them for a new one, or after a restart. */
const missed = (events: readonly { id: string; text: string }[], last: string): string[] =>
  events.slice(events.findIndex(({ id }) => id === last) + 1).map(({ text }) => text)

/**
 * The page that shows messages as they come, over server-sent events; beside it, at `/report`, that of the last sweep.
 * @see https://html.spec.whatwg.org/multipage/server-sent-events.html
 */
export function slackPage(report: () => string | undefined = () => undefined): SlackPage {
  const run = randomUUID()
  const events: { readonly id: string; readonly text: string }[] = []
  const readers = new Set<ServerResponse>()

  const stream = (request: IncomingMessage, response: ServerResponse): void => {
    response.writeHead(200, { ...HEADERS, 'Content-Type': 'text/event-stream' })
    response.write(`retry: 1000\nevent: run\ndata: ${run}\n\n`)
    for (const text of missed(events, String(request.headers['last-event-id'] ?? ''))) response.write(text)
    readers.add(response)
    response.on('close', () => readers.delete(response))
  }

  return {
    show(message) {
      const id = `${run}.${events.length}`
      const event = { id, text: eventOf(id, viewOf(message)) }
      events.push(event)
      for (const reader of readers) reader.write(event.text)
    },
    serve(request, response) {
      const path = (request.url ?? '/').split('?')[0] ?? '/'
      if (!isLocal(request.headers.host)) response.writeHead(403, HEADERS).end('This page is for 127.0.0.1 alone.\n')
      else if (path === '/events') stream(request, response)
      else if (path === '/report' && report() !== undefined) response.writeHead(200, REPORT_HEADERS).end(report())
      else if (Object.hasOwn(ASSETS, path)) {
        const { file, type } = ASSETS[path] as { file: string; type: string }
        response.writeHead(200, { ...HEADERS, 'Content-Type': `${type}; charset=utf-8` })
        response.end(readFileSync(new URL(`page/${file}`, import.meta.url)))
      } else response.writeHead(404, HEADERS).end('Nothing is here. The messages are at /.\n')
    },
    close() {
      for (const reader of readers) reader.end()
    },
  }
}
