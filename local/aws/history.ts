import type { Call } from './service.ts'

const SECRET = new Set(['SecretString', 'SecretBinary', 'ExternalSecretString'])

/** A copy of an input in which secret values are replaced. */
export function redact(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(redact)
  if (value instanceof Date || value instanceof Uint8Array) return value
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name, SECRET.has(name) ? '(redacted)' : redact(item)]),
  )
}

/** What was called, oldest first. */
export function createHistory(): { calls: Call[]; record(call: Call): void } {
  const calls: Call[] = []
  return { calls, record: (call) => calls.push({ ...call, input: redact(call.input) }) }
}
