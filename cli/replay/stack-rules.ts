import type { StewardConfig } from '../../config/load.ts'
import type { EventPattern, NamedPattern } from '../../functions/domain/event-pattern.ts'
import { describe } from '../../functions/events/invalid-event.ts'
import { pushPatterns } from '../../functions/push-check/patterns.ts'
import { scanAlertPatterns } from '../../functions/scan-alert/patterns.ts'
import { watchPatterns } from '../../functions/watch/patterns.ts'
import { compilePattern, type Matcher } from './pattern/matcher.ts'
import { unmetBy } from './pattern/unmet.ts'

/** Functions that events of EventBridge are for. */
export type EventFunction = 'scan-alert' | 'push-check' | 'watch'

/** A rule of the stack, as `steward.yaml` makes it. */
export type StackRule = {
  /** `scan-alert/BasicScan` */
  readonly name: string
  readonly function: EventFunction
  readonly pattern: EventPattern
  readonly matches: Matcher
}

const rulesOf = (name: EventFunction, patterns: readonly NamedPattern[]): StackRule[] =>
  patterns.map(({ id, pattern }) => ({
    ...{ name: `${name}/${id}`, function: name, pattern },
    matches: compilePattern(pattern),
  }))

/** Every rule on events that a stack with this configuration has. */
export const stackRules = ({ alerts, policy, registry }: StewardConfig): readonly StackRule[] => [
  ...rulesOf('scan-alert', scanAlertPatterns(alerts)),
  ...rulesOf('push-check', pushPatterns(policy)),
  ...rulesOf('watch', watchPatterns(policy, registry)),
]

/** Rules that are told of: those that miss the least. */
const MOST = 2

/** Conditions that are told of one rule. */
const CONDITIONS = 2

function inShort(conditions: readonly string[]): string {
  const rest = conditions.length - CONDITIONS
  return [...conditions.slice(0, CONDITIONS), ...(rest > 0 ? [`and ${rest} more`] : [])].join('; ')
}

const field = (event: object, name: string): unknown => Reflect.get(event, name)

const isOf = (event: object, { pattern }: StackRule): boolean =>
  pattern.source.some((source) => source === field(event, 'source')) &&
  pattern['detail-type'].some((type) => type === field(event, 'detail-type'))

/** Why no rule lets an event through, in words of the patterns: a line for each rule on its kind of event. */
export function whyStopped(event: object, rules: readonly StackRule[]): readonly string[] {
  const near = rules.filter((rule) => isOf(event, rule))
  if (near.length === 0) {
    const [source, type] = [describe(field(event, 'source')), describe(field(event, 'detail-type'))]
    return [`no rule is on the detail-type ${type} of the source ${source}`]
  }
  const unmet = near.map(({ name, pattern }) => ({ name, conditions: unmetBy(event, pattern) }))
  return unmet
    .toSorted((a, b) => a.conditions.length - b.conditions.length)
    .slice(0, MOST)
    .map(({ name, conditions }) => `${name}: ${inShort(conditions)}`)
}
