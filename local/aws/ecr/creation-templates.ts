import type * as ecr from '@aws-sdk/client-ecr'
import { invalidParameter } from '../complaints.ts'
import { AwsError } from '../error.ts'
import type { Handler } from '../service.ts'
import { readPolicy } from './lifecycle-preview/document.ts'
import { page } from './page.ts'
import { canonicalPolicy, REPOSITORY_POLICY } from './policy-document.ts'
import type { Registry } from './state.ts'
import { checkMutability } from './tag-mutability.ts'

/** Why ECR makes a repository that nobody created. */
export type Birth = ecr.RCTAppliedFor

/** Of a prefix that no longer one has: everything. */
const ROOT = 'ROOT'
const BIRTHS: readonly Birth[] = ['REPLICATION', 'PULL_THROUGH_CACHE', 'CREATE_ON_PUSH']

const keyOf = (prefix = ''): string => prefix.replace(/\/$/, '')

/**
 * The template for a repository that is to be born: the one with the longest prefix among those for such a birth.
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-creation-templates.html
 */
export function templateFor(
  { templates }: Registry,
  name: string,
  birth: Birth,
): ecr.RepositoryCreationTemplate | undefined {
  const fitting = [...templates].filter(
    ([key, { appliedFor = [] }]) => appliedFor.includes(birth) && (key === ROOT || name.startsWith(`${key}/`)),
  )
  const lengthOf = (key: string): number => (key === ROOT ? 0 : key.length)
  return fitting.toSorted(([a], [b]) => lengthOf(b) - lengthOf(a))[0]?.[1]
}

/** Makes a repository as ECR does by itself: with the settings of its template, or with the usual ones where it has none. */
export function giveBirth(registry: Registry, repositoryName: string, birth: Birth): ecr.Repository {
  const template = templateFor(registry, repositoryName, birth) ?? {}
  const { imageTagMutability, imageTagMutabilityExclusionFilters, encryptionConfiguration, resourceTags } = template
  const settings = registry.createRepository({
    ...{ repositoryName, imageTagMutability, imageTagMutabilityExclusionFilters, tags: resourceTags },
    encryptionConfiguration: encryptionConfiguration as ecr.EncryptionConfiguration | undefined,
  })
  const { repositoryPolicy, lifecyclePolicy } = template
  const repository = registry.need(repositoryName)
  if (repositoryPolicy) repository.policyText = canonicalPolicy(repositoryPolicy, REPOSITORY_POLICY)
  if (lifecyclePolicy) repository.lifecyclePolicyText = lifecyclePolicy
  return settings
}

/** Whatever makes the tags of repositories, or uses a key of KMS, does so in a role of the account. */
function checkRole({
  customRoleArn,
  resourceTags = [],
  encryptionConfiguration,
}: ecr.RepositoryCreationTemplate): void {
  const hasKey = (encryptionConfiguration?.encryptionType ?? 'AES256') !== 'AES256'
  if (customRoleArn || (!hasKey && resourceTags.length === 0)) return
  throw invalidParameter(
    'customRoleArn',
    `must not be null where ${hasKey ? 'KMS encryption' : 'resource tags'} are used`,
  )
}

function check(template: ecr.RepositoryCreationTemplate): void {
  const { appliedFor = [], encryptionConfiguration, repositoryPolicy, lifecyclePolicy } = template
  if (appliedFor.length === 0 || appliedFor.some((birth) => !BIRTHS.includes(birth)))
    throw invalidParameter('appliedFor', `must satisfy enum value set: [${BIRTHS.join(', ')}]`)
  checkMutability(template)
  if (encryptionConfiguration?.encryptionType === 'AES256' && encryptionConfiguration.kmsKey)
    throw invalidParameter('encryptionConfiguration', 'kmsKey must be null when encryptionType is AES256')
  if (repositoryPolicy) canonicalPolicy(repositoryPolicy, REPOSITORY_POLICY)
  if (lifecyclePolicy) readPolicy(lifecyclePolicy)
  checkRole(template)
}

function need({ templates, around }: Registry, prefix = ''): ecr.RepositoryCreationTemplate {
  const template = templates.get(keyOf(prefix))
  if (template) return template
  throw new AwsError(
    'TemplateNotFoundException',
    `The Repository Creation Template with prefix '${prefix}' does not exist in registry with id '${around.account}'`,
  )
}

function create(registry: Registry, input: ecr.CreateRepositoryCreationTemplateRequest) {
  const { templates, around } = registry
  const now = registry.now()
  const template = {
    imageTagMutability: 'MUTABLE' as const,
    encryptionConfiguration: { encryptionType: 'AES256' as const },
    ...input,
    ...{ createdAt: now, updatedAt: now },
  }
  check(template)
  if (templates.has(keyOf(input.prefix)))
    throw new AwsError(
      'TemplateAlreadyExistsException',
      `A Repository Creation Template with prefix '${input.prefix}' already exists in registry with id '${around.account}'`,
    )
  templates.set(keyOf(input.prefix), template)
  return { registryId: around.account, repositoryCreationTemplate: template }
}

/** What is left out stays as it is, which is nowhere said; filters go with the mutability that has them. */
function update(registry: Registry, input: ecr.UpdateRepositoryCreationTemplateRequest) {
  const { imageTagMutabilityExclusionFilters: filters, ...before } = need(registry, input.prefix)
  const isKept = input.imageTagMutability === undefined
  const changed: ecr.RepositoryCreationTemplate = {
    ...before,
    ...(isKept && filters && { imageTagMutabilityExclusionFilters: filters }),
    ...Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined)),
    ...{ prefix: before.prefix, updatedAt: registry.now() },
  }
  check(changed)
  registry.templates.set(keyOf(input.prefix), changed)
  return { registryId: registry.around.account, repositoryCreationTemplate: changed }
}

function describe(registry: Registry, input: ecr.DescribeRepositoryCreationTemplatesRequest) {
  const { prefixes } = input
  const all = [...registry.templates].sort(([a], [b]) => (a < b ? -1 : 1))
  const wanted = prefixes && new Set(prefixes.map(keyOf))
  const found = wanted ? all.filter(([key]) => wanted.has(key)) : all
  const { items, nextToken } = page(found, ([key]) => key, 'DescribeRepositoryCreationTemplates', input)
  const registryId = registry.around.account
  return { registryId, repositoryCreationTemplates: items.map(([, template]) => template), nextToken }
}

/** @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_CreateRepositoryCreationTemplate.html */
export const creationTemplateHandlers = (registry: Registry): Record<string, Handler> => ({
  CreateRepositoryCreationTemplate: (input: ecr.CreateRepositoryCreationTemplateRequest) => create(registry, input),
  UpdateRepositoryCreationTemplate: (input: ecr.UpdateRepositoryCreationTemplateRequest) => update(registry, input),
  DescribeRepositoryCreationTemplates: (input: ecr.DescribeRepositoryCreationTemplatesRequest) =>
    describe(registry, input),
  DeleteRepositoryCreationTemplate: ({ prefix }: ecr.DeleteRepositoryCreationTemplateRequest) => {
    const repositoryCreationTemplate = need(registry, prefix)
    registry.templates.delete(keyOf(prefix))
    return { registryId: registry.around.account, repositoryCreationTemplate }
  },
})
