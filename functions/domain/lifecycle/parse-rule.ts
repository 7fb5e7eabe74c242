import { isRecord } from '../record.ts'
import { classFrom, countFrom } from './parse-count.ts'
import { tagsFrom } from './parse-tags.ts'
import type { PolicyFault, Rule } from './rule.ts'
import { isCount, oneOf, shown, type Tell, type Written, wrong } from './written.ts'

const FIELDS = {
  rule: ['rulePriority', 'description', 'selection', 'action'],
  selection: ['tagStatus', 'tagPatternList', 'tagPrefixList', 'storageClass', 'countType', 'countUnit', 'countNumber'],
  action: ['type', 'targetStorageClass'],
} as const

const MOST_DESCRIPTION = 256

function tellUnknown(written: Written, part: keyof typeof FIELDS, tell: Tell): void {
  const known: readonly string[] = FIELDS[part]
  for (const name of Object.keys(written).filter((one) => !known.includes(one))) {
    const field = part === 'rule' ? name : `${part}.${name}`
    tell(field, 'there is no such field', `the fields of ${part} are ${known.join(', ')}`)
  }
}

/** An object of the rule; undefined, and told, where there is none. */
function partOf(rule: Written, name: 'selection' | 'action', tell: Tell): Written | undefined {
  const value = rule[name]
  if (!isRecord(value)) {
    const needed = name === 'selection' ? 'tagStatus, countType and countNumber' : '"type": "expire"'
    tell(name, wrong(value, 'is no object'), `write an object with ${needed}`)
    return undefined
  }
  tellUnknown(value, name, tell)
  return value
}

function descriptionFrom({ description }: Written, tell: Tell): string | undefined {
  if (typeof description === 'string') {
    if (description.length <= MOST_DESCRIPTION) return description
    tell('description', `it has ${description.length} characters`, `write at most ${MOST_DESCRIPTION}`)
  } else if (description !== undefined) {
    tell('description', `${shown(description)} is no text`, 'write a text, or leave it out')
  }
  return undefined
}

function priorityFrom({ rulePriority }: Written, tell: Tell): number | undefined {
  if (isCount(rulePriority)) return rulePriority
  tell('rulePriority', wrong(rulePriority, 'is no whole number from 1'), 'write a number that no other rule has')
  return undefined
}

function actionFrom(action: Written, tell: Tell): Rule['action'] | undefined {
  const type = oneOf(['expire', 'transition'], action.type, 'action.type', tell)
  const field = 'action.targetStorageClass'
  if (type === 'transition') {
    oneOf(['archive'], action.targetStorageClass, field, tell)
    return 'archive'
  }
  if (type === 'expire' && action.targetStorageClass !== undefined) {
    tell(field, 'what expires goes to no storage class', 'leave it out, or write "type": "transition"')
  }
  return type
}

/** What a rule does has to suit what it counts. */
function tellUnsuited(action: Rule['action'] | undefined, { countType, storageClass }: Written, tell: Tell): void {
  if (action === 'expire' && countType === 'sinceImagePulled') {
    const instead = 'write "type": "transition", and expire by sinceImageTransitioned in a rule of its own'
    tell('action.type', 'what was not pulled for long can be archived only', instead)
  }
  if (action === 'archive' && (countType === 'sinceImageTransitioned' || storageClass === 'archive')) {
    tell('action.type', 'what is in the archive can expire only', 'write "type": "expire"')
  }
}

/** One rule, or what ECR would refuse about it alone. A place is its number in the list, from 1. */
export function parseRule(
  rule: unknown,
  place: number,
): { readonly rules: readonly Rule[]; readonly faults: readonly PolicyFault[] } {
  const faults: PolicyFault[] = []
  const name = isRecord(rule) && isCount(rule.rulePriority) ? rule.rulePriority : place
  const tell: Tell = (field, problem, instead) => faults.push({ rule: name, field, problem, instead })
  if (!isRecord(rule)) {
    tell(undefined, `${shown(rule)} is no object`, `write an object with ${FIELDS.rule.join(', ')}`)
    return { rules: [], faults }
  }
  tellUnknown(rule, 'rule', tell)
  const priority = priorityFrom(rule, tell)
  const description = descriptionFrom(rule, tell)
  const selection = partOf(rule, 'selection', tell)
  const action = partOf(rule, 'action', tell)
  const found = {
    tags: selection && tagsFrom(selection, tell),
    count: selection && countFrom(selection, tell),
    storageClass: selection && classFrom(selection, tell),
    action: action && actionFrom(action, tell),
  }
  if (selection) tellUnsuited(found.action, selection, tell)
  const { tags, count, storageClass, action: does } = found
  if (faults.length || !priority || !tags || !count || !storageClass || !does) return { rules: [], faults }
  return { rules: [{ priority, description, ...tags, storageClass, count, action: does }], faults }
}
