import { isObject } from '../../is-object.ts'
import { asFilters, asInput, asText, type Call, differ, ifThere, isTrue, type Kind, type Properties } from './kind.ts'

const tagsOf = ({ Tags = [] }: Properties) => Tags as readonly { Key: string; Value: string }[]

const lifecycleOf = ({ LifecyclePolicy: policy }: Properties): unknown =>
  isObject(policy) ? policy.LifecyclePolicyText : undefined

const scanning = ({ ImageScanningConfiguration: scan }: Properties) => ({
  imageScanningConfiguration: { scanOnPush: isObject(scan) && isTrue(scan.ScanOnPush) },
})

const mutability = ({ ImageTagMutability, ImageTagMutabilityExclusionFilters }: Properties) => ({
  imageTagMutability: ImageTagMutability ?? 'MUTABLE',
  imageTagMutabilityExclusionFilters: asFilters(ImageTagMutabilityExclusionFilters),
})

function putPolicies(call: Call, repositoryName: string, properties: Properties): void {
  const lifecyclePolicyText = lifecycleOf(properties)
  if (lifecyclePolicyText !== undefined) call('PutLifecyclePolicy', { repositoryName, lifecyclePolicyText })
  const { RepositoryPolicyText: policy } = properties
  if (policy !== undefined) call('SetRepositoryPolicy', { repositoryName, policyText: asText(policy) })
}

function create(call: Call, repositoryName: string, properties: Properties): void {
  const { EncryptionConfiguration } = properties
  call('CreateRepository', {
    repositoryName,
    ...mutability(properties),
    ...scanning(properties),
    encryptionConfiguration: asInput(EncryptionConfiguration),
    tags: tagsOf(properties),
  })
  try {
    putPolicies(call, repositoryName, properties)
  } catch (error) {
    call('DeleteRepository', { repositoryName })
    throw error
  }
}

function updateTags(call: Call, repositoryName: string, properties: Properties, before: Properties): void {
  const { repositories } = call('DescribeRepositories', { repositoryNames: [repositoryName] }) as {
    repositories: readonly { repositoryArn: string }[]
  }
  const resourceArn = repositories[0]?.repositoryArn
  const tags = tagsOf(properties)
  const tagKeys = tagsOf(before)
    .map(({ Key }) => Key)
    .filter((key) => !tags.some(({ Key }) => Key === key))
  if (tagKeys.length > 0) call('UntagResource', { resourceArn, tagKeys })
  if (tags.length > 0) call('TagResource', { resourceArn, tags })
}

function update(call: Call, repositoryName: string, properties: Properties, before: Properties): void {
  const isChanged = (...names: string[]): boolean => names.some((name) => differ(name, properties, before))
  if (isChanged('ImageTagMutability', 'ImageTagMutabilityExclusionFilters'))
    call('PutImageTagMutability', { repositoryName, ...mutability(properties) })
  if (isChanged('ImageScanningConfiguration'))
    call('PutImageScanningConfiguration', { repositoryName, ...scanning(properties) })
  if (lifecycleOf(properties) === undefined && lifecycleOf(before) !== undefined)
    ifThere(() => call('DeleteLifecyclePolicy', { repositoryName }))
  if (properties.RepositoryPolicyText === undefined && before.RepositoryPolicyText !== undefined)
    ifThere(() => call('DeleteRepositoryPolicy', { repositoryName }))
  putPolicies(call, repositoryName, properties)
  if (isChanged('Tags')) updateTags(call, repositoryName, properties, before)
}

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ecr-repository.html */
export const REPOSITORY: Kind = {
  properties: {
    RepositoryName: 'replaced',
    EncryptionConfiguration: 'replaced',
    EmptyOnDelete: 'changed',
    ImageScanningConfiguration: 'changed',
    ImageTagMutability: 'changed',
    ImageTagMutabilityExclusionFilters: 'changed',
    LifecyclePolicy: 'changed',
    RepositoryPolicyText: 'changed',
    Tags: 'changed',
  },
  create,
  update,
  remove: (call, repositoryName, { EmptyOnDelete }) =>
    void call('DeleteRepository', { repositoryName, force: isTrue(EmptyOnDelete) }),
}
