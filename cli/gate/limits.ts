import { DEFAULT_LIMITS } from '../../functions/domain/gate/limits.ts'
import { type PolicyEntry, rulesFor } from '../../functions/domain/policy.ts'
import type { Severity } from '../../functions/domain/severity.ts'
import type { GateQuestion } from '../../functions/gate/ports.ts'
import type { GateOptions, Most } from './options.ts'

/** What the gate asks, and who says so. */
export type Asked = Pick<GateQuestion, 'limits' | 'limitsFrom' | 'limitsRule' | 'fixableOnly'>

const OPTIONS = {
  CRITICAL: 'maxCritical',
  HIGH: 'maxHigh',
  MEDIUM: 'maxMedium',
  LOW: 'maxLow',
  INFORMATIONAL: 'maxInformational',
  UNDEFINED: 'maxUndefined',
} as const satisfies Readonly<Record<Severity, keyof GateOptions>>

/** What the rule `vulnerabilities` asks of a repository, where it is in force. */
function fromPolicy(policy: readonly PolicyEntry[], repository: string, file: string): Asked | undefined {
  const found = rulesFor(policy, repository, 'image').find(({ rule }) => rule.id === 'vulnerabilities')
  if (!found) return undefined
  const { limits, fixableOnly } = found.parameters as Pick<Asked, 'limits' | 'fixableOnly'>
  const { line, severity } = found
  return { limits, fixableOnly, limitsFrom: `${file} line ${line}`, limitsRule: { line, severity } }
}

/**
 * Limits of the options; where they say nothing, those of the rule `vulnerabilities`; without it, none critical, none high.
 * @param file `steward.yaml`, as it is named to people
 */
export function limitsOf(
  options: Pick<GateOptions, (typeof OPTIONS)[Severity] | 'fixableOnly'>,
  policy: readonly PolicyEntry[],
  repository: string,
  file: string,
): Asked {
  const otherwise: Asked = { limits: DEFAULT_LIMITS, limitsFrom: 'default', fixableOnly: false }
  const { limits, limitsFrom, limitsRule, fixableOnly } = fromPolicy(policy, repository, file) ?? otherwise
  const given = Object.entries(OPTIONS).flatMap(([severity, option]): [string, Most][] =>
    options[option] === undefined ? [] : [[severity, options[option]]],
  )
  const changed: [string, Most][] = Object.entries({ ...limits, ...Object.fromEntries(given) })
  return {
    limits: Object.fromEntries(changed.filter(([, most]) => most !== 'any')),
    limitsFrom: [...given.map(([severity]) => `--max-${severity.toLowerCase()}`), limitsFrom].join(', '),
    // What the command line says of them, nobody has agreed to.
    limitsRule: given.length > 0 ? undefined : limitsRule,
    fixableOnly: fixableOnly || options.fixableOnly,
  }
}
