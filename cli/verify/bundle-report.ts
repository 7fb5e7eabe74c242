import type { Verified } from '../../functions/policy/evidence/ports.ts'
import { oneLine, type Paint } from '../terminal.ts'

/** `2024-03-19 17:26:26 UTC` */
const when = (at: string): string => at.replace('T', ' ').replace(/(\.\d+)?Z$/, ' UTC')

/** Who, how and when, or why not: sentences for people. */
export function bundleText({ check, predicateType }: Verified, digest: string, paint: Paint): string {
  if (check.state !== 'verified') return `${paint('red', 'Refused:')} ${oneLine(check.why)}\n  ${digest}\n`
  const said = predicateType === undefined ? 'Signed' : `${oneLine(predicateType)} is attested`
  const since = check.at === undefined ? '' : ` on ${when(check.at)}`
  return `${paint('green', 'Verified:')} ${said} by ${oneLine(check.who)}${since}, known ${check.how}.\n  ${digest}\n`
}

/** The same for programs. Of what is refused, nothing that it says is repeated. */
export function bundleJson({ check, predicateType, predicate, annotations }: Verified, digest: string): string {
  const { state: _, ...rest } = check.state === 'verified' ? check : { state: check.state, why: check.why }
  const { signers: __, ...told } = { signers: [], ...rest }
  const said = check.state === 'verified' ? { predicateType, predicate, annotations } : {}
  return `${JSON.stringify({ artifact: digest, verified: check.state === 'verified', ...told, ...said }, undefined, 2)}\n`
}
