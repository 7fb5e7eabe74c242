import { expect } from 'vitest'
import { digestOf, OCI_MANIFEST } from '../../../local/aws/ecr/manifest.ts'
import type { Case } from './conformance-cases.ts'
import { manifestOf } from './manifests.ts'

const API = 'https://docs.aws.amazon.com/AmazonECR/latest/APIReference'
const GUIDE = 'https://docs.aws.amazon.com/AmazonECR/latest/userguide'

/** What moto answers to an operation that it does not have. */
const lacks = (operation: string): Case['moto'] => ({
  answers: { error: expect.any(String) },
  reason: `it does not have ${operation}`,
  see: `${API}/API_${operation}.html`,
})

const repository = (repositoryName: string, more: object = {}) => ({
  operation: 'CreateRepository',
  input: { repositoryName, ...more },
})

const policyText = JSON.stringify({
  Version: '2012-10-17',
  Statement: [
    {
      Sid: 'AllowReplication',
      Effect: 'Allow',
      Principal: { AWS: 'arn:aws:iam::987654321098:root' },
      Action: ['ecr:CreateRepository', 'ecr:ReplicateImage'],
      Resource: 'arn:aws:ecr:ap-northeast-1:123456789012:repository/*',
    },
  ],
})

const replication = (region: string, registryId: string) => ({
  replicationConfiguration: {
    rules: [
      { destinations: [{ region, registryId }], repositoryFilters: [{ filter: 'prod/', filterType: 'PREFIX_MATCH' }] },
    ],
  },
})

const QUAY = { ecrRepositoryPrefix: 'quay', upstreamRegistryUrl: 'quay.io' }

const SIGNING_RULE = {
  signingProfileArn: 'arn:aws:signer:ap-northeast-1:123456789012:/signing-profiles/conformance',
  repositoryFilters: [{ filter: 'conf/signing', filterType: 'WILDCARD_MATCH' }],
}

let principals = 0

/** Settings of the registry, and what lies beside images. In order: the registry of a server is one. */
export const REGISTRY_CASES: readonly Case[] = [
  {
    name: 'a registry without a policy says so',
    service: 'ecr',
    call: () => ({ operation: 'DeleteRegistryPolicy', input: {} }),
    expected: { error: 'RegistryPolicyNotFoundException' },
  },
  {
    name: 'a registry policy that is no JSON is refused',
    service: 'ecr',
    call: () => ({ operation: 'PutRegistryPolicy', input: { policyText: '{' } }),
    expected: { error: 'InvalidParameterException' },
  },
  {
    name: 'replication to the registry itself is refused',
    service: 'ecr',
    call: () => ({ operation: 'PutReplicationConfiguration', input: replication('ap-northeast-1', '123456789012') }),
    expected: { error: 'InvalidParameterException' },
  },
  {
    name: 'replication is answered as it was put',
    service: 'ecr',
    call: () => ({ operation: 'PutReplicationConfiguration', input: replication('eu-west-1', '123456789012') }),
    expected: { output: replication('eu-west-1', '123456789012') },
  },
  {
    name: 'basic scanning is the one of AWS',
    service: 'ecr',
    call: () => ({ operation: 'GetAccountSetting', input: { name: 'BASIC_SCAN_TYPE_VERSION' } }),
    expected: { output: { name: 'BASIC_SCAN_TYPE_VERSION', value: 'AWS_NATIVE' } },
    moto: lacks('GetAccountSetting'),
  },
  {
    name: 'a pull through cache of Docker Hub needs credentials',
    service: 'ecr',
    call: () => ({
      operation: 'CreatePullThroughCacheRule',
      input: { ecrRepositoryPrefix: 'docker-hub', upstreamRegistryUrl: 'registry-1.docker.io' },
    }),
    expected: { error: 'UnsupportedUpstreamRegistryException' },
    moto: lacks('CreatePullThroughCacheRule'),
  },
  {
    name: 'a pull through cache of Quay needs none',
    service: 'ecr',
    call: () => ({
      operation: 'CreatePullThroughCacheRule',
      input: QUAY,
    }),
    expected: { output: { upstreamRegistryUrl: 'quay.io', upstreamRegistry: 'quay', createdAt: expect.anything() } },
    moto: lacks('CreatePullThroughCacheRule'),
  },
  {
    name: 'a pull through cache that is not there is not described',
    service: 'ecr',
    call: () => ({ operation: 'DescribePullThroughCacheRules', input: { ecrRepositoryPrefixes: ['none'] } }),
    expected: { error: 'PullThroughCacheRuleNotFoundException' },
    moto: lacks('DescribePullThroughCacheRules'),
  },
  {
    name: 'a repository policy that names a resource is refused',
    service: 'ecr',
    given: () => [repository('conf/resource')],
    call: () => ({ operation: 'SetRepositoryPolicy', input: { repositoryName: 'conf/resource', policyText } }),
    expected: { error: 'InvalidParameterException' },
    moto: {
      answers: { output: { repositoryName: 'conf/resource' } },
      reason: 'it takes a resource',
      see: `${GUIDE}/repository-policy-examples.html`,
    },
  },
  {
    name: 'immutability with exclusions needs some',
    service: 'ecr',
    call: () => repository('conf/exclusions', { imageTagMutability: 'IMMUTABLE_WITH_EXCLUSION' }),
    expected: { error: 'InvalidParameterException' },
  },
  {
    name: 'a layer that is not there has no URL',
    service: 'ecr',
    given: () => [repository('conf/nolayer')],
    call: () => ({
      operation: 'GetDownloadUrlForLayer',
      input: { repositoryName: 'conf/nolayer', layerDigest: digestOf('none') },
    }),
    expected: { error: 'LayersNotFoundException' },
    moto: lacks('GetDownloadUrlForLayer'),
  },
  {
    name: 'a layer that is not there is not available',
    service: 'ecr',
    given: () => [repository('conf/layers')],
    call: () => ({
      operation: 'BatchCheckLayerAvailability',
      input: { repositoryName: 'conf/layers', layerDigests: [digestOf('none')] },
    }),
    expected: { output: { layers: [{ layerDigest: digestOf('none'), layerAvailability: 'UNAVAILABLE' }] } },
    moto: lacks('BatchCheckLayerAvailability'),
  },
  {
    name: 'an upload that nobody began is not completed',
    service: 'ecr',
    given: () => [repository('conf/upload')],
    call: () => ({
      operation: 'CompleteLayerUpload',
      input: {
        repositoryName: 'conf/upload',
        uploadId: '00000000-0000-4000-8000-000000000000',
        layerDigests: [digestOf('none')],
      },
    }),
    expected: { error: 'UploadNotFoundException' },
    moto: lacks('CompleteLayerUpload'),
  },
  {
    name: 'an image that nothing is about has no referrers',
    service: 'ecr',
    given: () => [
      repository('conf/referrers'),
      {
        operation: 'PutImage',
        input: {
          repositoryName: 'conf/referrers',
          imageManifest: manifestOf('a'),
          imageManifestMediaType: OCI_MANIFEST,
        },
      },
    ],
    call: () => ({
      operation: 'ListImageReferrers',
      input: { repositoryName: 'conf/referrers', subjectId: { imageDigest: digestOf(manifestOf('a')) } },
    }),
    expected: { output: { referrers: [] } },
    moto: lacks('ListImageReferrers'),
  },
  {
    name: 'a registry that signs nothing itself says so',
    service: 'ecr',
    call: () => ({ operation: 'GetSigningConfiguration', input: {} }),
    expected: { error: 'SigningConfigurationNotFoundException' },
    moto: lacks('GetSigningConfiguration'),
  },
  {
    name: 'what is pushed is signed with the profile of its rule',
    service: 'ecr',
    given: () => [
      repository('conf/signing'),
      { operation: 'PutSigningConfiguration', input: { signingConfiguration: { rules: [SIGNING_RULE] } } },
      {
        operation: 'PutImage',
        input: { repositoryName: 'conf/signing', imageManifest: manifestOf('a'), imageManifestMediaType: OCI_MANIFEST },
      },
    ],
    call: () => ({
      operation: 'DescribeImageSigningStatus',
      input: { repositoryName: 'conf/signing', imageId: { imageDigest: digestOf(manifestOf('a')) } },
    }),
    expected: {
      output: { signingStatuses: [{ signingProfileArn: SIGNING_RULE.signingProfileArn, status: 'IN_PROGRESS' }] },
    },
    moto: lacks('DescribeImageSigningStatus'),
  },
  {
    name: 'a creation template with tags needs a role',
    service: 'ecr',
    call: () => ({
      operation: 'CreateRepositoryCreationTemplate',
      input: { prefix: 'conf', appliedFor: ['REPLICATION'], resourceTags: [{ Key: 'owner', Value: 'team-a' }] },
    }),
    expected: { error: 'InvalidParameterException' },
    moto: lacks('CreateRepositoryCreationTemplate'),
  },
  {
    name: 'a principal is excluded from what is recorded of pulls',
    service: 'ecr',
    call: () => ({
      operation: 'RegisterPullTimeUpdateExclusion',
      input: { principalArn: `arn:aws:iam::123456789012:role/conf-${++principals}` },
    }),
    expected: { output: { principalArn: expect.stringContaining(':role/conf-'), createdAt: expect.anything() } },
    moto: lacks('RegisterPullTimeUpdateExclusion'),
  },
]
