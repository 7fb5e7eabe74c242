import type { GateFinding, GatePlatform, GateResult, GateRule } from '../../../../functions/domain/gate/result.ts'
import { SEVERITIES, type Severity } from '../../../../functions/domain/severity.ts'
import { agreedText, overLimit, packageText, platformName } from '../../words.ts'
import { unlistedOf } from '../unlisted.ts'

/** What became of a test, with why in a line, and more on it in further ones. */
export type Said = {
  readonly kind: 'failure' | 'error' | 'skipped'
  /** A word for what went wrong. */
  readonly type: string
  readonly message: string
  readonly more: readonly string[]
}

/** One test; what says nothing has passed. Texts from outside: escape them. */
export type Case = { readonly name: string; readonly said?: Said | undefined }

const skipped = (message: string): Said => ({ kind: 'skipped', type: 'skipped', message, more: [] })

const scanCase = (platform: GatePlatform, alone: boolean): Case => {
  const { problem, status = 'none', digest } = platform
  return {
    name: alone ? 'scan' : `scan of ${platformName(platform)}`,
    said: problem === undefined ? undefined : { kind: 'error', type: status, message: problem, more: [digest] },
  }
}

/** A limit that nothing is over is no pass where not everything is known. */
function limitCase(result: GateResult, severity: Severity): Case {
  const { counts, limits, limitsFrom, platforms } = result
  const word = severity.toLowerCase()
  const name = `${word} findings within the limit`
  const unlisted = unlistedOf(result).filter((one) => one.severity === severity)
  if (overLimit(result).includes(severity)) {
    const message = `${counts[severity]} ${word} count, and there may be ${limits[severity]} (${limitsFrom})`
    return { name, said: { kind: 'failure', type: severity, message, more: unlisted.map(({ text }) => text) } }
  }
  const isKnown = platforms.length > 0 && platforms.every(({ problem }) => problem === undefined)
  return { name, said: isKnown ? undefined : skipped('Not known: not every scan could be read.') }
}

const sayIf = (label: string, value: string | undefined): readonly string[] =>
  value === undefined || value === '' ? [] : [`${label}: ${value}`]

function findingCase(finding: GateFinding): Case {
  const { id, package: name, exception, severity, fixed, platforms, layer, url, installed } = finding
  const test = `${id} in ${name}`
  if (!finding.over) return { name: test, said: exception && skipped(`Excepted ${agreedText(exception)}`) }
  const more = [
    ...[...sayIf('installed', installed), ...sayIf('fixed in', fixed), ...sayIf('platforms', platforms.join(', '))],
    ...[...sayIf('layer', layer), ...sayIf('more on it', url)],
    ...sayIf('exception that has ended', exception && agreedText(exception)),
  ]
  const message = `${severity.toLowerCase()}: ${packageText(finding)}`
  return { name: test, said: { kind: 'failure', type: severity, message, more } }
}

function ruleCase({ rule, outcome, severity, reason, fix, evidence, exception }: GateRule): Case {
  const name = `rule ${rule}`
  if (outcome === 'pass') return { name }
  if (outcome === 'not-applicable') return { name, said: skipped(`It does not apply: ${reason}`) }
  if (exception?.state === 'excepted') return { name, said: skipped(`Excepted ${agreedText(exception)}. ${reason}`) }
  const more = [
    ...evidence.map((one) => `${one.name}: ${one.value}`),
    ...[fix?.text, fix?.command, fix?.cdk].filter((line) => line !== undefined),
    ...sayIf('exception that has ended', exception && agreedText(exception)),
  ]
  if (outcome === 'fail') return { name, said: { kind: 'failure', type: severity, message: reason, more } }
  return { name, said: { kind: 'error', type: 'unknown', message: reason, more } }
}

/** Where nothing else says why it does not pass. */
function verdictCase({ verdict, reasons }: GateResult, cases: readonly Case[]): readonly Case[] {
  const kind = verdict === 'fail' ? 'failure' : 'error'
  if (verdict === 'pass' || cases.some(({ said }) => said?.kind === kind)) return []
  return [{ name: 'verdict', said: { kind, type: verdict, message: reasons.join(' '), more: [] } }]
}

/** As `--on-unknown pass` asks: nothing is red where nothing stops. */
const letThrough = (one: Case): Case =>
  one.said === undefined || one.said.kind === 'skipped'
    ? one
    : { ...one, said: skipped(`Let through unjudged, as --on-unknown pass says: ${one.said.message}`) }

/**
 * A test for each scan, for each limit, for each rule, and for each finding that is over a limit or excepted. Names are
 * those of the last image too, so that a history shows since when one fails.
 */
export function casesOf(result: GateResult): readonly Case[] {
  const { platforms, rules, findings, limits, lenient, verdict } = result
  const limited = SEVERITIES.filter((severity) => limits[severity] !== undefined)
  const cases = [
    ...platforms.map((platform) => scanCase(platform, platforms.length === 1)),
    ...limited.map((severity) => limitCase(result, severity)),
    ...rules.map(ruleCase),
    ...findings.filter(({ over, state }) => over || state === 'excepted').map(findingCase),
  ]
  const all = [...verdictCase(result, cases), ...cases]
  return lenient && verdict === 'unknown' ? all.map(letThrough) : all
}
