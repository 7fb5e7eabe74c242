import * as client from '@aws-sdk/client-ecr'
import { ecrComplaints } from '../complaints.ts'
import { operationsOf } from '../protocol/shape.ts'
import type { Requirement, Service } from '../service.ts'
import { cacheRuleHandlers } from './cache-rules.ts'
import { checkConstraints } from './constraints.ts'
import { creationTemplateHandlers } from './creation-templates.ts'
import { describeHandlers } from './describe.ts'
import { repositoryNotFound } from './errors.ts'
import { imageHandlers } from './images.ts'
import type { LayerUrls } from './layer-urls.ts'
import { layerHandlers } from './layers.ts'
import { previewHandlers } from './lifecycle-preview/preview.ts'
import { pullExclusionHandlers } from './pull-exclusions.ts'
import { referrerHandlers } from './referrers.ts'
import { registryHandlers } from './registry.ts'
import { repositoryHandlers } from './repositories.ts'
import { scanningHandlers } from './scanning.ts'
import { scanHandlers } from './scans.ts'
import { lifecycleHandlers, repositoryPolicyHandlers, tagHandlers } from './settings.ts'
import { signingHandlers } from './signing.ts'
import type { Registry } from './state.ts'
import { storageClassHandlers } from './storage-class.ts'

const namesOf = ({ repositoryName, repositoryNames }: Record<string, unknown>): string[] => {
  if (typeof repositoryName === 'string') return [repositoryName]
  return Array.isArray(repositoryNames) ? repositoryNames.map(String) : []
}

/** Actions that are not named as the operation is. */
const ACTIONS: Readonly<Record<string, string>> = { ListImageReferrers: 'BatchGetImage' }

/** Beside its own action, what putting a creation template needs: all that ECR will do by it, and to hand it the role. */
function templateRequirements(input: Record<string, unknown>): Requirement[] {
  const actions = [
    'CreateRepository',
    ...(input.lifecyclePolicy ? ['PutLifecyclePolicy'] : []),
    ...(input.repositoryPolicy ? ['SetRepositoryPolicy'] : []),
  ]
  return [
    ...actions.map((action) => ({ action: `ecr:${action}`, resource: '*' })),
    ...(input.customRoleArn ? [{ action: 'iam:PassRole', resource: String(input.customRoleArn) }] : []),
  ]
}

/**
 * What IAM asks for a call. Creating a repository with tags needs the right to tag, too.
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerregistry.html
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-creation-templates-create.html
 */
function requirementsOf(registry: Registry, operation: string, input: Record<string, unknown>): Requirement[] {
  const resources =
    typeof input.resourceArn === 'string' ? [input.resourceArn] : namesOf(input).map((name) => registry.arnOf(name))
  const actions = [ACTIONS[operation] ?? operation]
  if (operation === 'CreateRepository' && input.tags) actions.push('TagResource')
  const own = actions.flatMap((action) =>
    (resources.length > 0 ? resources : ['*']).map((resource) => ({ action: `ecr:${action}`, resource })),
  )
  const putsTemplate = /^(?:Create|Update)RepositoryCreationTemplate$/.test(operation)
  return putsTemplate ? [...own, ...templateRequirements(input)] : own
}

/** @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/Welcome.html */
export const ecrService = (registry: Registry, urls: LayerUrls): Service => ({
  name: 'ecr',
  protocol: 'json',
  target: 'AmazonEC2ContainerRegistry_V20150921',
  jsonVersion: '1.1',
  errorNamespace: 'com.amazonaws.ecr',
  xmlNamespace: '',
  operations: operationsOf(client),
  handlers: {
    ...repositoryHandlers(registry),
    ...imageHandlers(registry),
    ...describeHandlers(registry),
    ...scanHandlers(registry),
    ...scanningHandlers(registry),
    ...lifecycleHandlers(registry),
    ...previewHandlers(registry),
    ...storageClassHandlers(registry),
    ...repositoryPolicyHandlers(registry),
    ...tagHandlers(registry),
    ...layerHandlers(registry, urls),
    ...registryHandlers(registry),
    ...cacheRuleHandlers(registry),
    ...creationTemplateHandlers(registry),
    ...pullExclusionHandlers(registry),
    ...referrerHandlers(registry),
    ...signingHandlers(registry),
  },
  complaints: ecrComplaints,
  check: (operation, input) => {
    checkConstraints(operation, input)
    const { registryId, repositoryName } = input
    if (registryId !== undefined && registryId !== registry.around.account)
      throw repositoryNotFound({ repository: String(repositoryName), registry: String(registryId) })
  },
  denied: { code: 'AccessDeniedException', status: 400 },
  requires: (operation, input) => requirementsOf(registry, operation, input),
})
