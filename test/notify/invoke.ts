import { createRequire } from 'node:module'

/** A process of its own around the bundle, as Lambda has one: an event in by message; answer and log lines out. */
const lines: unknown[] = []
for (const level of ['info', 'warn', 'error'] as const) console[level] = (line: unknown) => lines.push(line)

const { handler } = createRequire(import.meta.url)(process.argv[2] ?? '')

process.on('message', async (event) => {
  const { batchItemFailures } = await handler(event, { getRemainingTimeInMillis: () => 30_000 })
  process.send?.({ batchItemFailures, lines: lines.splice(0) })
})
