import { createHash } from 'node:crypto'
import type { RepositorySettings } from '../facts/repository-facts.ts'
import { fits, tokensOf } from '../wildcard.ts'

/** Every tag of quarantine begins so. */
const PREFIX = 'quarantine-'

/** Characters that a tag may have. @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_PutImage.html */
const LONGEST = 128
const HASH = 16

const TAG = /^\w[\w.-]*$/

/** Whether a tag is one of quarantine, whoever put it there: nothing is to be deployed by it. */
export const isQuarantineTag = (tag: string): boolean => tag.startsWith(PREFIX)

/** The tags that are none of quarantine. */
export const ordinaryTags = (tags: readonly string[]): readonly string[] => tags.filter((tag) => !isQuarantineTag(tag))

/** Why a rule on tags has nothing to say of an image without an ordinary one. */
export const withoutTag = ({ tags }: { readonly tags: readonly string[] }): string =>
  tags.length > 0 ? 'All its tags are in quarantine.' : 'It has no tag.'

/** A name of the full length is a shortened one, and no other is. */
function fitting(name: string): string {
  if (name.length < LONGEST) return name
  const hash = createHash('sha256').update(name).digest('hex').slice(0, HASH)
  return `${name.slice(0, LONGEST - HASH - 1)}-${hash}`
}

/** `-4a5b6c7d8e9f`: what tells a tag of quarantine from that of another image that had the same tag. */
const ending = (digest: string): string => `-${digest.slice('sha256:'.length, 'sha256:'.length + 12)}`

/** What a tag of an image may be called in quarantine: `quarantine-1.4.2`, and where that names another image, with the digest. */
export const quarantineNames = (tag: string, digest: string): readonly [string, string] => [
  fitting(PREFIX + tag),
  fitting(PREFIX + tag + ending(digest)),
]

/** The tag that an image had before it came to this one of quarantine; undefined where the name does not say it. */
export function tagBefore(name: string, digest: string): string | undefined {
  if (!isQuarantineTag(name) || name.length >= LONGEST) return undefined
  const [rest, end] = [name.slice(PREFIX.length), ending(digest)]
  const tag = rest.endsWith(end) ? rest.slice(0, -end.length) : rest
  return TAG.test(tag) ? tag : undefined
}

/**
 * Whether the repository lets nobody give the tag to another image.
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-tag-mutability.html
 */
export function isImmutable({ tagMutability, exclusions }: RepositorySettings, tag: string): boolean {
  const isExcluded = exclusions.some((filter) => fits(tokensOf(filter), tag))
  return tagMutability.startsWith('IMMUTABLE') ? !isExcluded : tagMutability === 'MUTABLE_WITH_EXCLUSION' && isExcluded
}
