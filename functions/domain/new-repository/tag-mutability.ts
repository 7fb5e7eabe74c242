import type { TagMutability } from '../facts/repository-facts.ts'
import { quoted, type Refusal, wordRefusal } from './refusal.ts'

/** Exclusion filters of a repository, and wildcards of one. @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-tag-mutability.html */
const [MOST_FILTERS, MOST_WILDCARDS] = [5, 2]

/** @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_ImageTagMutabilityExclusionFilter.html */
const FILTER = /^[0-9a-zA-Z._*-]{1,128}$/

export type MutabilityWanted = {
  /** `IMMUTABLE` by default; with `tagExclusions` it becomes `IMMUTABLE_WITH_EXCLUSION`, and `MUTABLE` becomes `MUTABLE_WITH_EXCLUSION`. */
  readonly tagMutability?: 'IMMUTABLE' | 'MUTABLE'
  /** Tags for which the opposite holds, with at most two `*` each: at most five, such as `latest` or `dev-*`. */
  readonly tagExclusions?: readonly string[]
}

export const tagMutabilityOf = ({
  tagMutability = 'IMMUTABLE',
  tagExclusions = [],
}: MutabilityWanted): TagMutability => (tagExclusions.length > 0 ? `${tagMutability}_WITH_EXCLUSION` : tagMutability)

/** What ECR would refuse of it. @param isKnown false where a filter is known only at deployment */
export function mutabilityRefusals(
  { tagMutability = 'IMMUTABLE', tagExclusions = [] }: MutabilityWanted,
  isKnown: (text: string) => boolean,
): readonly Refusal[] {
  const prop = 'tagExclusions'
  const word = wordRefusal('tagMutability', tagMutability, ['IMMUTABLE', 'MUTABLE'])
  const tooMany = tagExclusions.length > MOST_FILTERS
  const known = tagExclusions.filter(isKnown)
  const wrong = known.filter((filter) => !FILTER.test(filter))
  const wild = known.filter((filter) => filter.split('*').length - 1 > MOST_WILDCARDS)
  return [
    ...(word ? [word] : []),
    ...(tooMany ? [{ prop, why: `there are ${tagExclusions.length}`, write: `at most ${MOST_FILTERS}` }] : []),
    ...wrong.map((filter) => ({
      prop,
      why: `${quoted(filter)} is no filter of tags`,
      write: '1 to 128 letters, digits and . _ * -, such as dev-*',
    })),
    ...wild.map((filter) => ({
      prop,
      why: `${quoted(filter)} has more than ${MOST_WILDCARDS} wildcards`,
      write: 'fewer of them',
    })),
  ]
}
