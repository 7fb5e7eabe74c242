import type { PolicyRule } from './document.ts'

const MOST_WILDCARDS = 4
/** An image is charged for so many days of the archive. */
const LEAST_ARCHIVED_DAYS = 90

const NO_SCHEMA = 'instance failed to match exactly one schema (matched 0 out of 2)'

/** What of a selection does not go together; undefined where all does. */
function ofSelection({ selection, action }: PolicyRule): string | undefined {
  const { countType, countUnit, countNumber, storageClass = 'standard' } = selection
  if ((countType === 'imageCountMoreThan') !== (countUnit === undefined)) return NO_SCHEMA
  if ((countType === 'sinceImageTransitioned') !== (storageClass === 'archive'))
    return `Storage class ${storageClass} is not supported for countType=${countType}.`
  if (countType === 'sinceImagePulled' && action.type !== 'transition')
    return 'The count type sinceImagePulled can be used with the transition action only.'
  if (countType !== 'sinceImageTransitioned') return undefined
  if (action.type !== 'expire') return 'The count type sinceImageTransitioned can be used with the expire action only.'
  return countNumber < LEAST_ARCHIVED_DAYS
    ? `Images can expire from the archive after ${LEAST_ARCHIVED_DAYS} days at the earliest, not after ${countNumber}.`
    : undefined
}

function ofTags({ selection: { tagStatus, tagPrefixList, tagPatternList } }: PolicyRule): string | undefined {
  if (tagStatus !== 'tagged')
    return tagPrefixList || tagPatternList
      ? `Must not specify tagPrefixList or tagPatternList when tagStatus=${tagStatus.toUpperCase()}.`
      : undefined
  if (tagPrefixList && tagPatternList) return 'Must specify either tagPrefixList or tagPatternList, not both.'
  if ((tagPrefixList ?? tagPatternList ?? []).length === 0)
    return 'Must specify tagPrefixList or tagPatternList when tagStatus=TAGGED.'
  const wild = (tagPatternList ?? []).find((pattern) => pattern.split('*').length - 1 > MOST_WILDCARDS)
  return wild && `Tag pattern ${wild} has more than ${MOST_WILDCARDS} wildcards.`
}

/** The guide asks for a unique set of prefixes; here each rule needs one that no other has, of patterns too. */
const setOf = ({ selection: { tagPrefixList, tagPatternList } }: PolicyRule): string =>
  JSON.stringify([tagPrefixList, tagPatternList].map((list) => [...new Set(list)].sort()))

/** Which rules of one storage class do not go together. */
function ofClass(rules: readonly PolicyRule[]): string | undefined {
  const statuses = rules.map(({ selection }) => selection.tagStatus)
  if (statuses.filter((status) => status === 'untagged').length > 1)
    return 'Only one rule can select Untagged images per storage class.'
  const any = statuses.indexOf('any')
  if (any >= 0 && any < statuses.length - 1)
    return 'Rule for tagStatus=ANY must have the lowest priority per storage class'
  const sets = rules.filter(({ selection }) => selection.tagStatus === 'tagged').map(setOf)
  return new Set(sets).size < sets.length
    ? 'Each rule must have a set of tags of its own per storage class.'
    : undefined
}

/**
 * What is wrong with rules that are each well formed; undefined where nothing is.
 * @param rules lowest priority first
 */
export function checkTogether(rules: readonly PolicyRule[]): string | undefined {
  const priorities = new Set(rules.map(({ rulePriority }) => rulePriority))
  if (priorities.size < rules.length) return 'Rule priorities must be unique.'
  for (const rule of rules) {
    const problem = ofSelection(rule) ?? ofTags(rule)
    if (problem !== undefined) return problem
  }
  const isArchive = ({ selection }: PolicyRule): boolean => selection.storageClass === 'archive'
  return ofClass(rules.filter((rule) => !isArchive(rule))) ?? ofClass(rules.filter(isArchive))
}
