import type { Stack } from 'aws-cdk-lib'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import {
  type Access,
  judgeSettings,
  type RepositoryWanted,
} from '../../functions/domain/new-repository/new-repository.ts'
import { quoted } from '../../functions/domain/new-repository/refusal.ts'
import type { Refusal } from '../refuse.ts'
import type { CompliantRepositoryProps } from '../repository/props.ts'
import { isKnown, ofProp, propsRefusal, repositoryWanted } from '../repository/wanted.ts'
import { prefixRefusal, withoutSlash } from './prefixes.ts'

/** When ECR makes a repository by itself. @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_CreateRepositoryCreationTemplate.html */
export const OCCASIONS = ['CREATE_ON_PUSH', 'PULL_THROUGH_CACHE', 'REPLICATION'] as const

export type Occasion = (typeof OCCASIONS)[number]

type LikeOthers = 'environment' | 'project' | 'tags' | 'tagExclusions' | 'encryption' | 'lifecycle'

/** How repositories are that ECR makes: what is left out is as `CompliantRepository` has it, but for the tags of cached ones. */
export type CreationTemplate = Pick<CompliantRepositoryProps, LikeOthers> & {
  /** With which their names begin: `team-a` for `team-a/web`; `ROOT` for all that no other template is for. */
  readonly prefix: string
  /** By default `PULL_THROUGH_CACHE` where the prefix is that of a cache or inside of it, `REPLICATION` elsewhere. */
  readonly appliedFor?: readonly Occasion[]
  /** Of their tag `Owner`: the `owner` of the registry by default. */
  readonly owner?: string
  /**
   * `IMMUTABLE` by default, and `MUTABLE` where the template is for caches: ECR would never refresh a cached tag that cannot move.
   * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache.html
   */
  readonly tagMutability?: 'IMMUTABLE' | 'MUTABLE'
  /** A key of the region. By default that of the account which AWS keeps, at no cost. */
  readonly encryptionKey?: IKey
  /** Who else may pull or push: nobody by default. */
  readonly access?: readonly Access[]
}

export const ROOT = 'ROOT'

/** Characters of a prefix. @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_CreateRepositoryCreationTemplate.html */
const PREFIX_LENGTH = [1, 256] as const

/** What templates stand in. */
export type Around = {
  readonly stack: Stack
  /** Of the registry. */
  readonly owner: string
  /** Prefixes of caches, without a slash at the end. */
  readonly caches: readonly string[]
}

/** A template with all that was left out. */
export type Completed = {
  readonly prefix: string
  readonly appliedFor: readonly Occasion[]
  readonly wanted: RepositoryWanted
}

type Asked = Pick<CreationTemplate, 'prefix' | 'appliedFor'>

function occasionsOf({ prefix, appliedFor }: Asked, caches: readonly string[]): readonly Occasion[] {
  const isCached = caches.some((cache) => `${withoutSlash(prefix)}/`.startsWith(`${cache}/`))
  return appliedFor ?? (isCached ? ['PULL_THROUGH_CACHE'] : ['REPLICATION'])
}

export function completed(template: CreationTemplate, { stack, owner, caches }: Around): Completed {
  const { prefix, access = [], encryptionKey, appliedFor: _, ...settings } = template
  const appliedFor = occasionsOf(template, caches)
  const tagMutability = appliedFor.includes('PULL_THROUGH_CACHE') ? 'MUTABLE' : 'IMMUTABLE'
  const props = { owner, tagMutability, ...settings, repositoryName: withoutSlash(prefix) } as const
  const wanted = { ...repositoryWanted(props, stack, encryptionKey?.keyArn), access }
  return { prefix: props.repositoryName, appliedFor, wanted }
}

function occasionRefusal({ appliedFor, tagMutability }: CreationTemplate): Refusal | undefined {
  if (appliedFor === undefined) return undefined
  const write = `one or more of ${OCCASIONS.join(', ')}`
  if (appliedFor.length === 0) return { prop: 'appliedFor', why: 'it is for nothing', write }
  const foreign = appliedFor.find((occasion) => !OCCASIONS.includes(occasion))
  if (foreign !== undefined) return { prop: 'appliedFor', why: `${quoted(foreign)} makes no repository`, write }
  if (tagMutability !== undefined || !appliedFor.includes('PULL_THROUGH_CACHE') || appliedFor.length === 1)
    return undefined
  return {
    prop: 'tagMutability',
    why: 'the template is for cached images, whose tags have to move, and for others, whose tags should not',
    write: 'which it is to be, or two templates of different prefixes',
  }
}

const keyRefusal = ({ encryptionKey }: CreationTemplate): Refusal | undefined =>
  encryptionKey?.keyArn.includes(':alias/')
    ? {
        prop: 'encryptionKey',
        why: 'it is known by an alias, and a role is given rights on a key by its ARN',
        write: 'Key.fromKeyArn, or Key.fromLookup',
      }
    : undefined

/** What ECR would refuse of it, and what says nothing, or two things. */
export function templateRefusal(prop: string, template: CreationTemplate, around: Around): Refusal | undefined {
  const { prefix, encryptionKey: _, ...settings } = template
  const props: CompliantRepositoryProps = { owner: around.owner, ...settings, repositoryName: prefix }
  const [refusal] = judgeSettings(completed(template, around).wanted, { isKnown }).refusals
  const found =
    (prefix === ROOT ? undefined : prefixRefusal('prefix', prefix, PREFIX_LENGTH)) ??
    occasionRefusal(template) ??
    propsRefusal(props) ??
    keyRefusal(template) ??
    (refusal && ofProp(refusal, props))
  return found && { ...found, prop: `${prop}.${found.prop}` }
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
