import type { Condition, NamedPattern } from '../domain/event-pattern.ts'
import type { PolicyEntry, RuleSetting } from '../domain/policy.ts'
import { repositoryWildcards } from '../domain/repository-wildcards.ts'
import { ruleOf } from '../domain/rulebook.ts'
import { isJudgedOnPush } from './contract.ts'

/** Names in one rule, and wildcards within them: EventBridge refuses what is long or too complex. */
const MOST_NAMES = 20
const MOST_WILDCARDS = 5

const condition = (name: string): Condition => {
  if (!name.includes('*')) return name
  return name.indexOf('*') === name.length - 1 ? { prefix: name.slice(0, -1) } : { wildcard: name }
}

const wildcardsIn = (conditions: readonly Condition[]): number =>
  conditions
    .flatMap((one) => (typeof one === 'object' && 'wildcard' in one ? [String(one.wildcard)] : []))
    .join('')
    .split('*').length - 1

/** Names of repositories as a rule asks for them; none where a rule cannot ask for them, or where all are meant. */
function namesLike(patterns: readonly string[]): { readonly 'repository-name'?: readonly Condition[] } {
  const names = repositoryWildcards(patterns)
  const conditions = names.map(condition)
  if (names.includes('*') || names.length > MOST_NAMES || wildcardsIn(conditions) > MOST_WILDCARDS) return {}
  return { 'repository-name': conditions }
}

function isJudged({ rule: id, mode }: RuleSetting): boolean {
  const rule = ruleOf(id)
  return mode !== 'off' && rule !== undefined && rule.about !== 'registry' && isJudgedOnPush(rule)
}

/** Patterns of the repositories that some rule on a push is in force for. */
const judgedOnPush = (policy: readonly PolicyEntry[]): readonly string[] =>
  policy.filter(({ rules }) => rules.some(isJudged)).flatMap(({ repositories }) => repositories)

/** Every push that succeeded. */
export const PUSHES = {
  source: ['aws.ecr'],
  'detail-type': ['ECR Image Action', 'ECR Referrer Action'],
  detail: { 'action-type': ['PUSH'], result: ['SUCCESS'] },
} as const

/**
 * The rule of push-check, for the repositories that rules are in force for; none where there is no such repository.
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/ecr-eventbridge.html
 */
export function pushPatterns(policy: readonly PolicyEntry[]): readonly NamedPattern[] {
  const repositories = judgedOnPush(policy)
  if (repositories.length === 0) return []
  return [
    {
      id: 'Push',
      description: 'An image was pushed, or what refers to one, to a repository that rules are in force for',
      pattern: { ...PUSHES, detail: { ...PUSHES.detail, ...namesLike(repositories) } },
    },
  ]
}
