import { EXIT, type Exit } from '../cli/exit.ts'
import type { GateResult } from '../functions/domain/gate/result.ts'

/** Every output of `action.yml`. */
export type Outputs = Readonly<
  Record<'outcome' | 'exit-code' | 'verdict' | 'critical' | 'high' | 'medium' | 'low' | 'digest' | 'uri', string>
>

const outcomeOf = (code: number): Exit =>
  (Object.keys(EXIT) as Exit[]).find((exit) => EXIT[exit].code === code) ?? 'unknown'

/**
 * What later steps are told.
 * @param result absent where nothing was judged: there are no counts then, which are not 0
 */
export function outputsOf(code: number, result: GateResult | undefined): Outputs {
  const count = (severity: keyof GateResult['counts']): string =>
    result === undefined ? '' : String(result.counts[severity] ?? 0)
  const passed = code === EXIT.pass.code ? result?.image : undefined
  return {
    ...{ outcome: outcomeOf(code), 'exit-code': String(code), verdict: result?.verdict ?? 'unknown' },
    ...{ critical: count('CRITICAL'), high: count('HIGH'), medium: count('MEDIUM'), low: count('LOW') },
    // What does not pass has no digest to deploy, as with --digest-file.
    ...{ digest: passed?.digest ?? '', uri: passed?.uri ?? '' },
  }
}

/**
 * Lines for the file of `GITHUB_OUTPUT`.
 * @param end a text that is in none of the values
 * @see https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands#multiline-strings
 */
export const outputLines = (outputs: Outputs, end: string): string =>
  Object.entries(outputs)
    .map(([name, value]) => `${name}<<${end}\n${value}\n${end}\n`)
    .join('')
