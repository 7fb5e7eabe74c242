import { type Access, accessRefusal, accessStatements, PULL_ACTIONS, type Statement } from './access.ts'
import { prefixesRefusal } from './prefixes.ts'
import { quoted, type Refusal, wordRefusal } from './refusal.ts'

type Account = { readonly account: string }
/** ARN of a role. */
type Role = { readonly role: string }
/** Id of an organisation: every account of it. */
type Organisation = { readonly organisation: string }

/**
 * What somebody may do with repositories of a registry whose names have one of some prefixes: with all of them, also those to come, by
 * default. A registry policy is on top of what policies of a repository allow.
 */
export type RegistryAccess =
  | ((Account | Role | Organisation) & { readonly may: 'pull'; readonly prefixes?: readonly string[] })
  /** Another account that replicates into this one. */
  | (Account & { readonly may: 'replicate'; readonly prefixes?: readonly string[] })
  /** Whoever has new images fetched by pull-through caches: prefixes are those of the cache rules. */
  | ((Account | Role) & { readonly may: 'cache'; readonly prefixes: readonly string[] })

type Right = RegistryAccess['may']

/** @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/registry-permissions-examples.html */
const RIGHTS: Readonly<Record<Right, { readonly sid: string; readonly actions: readonly string[] }>> = {
  pull: { sid: 'Pull', actions: PULL_ACTIONS },
  replicate: { sid: 'Replicate', actions: ['ecr:CreateRepository', 'ecr:ReplicateImage'] },
  cache: { sid: 'Cache', actions: ['ecr:BatchImportUpstreamImage', 'ecr:CreateRepository'] },
}

/** A registry, for the ARNs of its repositories. */
export type RegistryPlace = { readonly partition: string; readonly region: string; readonly account: string }

export type RegistryStatement = Statement & { readonly Resource: readonly string[] }

export type RegistryPolicy = { readonly Version: '2012-10-17'; readonly Statement: readonly RegistryStatement[] }

/** Patterns of names. A cache is about what is below its prefix. */
function namesOf({ may, prefixes }: RegistryAccess): readonly string[] {
  if (!prefixes) return ['*']
  if (may !== 'cache') return prefixes.map((prefix) => `${prefix}*`)
  return prefixes.map((prefix) => `${prefix.replace(/\/$/, '')}/*`)
}

/** The same for all who may use the same repositories. */
const keyOf = (access: RegistryAccess): string => namesOf(access).toSorted().join(' ')

/** The same one, as one who pulls from a repository. */
const asPuller = ({ may: _, prefixes: __, ...party }: RegistryAccess): Access => ({ may: 'pull', ...party })

function statementsOf(
  right: Right,
  accesses: readonly RegistryAccess[],
  { partition, region, account }: RegistryPlace,
): readonly RegistryStatement[] {
  const { sid, actions } = RIGHTS[right]
  const having = accesses.filter(({ may }) => may === right)
  const sets = new Set(having.map(keyOf))
  return [...sets].flatMap((names, index) => {
    const group = having.filter((access) => keyOf(access) === names)
    const Resource = names.split(' ').map((name) => `arn:${partition}:ecr:${region}:${account}:repository/${name}`)
    return accessStatements(group.map(asPuller), partition).map(({ Sid, Effect, Principal, Condition }) => ({
      Sid: `${Sid.replace('Pull', sid)}${index === 0 ? '' : index + 1}`,
      ...{ Effect, Principal, Action: actions, Resource, ...(Condition && { Condition }) },
    }))
  })
}

/**
 * A registry policy, with one statement for each right, kind of party and set of prefixes. ECR takes none without a statement. It needs the policy scope V2, without which ECR does not regard pulls in it.
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/registry-permissions.html
 */
export const registryPolicyOf = (accesses: readonly RegistryAccess[], place: RegistryPlace): RegistryPolicy => ({
  Version: '2012-10-17',
  Statement: (['pull', 'replicate', 'cache'] as const).flatMap((right) => statementsOf(right, accesses, place)),
})

/**
 * Why one of them cannot be what was meant.
 * @param own the account of the registry
 * @param prop that holds it
 * @param isKnown false where a text is known only at deployment
 */
export function registryAccessRefusal(
  access: RegistryAccess,
  own: string,
  prop: string,
  isKnown: (text: string) => boolean,
): Refusal | undefined {
  const noRight = wordRefusal(`${prop}.may`, access.may, Object.keys(RIGHTS))
  if (noRight) return noRight
  const noParty = accessRefusal(asPuller(access), isKnown)
  if (noParty) return { ...noParty, prop: noParty.prop.replace('access', prop) }
  if ('account' in access && access.account === own && access.may !== 'cache')
    return {
      prop: `${prop}.account`,
      why: `${quoted(own)} is the account of the registry, whose own policies say what it may`,
      write: 'another account, or leave it out',
    }
  if (access.prefixes === undefined)
    return access.may === 'cache'
      ? { prop: `${prop}.prefixes`, why: 'it is missing', write: 'those of the cache rules' }
      : undefined
  return prefixesRefusal(access.prefixes, `${prop}.prefixes`, isKnown)
}

/** Characters of a policy. @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_PutRegistryPolicy.html */
const LONGEST = 10_240

/** Why a policy is too long: by at least as much as it says, where a part of it is known only at deployment. */
export function lengthRefusal(
  accesses: readonly RegistryAccess[],
  { partition, region, account }: RegistryPlace,
  isKnown: (text: string) => boolean,
): Refusal | undefined {
  const least = {
    partition: isKnown(partition) ? partition : 'aws',
    region: isKnown(region) ? region : 'us-east-1',
    account: isKnown(account) ? account : '0'.repeat(12),
  }
  const text = JSON.stringify(registryPolicyOf(accesses, least))
  if (!isKnown(text) || text.length <= LONGEST) return undefined
  return {
    prop: 'access',
    why: `the registry policy has ${text.length} characters`,
    write: `at most ${LONGEST} of them: an organisation in place of its accounts, or fewer prefixes`,
  }
}
