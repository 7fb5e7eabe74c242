import { getDotPath, safeParse } from 'valibot'
import { type Alert, AlertSchema } from '../domain/alert.ts'

export type AlertRead = { readonly alert: Alert } | { readonly fault: string }

const MOST_FAULTS = 5

/** The alert in the body of a record, or which of its fields are not what they should be. Long values are cut. */
export function readAlert(body: string): AlertRead {
  let parsed: unknown
  try {
    parsed = JSON.parse(body)
  } catch {
    return { fault: 'the body is not JSON' }
  }
  const { success, output, issues } = safeParse(AlertSchema, parsed)
  if (success) return { alert: output }
  const faults = issues.slice(0, MOST_FAULTS).map((issue) => {
    const place = getDotPath(issue) ?? 'the body'
    if (issue.received === 'undefined') return `${place}: missing`
    const found = issue.received.length > 40 ? `${issue.received.slice(0, 40)}…` : issue.received
    return `${place}: expected ${issue.expected}, found ${found}`
  })
  const more = issues.length > MOST_FAULTS ? [`and ${issues.length - MOST_FAULTS} more`] : []
  return { fault: [...faults, ...more].join('; ') }
}
