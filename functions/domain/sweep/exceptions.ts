import { type Exception, isExpired } from '../exception.ts'
import { expiresSoon } from '../exception-report.ts'
import { listed } from '../listed.ts'
import { increase } from './counting.ts'
import type { RecordedException } from './record.ts'
import type { ExceptionState } from './report.ts'

const STATES = ['expired', 'expires-soon', 'unused', 'holds'] as const

const keyOf = ({ line, owner, expires }: Pick<Exception, 'line' | 'owner' | 'expires'>): string =>
  `${line} ${expires} ${owner}`

/** `CVE-2026-0001 of openssl in prod/*, tags 1.*`. */
function about({ finding, rule, package: name, repositories, tags, digest }: Exception): string {
  const what = finding === undefined ? String(rule) : name === undefined ? finding : `${finding} of ${name}`
  return [
    `${what} in ${listed(repositories)}`,
    ...(tags ? [`tags ${listed(tags)}`] : []),
    ...(digest ? [digest] : []),
  ].join(', ')
}

/** Counts what exceptions speak of. */
export type ExceptionUses = {
  /** The exception of a finding or a verdict, where it has one. */
  readonly add: (exception: RecordedException | undefined) => void
  /**
   * Those that need a look first, then as in steward.yaml.
   * @param isComplete whether everything was seen: else none is called unused
   */
  readonly report: (isComplete: boolean) => ExceptionState[]
}

export function createExceptionUses(exceptions: readonly Exception[], now: Date): ExceptionUses {
  const uses = new Map<string, number>()
  const stateOf = (exception: Exception, used: number, isComplete: boolean): ExceptionState['state'] => {
    if (isExpired(exception, now)) return 'expired'
    if (expiresSoon(exception, now)) return 'expires-soon'
    return used === 0 && isComplete ? 'unused' : 'holds'
  }
  return {
    add(exception) {
      if (exception) increase(uses, keyOf(exception))
    },
    report: (isComplete) =>
      exceptions
        .map((exception) => {
          const { owner, reason, expires, line } = exception
          const used = uses.get(keyOf(exception)) ?? 0
          const state = stateOf(exception, used, isComplete)
          return { what: about(exception), owner, reason, expires, line, uses: used, state }
        })
        .toSorted((a, b) => STATES.indexOf(a.state) - STATES.indexOf(b.state) || a.line - b.line),
  }
}
