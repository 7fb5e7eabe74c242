import { quoted, type Refusal } from './refusal.ts'

/** Tags of a resource. @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/ecr-using-tags.html */
const MOST_TAGS = 50

/** Letters of every script, digits, spaces and some signs; `aws:` is kept for AWS. */
export const TAG_KEY = /^(?![aA][wW][sS]:)[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,128}$/u
const TAG_VALUE = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]{0,256}$/u

/** Tags that have a word of their own where a repository is asked for; `Owner` is what the rule `required-tags` and the report read. */
export const OWN_TAGS = { owner: 'Owner', environment: 'Environment', project: 'Project' } as const

export type Tags = Readonly<Record<string, string>>

/** What AWS would refuse of them. @param isKnown false where a text is known only at deployment */
export function tagRefusals(tags: Tags, isKnown: (text: string) => boolean): readonly Refusal[] {
  const { length } = Object.keys(tags)
  const tooMany =
    length > MOST_TAGS ? [{ prop: 'tags', why: `there are ${length}`, write: `at most ${MOST_TAGS}` }] : []
  const write = 'letters, digits, spaces and _ . : / = + - @'
  const wrong = Object.entries(tags).flatMap(([key, value]) => [
    ...(TAG_KEY.test(key) ? [] : [{ prop: 'tags', why: `${quoted(key)} is no key of a tag`, write }]),
    ...(!isKnown(value) || TAG_VALUE.test(value)
      ? []
      : [{ prop: `tags.${key}`, why: `${quoted(value)} is no value of a tag`, write: `at most 256 ${write}` }]),
  ])
  return [...tooMany, ...wrong]
}
