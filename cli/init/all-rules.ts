import type { ActiveRule } from '../../functions/domain/policy.ts'
import type { Rule } from '../../functions/domain/rule/rule.ts'
import { RULES } from '../../functions/domain/rulebook.ts'
import type { Policy } from '../../functions/judging/policy.ts'

/** Parameters of a rule by name as code has it. */
export type Given = Readonly<Record<string, unknown>>

/** What a rule is judged with where nobody says it: a list that has to be given is empty. */
export const parametersOf = ({ parameters }: Rule, given: Given = {}): Given => ({
  ...Object.fromEntries(Object.entries(parameters).map(([name, parameter]) => [name, parameter.default ?? []])),
  ...given,
})

/** A rule as no file has it yet. */
export const activeRule = (rule: Rule, given?: Given): ActiveRule => ({
  ...{ rule, mode: 'report', severity: rule.severity, line: 0 },
  parameters: parametersOf(rule, given),
})

/**
 * Whether it can be judged by what an account shows: whose signatures count on its images, and what may be in them, an owner alone can
 * know, and such a rule would read much to say nothing.
 */
export const isAskable = ({ about, parameters, needs }: Rule): boolean =>
  about !== 'image' ||
  (Object.values(parameters).every((one) => one.default !== undefined) &&
    !(needs as readonly string[]).includes('sboms'))

/** Every such rule, on everything, with the scan of every image. */
export const EVERY_RULE: Policy = {
  bases: [],
  rulesOn: ({ kind }) => RULES.filter((rule) => rule.about === kind && isAskable(rule)).map((rule) => activeRule(rule)),
  asksOfImages: () => true,
  readsScanOf: () => true,
}
