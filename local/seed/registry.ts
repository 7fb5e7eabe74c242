import type { RegistryScanningRule, ScanFrequency, ScanType } from '@aws-sdk/client-ecr'
import type { LocalAws } from '../aws/server.ts'
import { narrowRegistryPolicy, registryPolicy } from './policies.ts'

/** Scans the repositories that the filters are about, and no others. */
export function putScanning(
  aws: LocalAws,
  scanType: ScanType,
  rules: Readonly<Partial<Record<ScanFrequency, readonly string[]>>>,
): void {
  const asRule = ([scanFrequency, filters]: [string, readonly string[]]): RegistryScanningRule => ({
    scanFrequency: scanFrequency as ScanFrequency,
    repositoryFilters: filters.map((filter) => ({ filter, filterType: 'WILDCARD' as const })),
  })
  aws.call('ecr', 'PutRegistryScanningConfiguration', { scanType, rules: Object.entries(rules).map(asRule) })
}

/** Filters of what was there when they were written: `sandbox/`, `ml/` and what has no namespace are not among them. */
export const SCANNED = ['base/*', 'charts/*', 'docker-hub/*', 'prod/*', 'team-*']

const prefix = (filter: string) => [{ filter, filterType: 'PREFIX_MATCH' as const }]

function putReplication(aws: LocalAws): void {
  const here = (region: string) => ({ region, registryId: aws.account })
  const elsewhere = { region: aws.region, registryId: '987654321098' }
  const rules = [
    { destinations: [here('us-east-1'), here('eu-west-1')], repositoryFilters: prefix('prod/') },
    { destinations: [elsewhere], repositoryFilters: prefix('base/') },
  ]
  aws.call('ecr', 'PutReplicationConfiguration', { replicationConfiguration: { rules } })
}

/** Docker Hub and GitHub with the credentials that they ask for, Quay with none, and a partner's registry without its role. */
function putCacheRules(aws: LocalAws): void {
  const secret = (name: string): string =>
    aws.secrets.put(`ecr-pullthroughcache/${name}`, JSON.stringify({ username: 'example', accessToken: 'example' }))
  const rules: readonly (readonly [prefix: string, host: string, credentialArn?: string])[] = [
    ['docker-hub', 'registry-1.docker.io', secret('docker-hub')],
    ['ghcr', 'ghcr.io', secret('ghcr')],
    ['quay', 'quay.io'],
    ['partner', `987654321098.dkr.ecr.${aws.region}.amazonaws.com`],
  ]
  for (const [ecrRepositoryPrefix, upstreamRegistryUrl, credentialArn] of rules)
    aws.call('ecr', 'CreatePullThroughCacheRule', { ecrRepositoryPrefix, upstreamRegistryUrl, credentialArn })
}

/** The settings of the registry itself, each as AWS would take it. */
export function putRegistrySettings(aws: LocalAws): void {
  putScanning(aws, 'BASIC', { SCAN_ON_PUSH: SCANNED })
  aws.call('ecr', 'PutRegistryPolicy', { policyText: registryPolicy(aws.account, aws.region) })
  putReplication(aws)
  putCacheRules(aws)
}

/** Lets no other account pull any more: as long as they may, nobody can tell what is in use, and nothing is removed. */
export const closeRegistry = (aws: LocalAws): void =>
  void aws.call('ecr', 'PutRegistryPolicy', { policyText: narrowRegistryPolicy(aws.account, aws.region) })
