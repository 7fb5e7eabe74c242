import { Stack } from 'aws-cdk-lib'
import { CfnReplicationConfiguration } from 'aws-cdk-lib/aws-ecr'
import type { Construct } from 'constructs'
import { prefixesRefusal } from '../../functions/domain/new-repository/prefixes.ts'
import { quoted } from '../../functions/domain/new-repository/refusal.ts'
import { type Refusal, refuse } from '../refuse.ts'
import { isKnown } from '../repository/wanted.ts'

/** Rules, destinations in all rules together, prefixes of one rule. @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/service-quotas.html */
const MOST = { rules: 10, destinations: 25, prefixes: 100 } as const

/** @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_ReplicationDestination.html */
const [REGION, ACCOUNT] = [/^[a-z]{2}(?:-[a-z]+)+-\d$/, /^\d{12}$/]

export type ReplicationDestination = {
  /** Such as `eu-central-1`. */
  readonly region: string
  /** That of the stack by default. Another one has to allow it: `replicationFrom` of its own RegistrySettings. */
  readonly account?: string
}

/** What is pushed from now on goes there, too, under the same name; what is there already does not. */
export type ReplicationRule = {
  /** At least one, and at most 25 in all rules together. */
  readonly destinations: readonly ReplicationDestination[]
  /** Beginnings of the names of repositories, at most 100: `prod/`. Every repository by default. */
  readonly prefixes?: readonly string[]
}

/** A destination as others of the stack can be compared with it: what is the same token is the same. */
const nameOf = ({ region, account }: ReplicationDestination, own: string): string => `${region}/${account ?? own}`

function destinationRefusal(destination: ReplicationDestination, here: Stack): Refusal | undefined {
  const prop = 'replication.destinations'
  const { region, account = here.account } = destination
  if (isKnown(region) && !REGION.test(region))
    return { prop: `${prop}.region`, why: `${quoted(region)} is no region`, write: 'one such as eu-central-1' }
  if (isKnown(account) && !ACCOUNT.test(account))
    return { prop: `${prop}.account`, why: `${quoted(account)} is no account`, write: 'twelve digits' }
  if (region === here.region && account === here.account)
    return { prop, why: 'it is the registry itself', write: 'another region, or another account' }
  return undefined
}

function ruleRefusal({ destinations, prefixes }: ReplicationRule, here: Stack): Refusal | undefined {
  const prop = 'replication.destinations'
  if (destinations.length === 0) return { prop, why: 'it is empty', write: 'one or more, or leave out the rule' }
  const wrong = destinations.map((one) => destinationRefusal(one, here)).find((refusal) => refusal !== undefined)
  if (wrong) return wrong
  const names = destinations.map((one) => nameOf(one, here.account))
  const twice = destinations.find((_, index) => names.indexOf(String(names[index])) < index)
  if (twice) return { prop, why: `${quoted(twice.region)} is there twice for one account`, write: 'it once' }
  if (prefixes === undefined) return undefined
  if (prefixes.length > MOST.prefixes)
    return {
      prop: 'replication.prefixes',
      why: `there are ${prefixes.length} in a rule`,
      write: `at most ${MOST.prefixes}`,
    }
  return prefixesRefusal(prefixes, 'replication.prefixes', isKnown)
}

function replicationRefusal(rules: readonly ReplicationRule[], here: Stack): Refusal | undefined {
  if (rules.length > MOST.rules)
    return { prop: 'replication', why: `there are ${rules.length} rules`, write: `at most ${MOST.rules}` }
  const all = rules.flatMap(({ destinations }) => destinations.map((one) => nameOf(one, here.account)))
  const { size } = new Set(all)
  if (size > MOST.destinations)
    return {
      prop: 'replication.destinations',
      why: `there are ${size} in all rules together`,
      write: `at most ${MOST.destinations}`,
    }
  return rules.map((rule) => ruleRefusal(rule, here)).find((refusal) => refusal !== undefined)
}

/**
 * Replication of the registry to others; none without a rule. ECR makes its service-linked role at the first deployment.
 * @throws {Error} for what ECR would refuse
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/replication.html
 */
export function registryReplication(
  scope: Construct,
  rules: readonly ReplicationRule[],
): CfnReplicationConfiguration | undefined {
  const here = Stack.of(scope)
  const refusal = replicationRefusal(rules, here)
  if (refusal) refuse(scope, refusal)
  if (rules.length === 0) return undefined
  const asRule = ({ destinations, prefixes = [] }: ReplicationRule) => ({
    destinations: destinations.map(({ region, account: registryId = here.account }) => ({ region, registryId })),
    ...(prefixes.length > 0 && {
      repositoryFilters: prefixes.map((filter) => ({ filter, filterType: 'PREFIX_MATCH' })),
    }),
  })
  return new CfnReplicationConfiguration(scope, 'Replication', {
    replicationConfiguration: { rules: rules.map(asRule) },
  })
}
