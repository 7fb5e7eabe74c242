import { asFilters, asInput, asText, type Call, type Kind, type Properties } from './kind.ts'
import { REPOSITORY } from './repository.ts'

/** A setting of the registry that is put as a whole, and taken back by what there was before anybody put one. */
const single = (
  properties: Kind['properties'],
  put: (call: Call, properties: Properties) => void,
  remove: (call: Call) => void,
): Kind => ({
  properties,
  isSingle: true,
  create: (call, _, given) => put(call, given),
  update: (call, _, given) => put(call, given),
  remove: (call) => remove(call),
})

const input = (properties: Properties): object => asInput(properties) as object

const SCANNING = single(
  { ScanType: 'changed', Rules: 'changed' },
  (call, properties) => void call('PutRegistryScanningConfiguration', input(properties)),
  (call) => void call('PutRegistryScanningConfiguration', { scanType: 'BASIC', rules: [] }),
)

const REPLICATION = single(
  { ReplicationConfiguration: 'changed' },
  (call, properties) => void call('PutReplicationConfiguration', input(properties)),
  (call) => void call('PutReplicationConfiguration', { replicationConfiguration: { rules: [] } }),
)

const POLICY = single(
  { PolicyText: 'changed' },
  (call, { PolicyText }) => void call('PutRegistryPolicy', { policyText: asText(PolicyText) }),
  (call) => void call('DeleteRegistryPolicy', {}),
)

const CACHE_RULE: Kind = {
  properties: {
    CredentialArn: 'replaced',
    CustomRoleArn: 'replaced',
    EcrRepositoryPrefix: 'replaced',
    UpstreamRegistry: 'replaced',
    UpstreamRegistryUrl: 'replaced',
    UpstreamRepositoryPrefix: 'replaced',
  },
  create: (call, _, properties) => void call('CreatePullThroughCacheRule', input(properties)),
  update: () => undefined,
  remove: (call, ecrRepositoryPrefix) => void call('DeletePullThroughCacheRule', { ecrRepositoryPrefix }),
}

/** A policy of a creation template is text; a text is taken back by an empty one. */
const templateInput = (properties: Properties): object => {
  const { ImageTagMutabilityExclusionFilters: filters, ResourceTags, ...rest } = properties
  return { ...input(rest), imageTagMutabilityExclusionFilters: asFilters(filters), resourceTags: ResourceTags }
}

const CREATION_TEMPLATE: Kind = {
  properties: {
    Prefix: 'replaced',
    AppliedFor: 'changed',
    CustomRoleArn: 'changed',
    Description: 'changed',
    EncryptionConfiguration: 'changed',
    ImageTagMutability: 'changed',
    ImageTagMutabilityExclusionFilters: 'changed',
    LifecyclePolicy: 'changed',
    RepositoryPolicy: 'changed',
    ResourceTags: 'changed',
  },
  create: (call, _, properties) => void call('CreateRepositoryCreationTemplate', templateInput(properties)),
  update: (call, _, properties) =>
    void call('UpdateRepositoryCreationTemplate', {
      ...{ customRoleArn: '', description: '', lifecyclePolicy: '', repositoryPolicy: '' },
      ...{ imageTagMutability: 'MUTABLE', encryptionConfiguration: { encryptionType: 'AES256' } },
      ...Object.fromEntries(Object.entries(templateInput(properties)).filter(([, value]) => value !== undefined)),
      resourceTags: properties.ResourceTags ?? [],
    }),
  remove: (call, prefix) => void call('DeleteRepositoryCreationTemplate', { prefix }),
}

const EXCLUSION: Kind = {
  properties: { PrincipalArn: 'replaced' },
  create: (call, _, properties) => void call('RegisterPullTimeUpdateExclusion', input(properties)),
  update: () => undefined,
  remove: (call, principalArn) => void call('DeregisterPullTimeUpdateExclusion', { principalArn }),
}

/** The types of ECR that CloudFormation has here. The order is that in which they are made: what is copied comes last. */
export const KINDS: Readonly<Record<string, Kind>> = {
  'AWS::ECR::RegistryPolicy': POLICY,
  'AWS::ECR::RegistryScanningConfiguration': SCANNING,
  'AWS::ECR::RepositoryCreationTemplate': CREATION_TEMPLATE,
  'AWS::ECR::PullTimeUpdateExclusion': EXCLUSION,
  'AWS::ECR::PullThroughCacheRule': CACHE_RULE,
  'AWS::ECR::Repository': REPOSITORY,
  'AWS::ECR::ReplicationConfiguration': REPLICATION,
}
