import type * as ecr from '@aws-sdk/client-ecr'
import { invalidParameter } from '../complaints.ts'
import type { Handler } from '../service.ts'
import type { Registry } from './state.ts'
import type { StoredRepository } from './stored.ts'
import { matchesWildcard } from './wildcard.ts'

/** How often a repository is scanned, from the least to the most. */
const FREQUENCIES = ['MANUAL', 'SCAN_ON_PUSH', 'CONTINUOUS_SCAN'] as const

/** A filter without a wildcard matches every name that contains it. */
const applies = ({ filter = '' }: ecr.ScanningRepositoryFilter, name: string): boolean =>
  filter.includes('*') ? matchesWildcard(filter, name) : name.includes(filter)

/**
 * What the registry's rules make of a repository. Its own setting counts where basic scanning has no rules.
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-scanning.html#image-scanning-filters
 */
function configurationOf(registry: Registry, { settings }: StoredRepository): ecr.RepositoryScanningConfiguration {
  const { repositoryArn, repositoryName } = settings
  const rules = registry.scanning.rules ?? []
  const applied = rules.flatMap(({ scanFrequency = 'MANUAL', repositoryFilters = [] }) =>
    repositoryFilters.filter((filter) => applies(filter, repositoryName)).map((filter) => ({ scanFrequency, filter })),
  )
  const countsOwn = registry.scanning.scanType === 'BASIC' && rules.length === 0
  const own = countsOwn && settings.imageScanningConfiguration?.scanOnPush ? 1 : 0
  const rank = Math.max(own, ...applied.map(({ scanFrequency }) => FREQUENCIES.indexOf(scanFrequency)))
  const scanFrequency = FREQUENCIES[rank] ?? 'MANUAL'
  const appliedScanFilters = applied.filter((rule) => rule.scanFrequency === scanFrequency).map(({ filter }) => filter)
  return { repositoryArn, repositoryName, scanOnPush: rank > 0, scanFrequency, appliedScanFilters }
}

/** Whether Inspector goes on watching what is in a repository. */
export const isScannedContinuously = (registry: Registry, repository: StoredRepository): boolean =>
  registry.scanning.scanType === 'ENHANCED' && configurationOf(registry, repository).scanFrequency === 'CONTINUOUS_SCAN'

function describe(registry: Registry, { repositoryNames = [] }: ecr.BatchGetRepositoryScanningConfigurationRequest) {
  const failures = repositoryNames
    .filter((name) => !registry.repository(name))
    .map((repositoryName) => ({
      repositoryName,
      failureCode: 'REPOSITORY_NOT_FOUND' as const,
      failureReason: `The repository with name '${repositoryName}' does not exist in the registry with id '${registry.around.account}'`,
    }))
  const found = repositoryNames.flatMap((name) => registry.repository(name) ?? [])
  return { scanningConfigurations: found.map((repository) => configurationOf(registry, repository)), failures }
}

/** @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_PutRegistryScanningConfiguration.html */
export const scanningHandlers = (registry: Registry): Record<string, Handler> => ({
  PutImageScanningConfiguration: (input: ecr.PutImageScanningConfigurationRequest) => {
    const { repositoryName, imageScanningConfiguration } = input
    registry.need(repositoryName).settings.imageScanningConfiguration = imageScanningConfiguration
    return { registryId: registry.around.account, repositoryName, imageScanningConfiguration }
  },
  PutRegistryScanningConfiguration: (input: ecr.PutRegistryScanningConfigurationRequest) => {
    const { scanType = 'BASIC', rules = [] } = input
    const continuous = rules.some(({ scanFrequency }) => scanFrequency === 'CONTINUOUS_SCAN')
    if (scanType === 'BASIC' && continuous)
      throw invalidParameter('scanFrequency', 'CONTINUOUS_SCAN is only supported with enhanced scanning')
    registry.scanning = { scanType, rules }
    return { registryScanningConfiguration: registry.scanning }
  },
  GetRegistryScanningConfiguration: () => ({
    registryId: registry.around.account,
    scanningConfiguration: registry.scanning,
  }),
  BatchGetRepositoryScanningConfiguration: (input: ecr.BatchGetRepositoryScanningConfigurationRequest) =>
    describe(registry, input),
})
