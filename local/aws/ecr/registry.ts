import type * as ecr from '@aws-sdk/client-ecr'
import { invalidParameter } from '../complaints.ts'
import type { Handler } from '../service.ts'
import { registryPolicyNotFound } from './errors.ts'
import { canonicalPolicy, REGISTRY_POLICY } from './policy-document.ts'
import type { Registry } from './state.ts'

/** Over all rules of a replication configuration. @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/service-quotas.html */
const MOST_DESTINATIONS = 25

/**
 * The settings of an account with their values, the first of which holds until another one is put.
 * @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_PutAccountSetting.html
 */
const SETTINGS: Readonly<Record<string, readonly string[]>> = {
  BASIC_SCAN_TYPE_VERSION: ['AWS_NATIVE'],
  REGISTRY_POLICY_SCOPE: ['V2'],
  BLOB_MOUNTING: ['DISABLED', 'ENABLED'],
}

function valuesOf(name = ''): readonly string[] {
  const values = Object.hasOwn(SETTINGS, name) ? SETTINGS[name] : undefined
  if (values) return values
  throw invalidParameter('name', `must satisfy enum value set: [${Object.keys(SETTINGS).join(', ')}]`)
}

function checkReplication({ around }: Registry, { rules = [] }: ecr.ReplicationConfiguration): void {
  const all = rules.flatMap(({ destinations = [] }) => destinations)
  const isHere = ({ region, registryId }: ecr.ReplicationDestination): boolean =>
    region === around.region && registryId === around.account
  if (all.some(isHere))
    throw invalidParameter(
      'replicationConfiguration',
      'Replication destination cannot be the same as the source registry',
    )
  const unique = new Set(all.map(({ region, registryId }) => `${registryId} ${region}`))
  if (unique.size > MOST_DESTINATIONS)
    throw invalidParameter('replicationConfiguration', `must have at most ${MOST_DESTINATIONS} unique destinations`)
}

/** Nothing is replicated here: the configuration is kept and answered. */
export function registryHandlers(registry: Registry): Record<string, Handler> {
  const registryId = registry.around.account
  const policy = () => {
    if (registry.policyText === undefined) throw registryPolicyNotFound(registryId)
    return { registryId, policyText: registry.policyText }
  }
  return {
    GetRegistryPolicy: policy,
    PutRegistryPolicy: ({ policyText = '' }: ecr.PutRegistryPolicyRequest) => {
      registry.policyText = canonicalPolicy(policyText, REGISTRY_POLICY)
      return policy()
    },
    DeleteRegistryPolicy: () => {
      const deleted = policy()
      registry.policyText = undefined
      return deleted
    },
    DescribeRegistry: () => ({ registryId, replicationConfiguration: registry.replication }),
    PutReplicationConfiguration: ({ replicationConfiguration }: ecr.PutReplicationConfigurationRequest) => {
      const replication = replicationConfiguration ?? { rules: [] }
      checkReplication(registry, replication)
      registry.replication = replication
      return { replicationConfiguration: replication }
    },
    GetAccountSetting: ({ name = '' }: ecr.GetAccountSettingRequest) => ({
      name,
      value: registry.accountSettings.get(name) ?? valuesOf(name)[0],
    }),
    PutAccountSetting: ({ name = '', value = '' }: ecr.PutAccountSettingRequest) => {
      const values = valuesOf(name)
      if (!values.includes(value))
        throw invalidParameter('value', `must satisfy enum value set: [${values.join(', ')}]`)
      registry.accountSettings.set(name, value)
      return { name, value }
    },
  }
}
