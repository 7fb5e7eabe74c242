import { counted } from '../counted.ts'
import type { Rule } from './rule.ts'

const quoted = (text: string): string => JSON.stringify(text)

const requirements = ({ prefixes, patterns }: Rule): readonly string[] => [
  ...prefixes.map((prefix) => `starts with ${quoted(prefix)}`),
  ...patterns.map((pattern) => (pattern.includes('*') ? `fits ${quoted(pattern)}` : `is ${quoted(pattern)}`)),
]

/** Which images a rule is about: `images with a tag that starts with "v"`. Text from outside. */
export function imagesInWords(rule: Rule): string {
  const images = rule.storageClass === 'archive' ? 'archived images' : 'images'
  if (rule.tagStatus === 'any') return `all ${images}`
  if (rule.tagStatus === 'untagged') return `${images} without a tag`
  const [first = 'is there', ...more] = requirements(rule)
  return [`${images} with a tag that ${first}`, ...more.map((one) => `one that ${one}`)].join(' and ')
}

const CLOCKS = {
  sinceImagePushed: 'their push',
  sinceImagePulled: 'their last pull, or their push where nobody pulled them',
  sinceImageTransitioned: 'they came into the archive',
} as const

const ACTIONS = { expire: 'expire', archive: 'go to the archive' } as const

/** What a rule does: `images with a tag that starts with "v": the newest 100 stay, older ones expire`. Text from outside. */
export function ruleInWords(rule: Rule): string {
  const { count, action } = rule
  const what =
    count.type === 'imageCountMoreThan'
      ? `${count.images === 1 ? 'the newest stays' : `the newest ${count.images} stay`}, older ones ${ACTIONS[action]}`
      : `${ACTIONS[action]} ${counted(count.days, 'day')} after ${CLOCKS[count.type]}`
  return `${imagesInWords(rule)}: ${what}`
}
