import * as v from 'valibot'
import { MODES, type Mode } from '../../functions/domain/policy.ts'
import { mayQuarantine } from '../../functions/domain/quarantine/quarantine.ts'
import { kebab } from '../../functions/domain/rule/kebab.ts'
import type { Rule, SubjectKind } from '../../functions/domain/rule/rule.ts'
import { RULES } from '../../functions/domain/rulebook.ts'
import { SEVERITIES, type Severity } from '../../functions/domain/severity.ts'
import { didYouMean, oneOf } from '../suggest.ts'
import { parameterSchema } from './parameters.ts'
import { expected, pick, wordOr } from './words.ts'

/** What the file says of a rule, with the parameters that it leaves out. */
export type RuleInForce = {
  readonly mode: Mode
  readonly severity?: Severity
  readonly parameters: Readonly<Record<string, unknown>>
  readonly quarantine?: true
}

/** A rule as one writes it; parameters in kebab-case. */
type WrittenRule = {
  readonly mode: Mode
  readonly severity?: Severity
  readonly quarantine?: boolean
  readonly [parameter: string]: unknown
}

/** What a rule may weigh: `UNDEFINED` is for what could not be judged. */
const KNOWN = SEVERITIES.filter((severity) => severity !== 'UNDEFINED')

const modesOf = ({ enforceable }: Rule): readonly Mode[] => MODES.filter((mode) => enforceable || mode !== 'enforce')

const isEmpty = (value: unknown): boolean =>
  value === undefined || (typeof value === 'object' && value !== null && Object.keys(value).length === 0)

/** `limit: 1 GB`, for each parameter that has to be given in a mode and is not. */
function missingIn(rule: Rule, { mode, ...given }: WrittenRule): string[] {
  if (mode === 'off') return []
  return Object.entries(rule.parameters)
    .filter(([, one]) => one.default === undefined || (mode === 'enforce' && one.requiredToEnforce === true))
    .filter(([name]) => isEmpty(given[kebab(name)]))
    .map(([name, { example }]) => `${kebab(name)}: ${example}`)
}

const alsoExpected = (rule: Rule, written: WrittenRule): string =>
  `expected also ${missingIn(rule, written).join(', ')}${written.mode === 'enforce' ? ': enforce sets it' : ''}`

/** The modes that need no more than their name. */
const wordsOf = (rule: Rule): readonly Mode[] => modesOf(rule).filter((mode) => missingIn(rule, { mode }).length === 0)

const NO_REMEDY = 'nothing that is safe and can be taken back mends what this rule finds'

const unlessEnforceable = (rule: Rule, input: unknown): string =>
  input === 'enforce' && !rule.enforceable ? `: ${NO_REMEDY}` : ''

/** Only of rules that are judged when an image is pushed: nothing is put in quarantine later. */
const quarantineEntry = (rule: Rule): v.ObjectEntries =>
  mayQuarantine(rule)
    ? {
        quarantine: v.optional(
          v.pipe(
            v.boolean(expected('true or false')),
            v.description('true: an image that fails it when it is pushed loses its tags to tags of quarantine.'),
          ),
        ),
      }
    : {}

const isQuarantineOff = ({ mode, quarantine }: WrittenRule): boolean => mode === 'off' && quarantine === true

const mappingSchema = (rule: Rule) => {
  const parameters = Object.entries(rule.parameters).map(
    ([name, parameter]) => [kebab(name), parameterSchema(parameter)] as const,
  )
  const entries = {
    mode: v.pipe(
      pick(modesOf(rule), (input) => `${oneOf(modesOf(rule))}${unlessEnforceable(rule, input)}`),
      v.description('off: not judged. report: a fail is told. enforce: it is put right and told.'),
    ),
    severity: v.optional(v.pipe(pick(KNOWN), v.description(`In place of ${rule.severity}.`))),
    ...quarantineEntry(rule),
    ...Object.fromEntries(parameters),
  }
  return v.pipe(
    v.strictObject(entries, expected('a mapping with mode')),
    v.check(
      (input) => missingIn(rule, input as WrittenRule).length === 0,
      ({ input }) => alsoExpected(rule, input as WrittenRule),
    ),
    v.check(
      (input) => !isQuarantineOff(input as WrittenRule),
      'found quarantine: true with mode: off, expected mode: report: what is not judged never fails',
    ),
    v.transform((input): RuleInForce => inForce(rule, input as WrittenRule)),
  )
}

const inForce = (rule: Rule, { mode, severity, quarantine, ...given }: WrittenRule): RuleInForce => ({
  mode,
  ...(severity && { severity }),
  ...(quarantine && { quarantine }),
  parameters: Object.fromEntries(Object.keys(rule.parameters).map((name) => [name, given[kebab(name)]])),
})

/** `, or { mode: report, limit: 1 GB }`, where it is a parameter that was meant. */
function orMapping(rule: Rule, input: unknown): string {
  const [first] = Object.entries(rule.parameters)
  if (!first || didYouMean(input, MODES) !== '') return ''
  const [name, { example }] = first
  return `, or a mapping such as { mode: report, ${kebab(name)}: ${example} }`
}

function wrongWord(rule: Rule, input: unknown): string {
  const mode = modesOf(rule).find((one) => one === input)
  if (!mode) return `${oneOf(modesOf(rule))}${unlessEnforceable(rule, input)}${orMapping(rule, input)}`
  return `a mapping such as { mode: ${mode}, ${missingIn(rule, { mode }).join(', ')} }`
}

/** `report`, or `{ mode: report, severity: HIGH, limit: 1 GB }`. */
export function ruleSchema(rule: Rule) {
  const whole = mappingSchema(rule)
  const word = v.pipe(
    pick(wordsOf(rule), (input) => wrongWord(rule, input)),
    v.transform((mode): RuleInForce => (mode === 'off' ? { mode, parameters: {} } : v.parse(whole, { mode }))),
  )
  return v.pipe(wordOr(word, whole), v.description(`${rule.summary} ${rule.why} ${rule.severity} by default.`))
}

/** A mapping of the rules on some subjects, in the order of the rulebook. */
export function rulesSchema(about: readonly SubjectKind[]) {
  const rules = RULES.filter((rule) => about.includes(rule.about))
  const entries: Record<
    string,
    v.OptionalSchema<v.GenericSchema<unknown, RuleInForce>, undefined>
  > = Object.fromEntries(rules.map((rule) => [rule.id, v.optional(ruleSchema(rule))]))
  const example = `${rules[0]?.id}: report`
  const schema = v.pipe(
    v.strictObject(entries, expected(`a mapping of rules, such as ${example}`)),
    v.minEntries(1, expected(`at least one rule, such as ${example}`)),
    v.description(
      'Rules by name, each with its mode or with a mapping of mode, severity and parameters: docs/rules.md.',
    ),
  )
  return { ...schema, example: `{ ${example} }` }
}
