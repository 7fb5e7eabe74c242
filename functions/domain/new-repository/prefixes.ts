import { quoted, type Refusal } from './refusal.ts'

/** Characters of a prefix. */
const LENGTH = { least: 2, most: 256 } as const

/** ECR's own pattern. @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_RepositoryFilter.html */
const PREFIX = /^(?:[a-z0-9]+(?:[._-][a-z0-9]*)*\/)*[a-z0-9]*(?:[._-][a-z0-9]*)*$/

const isPrefix = (text: string): boolean =>
  text.length >= LENGTH.least && text.length <= LENGTH.most && PREFIX.test(text)

/**
 * Why ECR would not take them as prefixes of repository names, or takes them for what was not meant.
 * @param prop that holds them
 * @param isKnown false where a text is known only at deployment
 */
export function prefixesRefusal(
  prefixes: readonly string[],
  prop: string,
  isKnown: (text: string) => boolean,
): Refusal | undefined {
  if (prefixes.length === 0)
    return { prop, why: 'it is empty', write: 'one or more, or leave it out where every repository is meant' }
  const twice = prefixes.find((prefix, index) => prefixes.indexOf(prefix) < index)
  if (twice !== undefined) return { prop, why: `${quoted(twice)} is there twice`, write: 'it once' }
  const wrong = prefixes.find((prefix) => isKnown(prefix) && !isPrefix(prefix))
  if (wrong === undefined) return undefined
  return {
    prop,
    why: `${quoted(wrong)} is no prefix of names`,
    write: `${LENGTH.least} to ${LENGTH.most} lower-case letters, digits and . _ - /, without a wildcard, such as prod/`,
  }
}
