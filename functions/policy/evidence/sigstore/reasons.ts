import { VerificationError } from '@sigstore/verify'
import { Refused } from './refused.ts'

const has = (error: unknown, words: string): boolean => error instanceof Error && error.message.includes(words)

/** Of its causes, the innermost: the library wraps what it found out. */
const root = (error: Error): unknown => (error.cause instanceof Error ? root(error.cause) : error)

const certificate = (error: Error): string => {
  if (has(error, 'SCT')) return 'No trusted log knows its certificate.'
  return has(root(error), 'expired')
    ? 'Its certificate was not valid when it was signed.'
    : 'Its certificate was not issued by a trusted authority.'
}

const timestamp = (error: Error): string => {
  if (has(error, 'got 0')) return 'Nobody vouches for when it was signed.'
  return has(error, 'duplicate')
    ? 'It has the same timestamp twice.'
    : 'Its timestamp is of no trusted authority, or of something else.'
}

const body = (error: Error): string =>
  has(error, 'unsupported')
    ? 'Its transparency log entry is of a kind that is not read here.'
    : 'Its transparency log entry is about something else.'

/** What the library's codes mean. @see https://github.com/sigstore/sigstore-js/blob/main/packages/verify/src/error.ts */
const REASONS: Readonly<Record<string, (error: Error) => string>> = {
  CERTIFICATE_ERROR: certificate,
  TIMESTAMP_ERROR: timestamp,
  TLOG_BODY_ERROR: body,
  TLOG_ERROR: () => 'It has no entry in a transparency log.',
  TLOG_INCLUSION_PROMISE_ERROR: () => 'Its transparency log entry is not signed by a trusted log.',
  TLOG_INCLUSION_PROOF_ERROR: () => 'Its transparency log entry is not proven to be in a trusted log.',
  TLOG_MISSING_INCLUSION_ERROR: () => 'Its transparency log entry is not proven to be in a trusted log.',
}

/** Why it is refused, in a sentence. Whatever is thrown while reading what others wrote is a reason. */
export function reasonOf(error: unknown): string {
  if (error instanceof Refused) return error.message
  const reason = error instanceof VerificationError ? REASONS[error.code] : undefined
  return reason ? reason(error as Error) : 'It is malformed.'
}
