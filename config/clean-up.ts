import type { CleanUpPolicy } from '../functions/domain/clean-up/policy.ts'
import type { Rule } from '../functions/domain/lifecycle/rule.ts'
import type { LineOf } from './fault.ts'
import type { RulesOf } from './policy-files.ts'
import { slackOf } from './schema/channels.ts'
import type { CleanUpSection } from './schema/clean-up.ts'

/** Built into the function as JSON, which knows no `undefined`. */
const plainJson = ({ description, ...rule }: Rule): Rule => ({
  ...rule,
  ...(description !== undefined && { description }),
})

const unique = (texts: readonly string[]): string[] => [...new Set(texts)]

/** @param rulesOf the rules of a policy file that has no fault */
export function toCleanUp(section: CleanUpSection, rulesOf: RulesOf, lineOf: LineOf): CleanUpPolicy {
  const { mode, schedule, to, policies, 'at-most': atMost, 'in-use': inUse } = section
  return {
    mode,
    schedule,
    slack: slackOf(to),
    atMost: { images: atMost.images, shareOfRepository: atMost.share, shareOfRegistry: atMost['share-of-registry'] },
    entries: policies.map((entry, index) => ({
      ...entry,
      rules: rulesOf(entry.policy).map(plainJson),
      line: lineOf(['clean-up', 'policies', index]),
    })),
    inUse: {
      taskDefinitions: inUse['task-definitions'],
      regions: unique(inUse.regions),
      accounts: unique(inUse.accounts),
      ignoreSources: unique(inUse['ignore-sources']),
      ignoreAccounts: unique(inUse['ignore-accounts']),
      pins: inUse.pins.map((pin, index) => ({ ...pin, line: lineOf(['clean-up', 'in-use', 'pins', index]) })),
    },
  }
}
