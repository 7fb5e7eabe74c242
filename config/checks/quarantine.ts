import { covers } from '../../functions/domain/pattern.ts'
import type { PolicyEntry, RuleSetting } from '../../functions/domain/policy.ts'
import { tagImmutability } from '../../functions/domain/rules/tag-immutability.ts'
import type { PathFault } from '../shape.ts'
import type { StewardConfig } from '../steward-config.ts'

/** What decides on the tags of all repositories that a pattern matches; undefined where that is not known, or nothing does. */
const onTags = (policy: readonly PolicyEntry[], pattern: string): RuleSetting | undefined =>
  policy
    .filter(({ repositories }) => repositories.some((one) => covers(one, pattern)))
    .flatMap(({ rules }) => rules)
    .find(({ rule }) => rule === tagImmutability.id)

const isImmutable = ({ mode, parameters }: RuleSetting): boolean =>
  mode === 'enforce' && (parameters.exclusions as readonly string[]).length === 0

const MESSAGE =
  'quarantine has nothing to do there: tag-immutability is in enforce for the same repositories, and a tag that is immutable stays. ' +
  'Let tags move with exclusions, or take quarantine out'

/** Quarantine where the policy itself makes all tags immutable, so that none is ever moved. */
export function doubtfulQuarantine({ policy }: StewardConfig): PathFault[] {
  return policy.flatMap(({ repositories, rules }, index): PathFault[] => {
    const asked = rules.filter(({ quarantine }) => quarantine)
    const deciding = repositories.map((pattern) => onTags(policy, pattern))
    if (asked.length === 0 || !deciding.every((setting) => setting && isImmutable(setting))) return []
    return asked.map(({ rule }) => ({
      path: ['policy', index, 'rules', rule, 'quarantine'],
      at: 'key',
      message: MESSAGE,
    }))
  })
}
