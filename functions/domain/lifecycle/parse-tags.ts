import type { Rule } from './rule.ts'
import { oneOf, shown, type Tell, type Written } from './written.ts'

type Tags = Pick<Rule, 'tagStatus' | 'prefixes' | 'patterns'>

/** Characters of a tag. @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_ImageIdentifier.html */
const LONGEST = 300

const MOST_WILDCARDS = 4

const LISTS = ['tagPatternList', 'tagPrefixList'] as const

type List = (typeof LISTS)[number]

const EXAMPLES = { tagPatternList: '["prod-*"]', tagPrefixList: '["prod-"]' } as const

/** What no tag holds: it could never match. The star of a prefix is a plain character that is in no tag, and is taken. */
const FOREIGN = /[^\w.*-]/

/** What is wrong with one text of a list, and what to write instead; undefined where nothing is. */
function faultOf(text: unknown, list: List): readonly [string, string] | undefined {
  if (typeof text !== 'string') return [`${shown(text)} is no text`, `write texts: ${EXAMPLES[list]}`]
  if (text === '' && list === 'tagPatternList') return ['an empty pattern fits no tag', 'write "*" for every tag']
  if (text.length > LONGEST) return [`${shown(text)} has ${text.length} characters`, `write at most ${LONGEST}`]
  if (FOREIGN.test(text))
    return [`${shown(text)} has characters that no tag has`, 'write letters, digits, ".", "_" and "-"']
  const wildcards = text.split('*').length - 1
  if (list === 'tagPatternList' && wildcards > MOST_WILDCARDS) {
    return [`${shown(text)} has ${wildcards} wildcards`, `write at most ${MOST_WILDCARDS} in a pattern`]
  }
  return undefined
}

function textsFrom(value: unknown, list: List, tell: Tell): readonly string[] {
  const field = `selection.${list}`
  if (!Array.isArray(value)) {
    tell(field, `${shown(value)} is no list`, `write a list of texts: ${EXAMPLES[list]}`)
    return []
  }
  if (value.length === 0) tell(field, 'the list is empty', `write at least one text: ${EXAMPLES[list]}`)
  const faults = value.flatMap((text: unknown) => [faultOf(text, list) ?? []])
  for (const [problem, instead] of faults) if (problem && instead) tell(field, problem, instead)
  return value
}

/** What the images that a rule selects are tagged with. */
export function tagsFrom(selection: Written, tell: Tell): Tags | undefined {
  const tagStatus = oneOf(['tagged', 'untagged', 'any'], selection.tagStatus, 'selection.tagStatus', tell)
  const given = LISTS.filter((list) => selection[list] !== undefined)
  if (tagStatus === 'tagged' && given.length !== 1) {
    const problem = given.length ? 'there are both lists' : 'images with a tag are selected by their tags'
    tell('selection.tagPatternList', problem, 'write tagPatternList or tagPrefixList; ["*"] is every tag')
  }
  if (tagStatus === 'untagged' || tagStatus === 'any') {
    for (const list of given) {
      tell(
        `selection.${list}`,
        `${tagStatus} images are not selected by tags`,
        'leave it out, or write "tagStatus": "tagged"',
      )
    }
  }
  const textsOf = (list: List) => (given.includes(list) ? textsFrom(selection[list], list, tell) : [])
  const [patterns, prefixes] = [textsOf('tagPatternList'), textsOf('tagPrefixList')]
  return tagStatus && { tagStatus, patterns, prefixes }
}
