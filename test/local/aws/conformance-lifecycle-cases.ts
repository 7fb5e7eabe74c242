import { expect } from 'vitest'
import { digestOf, OCI_INDEX, OCI_MANIFEST } from '../../../local/aws/ecr/manifest.ts'
import type { Case } from './conformance-cases.ts'
import { indexOf, manifestOf } from './manifests.ts'

const API = 'https://docs.aws.amazon.com/AmazonECR/latest/APIReference'
const GUIDE = 'https://docs.aws.amazon.com/AmazonECR/latest/userguide'

const lacks = (operation: string): Case['moto'] => ({
  answers: { error: expect.any(String) },
  reason: `it does not have ${operation}`,
  see: `${API}/API_${operation}.html`,
})

/** moto's digests are not those of the manifests, so that it finds nothing by one. */
const OTHER_DIGEST: Case['moto'] = {
  answers: { output: { imageIds: [], failures: [{ failureCode: 'ImageNotFound' }] } },
  reason: 'its digest is not that of the manifest',
  see: `${API}/API_ImageIdentifier.html`,
}

const repository = (repositoryName: string) => ({ operation: 'CreateRepository', input: { repositoryName } })

const image = (repositoryName: string, imageManifest: string, imageTag?: string, mediaType = OCI_MANIFEST) => ({
  operation: 'PutImage',
  input: { repositoryName, imageManifest, imageManifestMediaType: mediaType, imageTag },
})

const text = (selection: object, action: object = { type: 'expire' }): string =>
  JSON.stringify({ rules: [{ rulePriority: 1, description: 'as little as one image stays', selection, action }] })

const KEEP_ONE = text({ tagStatus: 'any', countType: 'imageCountMoreThan', countNumber: 1 })

const preview = (repositoryName: string, lifecyclePolicyText?: string) => ({
  operation: 'StartLifecyclePolicyPreview',
  input: { repositoryName, lifecyclePolicyText },
})
const result = (repositoryName: string, more: object = {}) => ({
  operation: 'GetLifecyclePolicyPreview',
  input: { repositoryName, ...more },
})
const storage = (repositoryName: string, targetStorageClass: string, imageId: object) => ({
  operation: 'UpdateImageStorageClass',
  input: { repositoryName, targetStorageClass, imageId },
})

/** Lifecycle policies, the archive, and what deletions leave behind. */
export const LIFECYCLE_CASES: readonly Case[] = [
  {
    name: 'a preview is in progress at first',
    service: 'ecr',
    given: () => [repository('life/start'), image('life/start', manifestOf('a'), 'v1')],
    call: () => preview('life/start', KEEP_ONE),
    expected: { output: { repositoryName: 'life/start', status: 'IN_PROGRESS', lifecyclePolicyText: KEEP_ONE } },
    moto: lacks('StartLifecyclePolicyPreview'),
  },
  {
    name: 'a preview without a policy needs that of the repository',
    service: 'ecr',
    given: () => [repository('life/none')],
    call: () => preview('life/none'),
    expected: { error: 'LifecyclePolicyNotFoundException' },
    moto: lacks('StartLifecyclePolicyPreview'),
  },
  {
    name: 'one preview at a time',
    service: 'ecr',
    given: () => [repository('life/twice'), preview('life/twice', KEEP_ONE)],
    call: () => preview('life/twice', KEEP_ONE),
    expected: { error: 'LifecyclePolicyPreviewInProgressException' },
    moto: lacks('StartLifecyclePolicyPreview'),
  },
  {
    name: 'a preview that nobody began is not found',
    service: 'ecr',
    given: () => [repository('life/unknown')],
    call: () => result('life/unknown'),
    expected: { error: 'LifecyclePolicyPreviewNotFoundException' },
    moto: lacks('GetLifecyclePolicyPreview'),
  },
  {
    name: 'a preview lists what goes, and counts it',
    service: 'ecr',
    given: () => [
      repository('life/result'),
      image('life/result', manifestOf('a'), 'v1'),
      image('life/result', manifestOf('b'), 'v2'),
      preview(
        'life/result',
        text({ tagStatus: 'tagged', tagPrefixList: ['v'], countType: 'imageCountMoreThan', countNumber: 1 }),
      ),
      result('life/result'),
    ],
    call: () => result('life/result'),
    expected: {
      output: {
        status: 'COMPLETE',
        summary: { expiringImageTotalCount: 1 },
        previewResults: [
          {
            imageDigest: expect.stringMatching(/^sha256:/),
            imageTags: [expect.stringMatching(/^v[12]$/)],
            action: { type: 'EXPIRE' },
            appliedRulePriority: 1,
            storageClass: 'STANDARD',
          },
        ],
      },
    },
    moto: lacks('StartLifecyclePolicyPreview'),
  },
  {
    name: 'a policy that archives after days without a pull is taken',
    service: 'ecr',
    given: () => [repository('life/archiving')],
    call: () => ({
      operation: 'PutLifecyclePolicy',
      input: {
        repositoryName: 'life/archiving',
        lifecyclePolicyText: text(
          { tagStatus: 'any', countType: 'sinceImagePulled', countUnit: 'days', countNumber: 90 },
          { type: 'transition', targetStorageClass: 'archive' },
        ),
      },
    }),
    expected: { output: { repositoryName: 'life/archiving' } },
    moto: {
      answers: { error: 'InvalidParameterException' },
      reason: 'it knows neither the archive nor pulls',
      see: `${GUIDE}/lifecycle_policy_parameters.html`,
    },
  },
  {
    name: 'days without a pull do not expire an image',
    service: 'ecr',
    given: () => [repository('life/pulled')],
    call: () => ({
      operation: 'PutLifecyclePolicy',
      input: {
        repositoryName: 'life/pulled',
        lifecyclePolicyText: text({
          tagStatus: 'any',
          countType: 'sinceImagePulled',
          countUnit: 'days',
          countNumber: 90,
        }),
      },
    }),
    expected: { error: 'InvalidParameterException' },
  },
  {
    name: 'a count of no images is refused',
    service: 'ecr',
    given: () => [repository('life/zero')],
    call: () => ({
      operation: 'PutLifecyclePolicy',
      input: {
        repositoryName: 'life/zero',
        lifecyclePolicyText: text({ tagStatus: 'any', countType: 'imageCountMoreThan', countNumber: 0 }),
      },
    }),
    expected: { error: 'InvalidParameterException' },
  },
  {
    name: 'an image is archived',
    service: 'ecr',
    given: () => [repository('life/archive'), image('life/archive', manifestOf('a'), 'v1')],
    call: () => storage('life/archive', 'ARCHIVE', { imageTag: 'v1' }),
    expected: {
      output: { imageId: { imageDigest: digestOf(manifestOf('a')), imageTag: 'v1' }, imageStatus: 'ARCHIVED' },
    },
    moto: lacks('UpdateImageStorageClass'),
  },
  {
    name: 'what an index lists is not archived',
    service: 'ecr',
    given: () => [
      repository('life/child'),
      image('life/child', manifestOf('a')),
      image('life/child', indexOf(manifestOf('a')), 'v1', OCI_INDEX),
    ],
    call: () => storage('life/child', 'ARCHIVE', { imageDigest: digestOf(manifestOf('a')) }),
    expected: { error: 'ImageStorageClassUpdateNotSupportedException' },
    moto: lacks('UpdateImageStorageClass'),
  },
  {
    name: 'an archived image is described where it is asked for',
    service: 'ecr',
    given: () => [
      repository('life/described'),
      image('life/described', manifestOf('a'), 'v1'),
      storage('life/described', 'ARCHIVE', { imageTag: 'v1' }),
    ],
    call: () => ({
      operation: 'DescribeImages',
      input: { repositoryName: 'life/described', filter: { imageStatus: 'ARCHIVED' } },
    }),
    expected: {
      output: { imageDetails: [{ imageTags: ['v1'], imageStatus: 'ARCHIVED', lastArchivedAt: expect.anything() }] },
    },
    moto: lacks('UpdateImageStorageClass'),
  },
  {
    name: 'what an index lists is not deleted',
    service: 'ecr',
    given: () => [
      repository('life/listed'),
      image('life/listed', manifestOf('a')),
      image('life/listed', indexOf(manifestOf('a')), 'v1', OCI_INDEX),
    ],
    call: () => ({
      operation: 'BatchDeleteImage',
      input: { repositoryName: 'life/listed', imageIds: [{ imageDigest: digestOf(manifestOf('a')) }] },
    }),
    expected: { output: { imageIds: [], failures: [{ failureCode: 'ImageReferencedByManifestList' }] } },
    moto: OTHER_DIGEST,
  },
  {
    name: 'a tag is not deleted from another image than the one that was meant',
    service: 'ecr',
    given: () => [
      repository('life/moved'),
      image('life/moved', manifestOf('a'), 'v1'),
      image('life/moved', manifestOf('b'), 'v2'),
    ],
    call: () => ({
      operation: 'BatchDeleteImage',
      input: {
        repositoryName: 'life/moved',
        imageIds: [{ imageDigest: digestOf(manifestOf('a')), imageTag: 'v2' }],
      },
    }),
    expected: { output: { imageIds: [], failures: [{ failureCode: 'ImageTagDoesNotMatchDigest' }] } },
    moto: OTHER_DIGEST,
  },
]
