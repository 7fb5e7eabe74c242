import { Token } from 'aws-cdk-lib'
import { judgeSettings, type SettingsWanted } from '../../functions/domain/new-repository/new-repository.ts'
import { quoted } from '../../functions/domain/new-repository/refusal.ts'
import type { Refusal } from '../refuse.ts'
import { prefixRefusal, withoutSlash } from './prefixes.ts'

/** When ECR makes a repository by itself. @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_CreateRepositoryCreationTemplate.html */
export const OCCASIONS = ['CREATE_ON_PUSH', 'PULL_THROUGH_CACHE', 'REPLICATION'] as const

export type Occasion = (typeof OCCASIONS)[number]

/** How repositories are that ECR makes: what is left out is as `CompliantRepository` has it, but for the tags of cached ones. */
export type CreationTemplate = SettingsWanted & {
  /** With which their names begin: `team-a` for `team-a/web`; `ROOT` for all that no other template is for. */
  readonly prefix: string
  /** By default `PULL_THROUGH_CACHE` where the prefix is that of a cache or inside of it, `REPLICATION` and `CREATE_ON_PUSH` elsewhere. */
  readonly appliedFor?: readonly Occasion[]
  /** Of their tag `owner`: the `owner` of the registry by default. */
  readonly owner?: string
  /**
   * `IMMUTABLE` by default, and `MUTABLE` where the template is for caches: ECR would never refresh a cached tag that cannot move.
   * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache.html
   */
  readonly tagMutability?: 'IMMUTABLE' | 'MUTABLE'
}

export const ROOT = 'ROOT'

/** Characters of a prefix. @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_CreateRepositoryCreationTemplate.html */
const PREFIX_LENGTH = [1, 256] as const
const KEY_ARN = /^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/[\w-]+$/

/** A template with all that was left out, and without a refusal. */
export type Completed = SettingsWanted & { readonly prefix: string; readonly appliedFor: readonly Occasion[] }

export function completed(template: CreationTemplate, registryOwner: string, caches: readonly string[]): Completed {
  const { prefix, owner = registryOwner, tags, ...wanted } = template
  const isCached = caches.some((cache) => `${withoutSlash(prefix)}/`.startsWith(`${cache}/`))
  const { appliedFor = isCached ? ['PULL_THROUGH_CACHE'] : ['CREATE_ON_PUSH', 'REPLICATION'] } = wanted
  const tagMutability = appliedFor.includes('PULL_THROUGH_CACHE') ? 'MUTABLE' : 'IMMUTABLE'
  return { tagMutability, ...wanted, appliedFor, prefix: withoutSlash(prefix), tags: { owner, ...tags } }
}

function occasionRefusal(prop: string, { appliedFor, tagMutability }: CreationTemplate): Refusal | undefined {
  if (appliedFor === undefined) return undefined
  const write = `one or more of ${OCCASIONS.join(', ')}`
  if (appliedFor.length === 0) return { prop: `${prop}.appliedFor`, why: 'it is for nothing', write }
  const foreign = appliedFor.find((occasion) => !OCCASIONS.includes(occasion))
  if (foreign !== undefined) return { prop: `${prop}.appliedFor`, why: `${quoted(foreign)} makes no repository`, write }
  if (tagMutability !== undefined || !appliedFor.includes('PULL_THROUGH_CACHE') || appliedFor.length === 1)
    return undefined
  return {
    prop: `${prop}.tagMutability`,
    why: 'the template is for cached images, whose tags have to move, and for others, whose tags should not',
    write: 'which it is to be, or two templates of different prefixes',
  }
}

/** What ECR would refuse of it, and what says nothing, or two things. */
export function templateRefusal(prop: string, template: CreationTemplate): Refusal | undefined {
  const { prefix, owner, kmsKey, tags = {} } = template
  const isKnown = (text: string): boolean => !Token.isUnresolved(text)
  const [refusal] = judgeSettings(
    { ...template, tags: { ...tags, ...(owner !== undefined && { owner }) } },
    { isKnown },
  ).refusals
  if (owner !== undefined && Object.hasOwn(tags, 'owner'))
    return { prop: `${prop}.owner`, why: 'tags.owner says whose it is, too', write: 'the one or the other' }
  if (kmsKey !== undefined && isKnown(kmsKey) && !refusal && !KEY_ARN.test(kmsKey))
    return {
      prop: `${prop}.kmsKey`,
      why: `${quoted(kmsKey)} is no ARN of a key, and the role that uses it is given this key alone`,
      write: 'key.keyArn, or arn:aws:kms:REGION:ACCOUNT:key/ID',
    }
  return (
    (prefix === ROOT ? undefined : prefixRefusal(`${prop}.prefix`, prefix, PREFIX_LENGTH)) ??
    occasionRefusal(prop, template) ??
    (refusal && { ...refusal, prop: `${prop}.${refusal.prop}` })
  )
}

/** Two templates of one prefix: ECR takes one. */
export function twice(prop: string, templates: readonly CreationTemplate[]): Refusal | undefined {
  const prefixes = templates.map(({ prefix }) => withoutSlash(prefix))
  const index = prefixes.findIndex((prefix, at) => prefixes.indexOf(prefix) < at)
  const prefix = prefixes[index]
  if (prefix === undefined) return undefined
  return {
    prop: `${prop}[${index}].prefix`,
    why: `${quoted(prefix)} is the prefix of ${prop}[${prefixes.indexOf(prefix)}], too`,
    write: 'one template for it',
  }
}
