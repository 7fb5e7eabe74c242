import type { Excepted } from './exception.ts'

/** What is agreed on a finding or a verdict, or no longer: `excepted until 2027-01-31 by team-a: … (steward.yaml, line 12)`. */
export function agreementInWords({ state, exception }: Excepted): string {
  const { owner, expires, reason, line } = exception
  const where = `${reason} (steward.yaml, line ${line})`
  return state === 'excepted'
    ? `excepted until ${expires} by ${owner}: ${where}`
    : `the exception of ${owner} expired on ${expires}: ${where}`
}
