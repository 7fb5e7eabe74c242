import type { RegistryRef } from '../domain/facts/registry-facts.ts'
import type { RegistryScanning, ScanFrequency } from '../domain/facts/repository-facts.ts'
import { type EcrCall, ownRegistry, present } from './ecr-call.ts'

type Rule = {
  readonly scanFrequency: ScanFrequency
  readonly repositoryFilters?: readonly { readonly filter: string; readonly filterType: string }[]
}
type Answer = {
  readonly scanningConfiguration: { readonly scanType?: 'BASIC' | 'ENHANCED'; readonly rules?: readonly Rule[] }
}

const OPERATION = 'GetRegistryScanningConfiguration'

/**
 * How a registry scans.
 * @throws {Unreadable}
 * @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_GetRegistryScanningConfiguration.html
 */
export async function readScanning(call: EcrCall, registry: RegistryRef): Promise<RegistryScanning> {
  const { scanningConfiguration } = await ownRegistry<Answer>(call, registry, OPERATION)
  const { scanType, rules = [] } = present(scanningConfiguration, OPERATION)
  return {
    scanType: present(scanType, OPERATION),
    rules: rules.map(({ scanFrequency, repositoryFilters = [] }) => ({
      frequency: scanFrequency,
      filters: repositoryFilters.map(({ filter }) => filter),
    })),
  }
}
