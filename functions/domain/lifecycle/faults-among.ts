import { isRecord } from '../record.ts'
import type { PolicyFault } from './rule.ts'
import { isCount } from './written.ts'

/** As much of a rule as others are compared with; it may be faulty itself. */
type Outline = {
  /** Its priority, or its place in the list where it has none. */
  readonly name: number
  readonly priority: number | undefined
  readonly tagStatus: unknown
  readonly storageClass: unknown
  /** The texts that select tags, the same for the same texts in any order; undefined where there are none. */
  readonly tags: string | undefined
}

function outline(rule: unknown, index: number): Outline {
  const written = isRecord(rule) ? rule : {}
  const selection = isRecord(written.selection) ? written.selection : {}
  const { tagStatus, storageClass = 'standard', tagPatternList, tagPrefixList } = selection
  const list = tagPatternList ?? tagPrefixList
  const kind = tagPatternList === undefined ? 'tagPrefixList' : 'tagPatternList'
  const priority = isCount(written.rulePriority) ? written.rulePriority : undefined
  const tags = Array.isArray(list) ? `${kind} ${JSON.stringify([...new Set(list)].toSorted())}` : undefined
  return { name: priority ?? index + 1, priority, tagStatus, storageClass, tags }
}

/** The rules that have a key which a rule before them has, with the first that has it. */
function repeated(
  rules: readonly Outline[],
  keyOf: (rule: Outline) => unknown,
): readonly (readonly [rule: Outline, first: Outline])[] {
  const firsts = new Map<unknown, Outline>()
  return rules.flatMap((rule) => {
    const key = keyOf(rule)
    const first = firsts.get(key)
    if (key !== undefined && !first) firsts.set(key, rule)
    return first ? [[rule, first] as const] : []
  })
}

const samePriority = (rules: readonly Outline[]): PolicyFault[] =>
  repeated(rules, ({ priority }) => priority).map(([{ name }]) => ({
    rule: name,
    field: 'rulePriority',
    problem: `another rule has the priority ${name}`,
    instead: 'write a number that no other rule has',
  }))

const sameTags = (rules: readonly Outline[]): PolicyFault[] =>
  repeated(rules, ({ tags, storageClass }) => tags && `${storageClass} ${tags}`).map(([rule, first]) => ({
    rule: rule.name,
    field: `selection.${rule.tags?.split(' ')[0]}`,
    problem: `rule ${first.name} selects the same tags of the same storage class`,
    instead: 'select other tags, or make one rule of both',
  }))

/** A storage class has one rule for its untagged images, and one for any. */
const secondOfStatus = (rules: readonly Outline[]): PolicyFault[] =>
  repeated(rules, ({ tagStatus, storageClass }) =>
    tagStatus === 'untagged' || tagStatus === 'any' ? `${tagStatus} ${storageClass}` : undefined,
  ).map(([rule, first]) => ({
    rule: rule.name,
    field: 'selection.tagStatus',
    problem: `rule ${first.name} selects ${rule.tagStatus} images of the same storage class already`,
    instead: 'make one rule of both',
  }))

/** The rule for any image comes after all others of its storage class. */
function anyBeforeOthers(rules: readonly Outline[]): PolicyFault[] {
  const others = Map.groupBy(
    rules.filter(({ tagStatus }) => tagStatus !== 'any'),
    ({ storageClass }) => storageClass,
  )
  const lastOf = (storageClass: unknown): number =>
    (others.get(storageClass) ?? []).reduce((last, { priority = 0 }) => Math.max(last, priority), 0)
  return rules
    .filter(
      ({ tagStatus, priority = Infinity, storageClass }) => tagStatus === 'any' && priority < lastOf(storageClass),
    )
    .map(({ name, storageClass }) => ({
      rule: name,
      field: 'rulePriority',
      problem: `it takes any image, and rule ${lastOf(storageClass)} comes after it`,
      instead: `write a number above ${lastOf(storageClass)}`,
    }))
}

/** What ECR would refuse about rules that are each right by themselves. */
export function faultsAmong(written: readonly unknown[]): readonly PolicyFault[] {
  const rules = written.map(outline)
  return [...samePriority(rules), ...sameTags(rules), ...secondOfStatus(rules), ...anyBeforeOthers(rules)]
}
