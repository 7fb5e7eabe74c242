import * as client from '@aws-sdk/client-ecr'
import { ecrComplaints } from '../complaints.ts'
import { operationsOf } from '../protocol/shape.ts'
import type { Service } from '../service.ts'
import { checkConstraints } from './constraints.ts'
import { describeHandlers } from './describe.ts'
import { repositoryNotFound } from './errors.ts'
import { imageHandlers } from './images.ts'
import { repositoryHandlers } from './repositories.ts'
import { scanningHandlers } from './scanning.ts'
import { scanHandlers } from './scans.ts'
import { lifecycleHandlers, repositoryPolicyHandlers, tagHandlers } from './settings.ts'
import type { Registry } from './state.ts'

const namesOf = ({ repositoryName, repositoryNames }: Record<string, unknown>): string[] => {
  if (typeof repositoryName === 'string') return [repositoryName]
  return Array.isArray(repositoryNames) ? repositoryNames.map(String) : []
}

/** @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/Welcome.html */
export const ecrService = (registry: Registry): Service => ({
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
    ...repositoryPolicyHandlers(registry),
    ...tagHandlers(registry),
  },
  complaints: ecrComplaints,
  check: (operation, input) => {
    checkConstraints(operation, input)
    const { registryId, repositoryName } = input
    if (registryId !== undefined && registryId !== registry.around.account)
      throw repositoryNotFound({ repository: String(repositoryName), registry: String(registryId) })
  },
  denied: { code: 'AccessDeniedException', status: 400 },
  requires: (operation, input) => {
    const action = `ecr:${operation}`
    const named =
      typeof input.resourceArn === 'string' ? [input.resourceArn] : namesOf(input).map((name) => registry.arnOf(name))
    return named.length > 0 ? named.map((resource) => ({ action, resource })) : [{ action, resource: '*' }]
  },
})
