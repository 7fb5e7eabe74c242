import type { Call } from './service.ts'

const SECRET = new Set(['SecretString', 'SecretBinary', 'ExternalSecretString'])

/** A copy of an input in which secret values, and bytes, which may be many, are replaced. */
export function redact(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(redact)
  if (value instanceof Uint8Array) return `(${value.length} bytes)`
  if (value instanceof Date) return value
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name, SECRET.has(name) ? '(redacted)' : redact(item)]),
  )
}

/** Calls that are kept: a server that stays up for days must not grow. */
const KEPT = 2_000

/** What was called, oldest first; the last thousands of it. */
export function createHistory(): { calls: Call[]; record(call: Call): void } {
  const calls: Call[] = []
  return {
    calls,
    record({ service, operation, accessKeyId, input, status, error, at }) {
      const call = { service, operation, accessKeyId, input: redact(input), status, at }
      calls.push(error === undefined ? call : { ...call, error })
      if (calls.length > 2 * KEPT) calls.splice(0, calls.length - KEPT)
    },
  }
}
