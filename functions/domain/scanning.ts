import type { RegistryScanning, ScanFrequency } from './facts/repository-facts.ts'
import { awsCommand } from './rule/aws-command.ts'
import { fits, tokensOf } from './wildcard.ts'

/** How often a repository is scanned, from the least to the most: who is watched continuously is scanned on push too. */
export const FREQUENCIES = ['MANUAL', 'SCAN_ON_PUSH', 'CONTINUOUS_SCAN'] as const

export const isAtLeast = (given: ScanFrequency, wanted: ScanFrequency): boolean =>
  FREQUENCIES.indexOf(given) >= FREQUENCIES.indexOf(wanted)

/**
 * Whether a filter of the scanning rules is about a repository: `*` is any characters, and a filter without one is about
 * every name that has it somewhere.
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-scanning-filters.html
 */
const isAbout = (filter: string, repository: string): boolean =>
  filter.includes('*') ? fits(tokensOf(filter), repository) : repository.includes(filter)

/** Whether it is about every repository, also those to come. */
const isAboutAll = (filter: string): boolean => /^\*+$/.test(filter)

const most = (frequencies: readonly ScanFrequency[]): ScanFrequency =>
  frequencies.reduce((best, frequency) => (isAtLeast(frequency, best) ? frequency : best), 'MANUAL')

const frequencyWhere = ({ rules }: RegistryScanning, isMeant: (filter: string) => boolean): ScanFrequency =>
  most(rules.filter(({ filters }) => filters.some(isMeant)).map(({ frequency }) => frequency))

/** How often the rules of the registry have a repository scanned; of several, the most frequent counts. */
export const frequencyFor = (scanning: RegistryScanning, repository: string): ScanFrequency =>
  frequencyWhere(scanning, (filter) => isAbout(filter, repository))

/** How often they have every repository scanned. */
export const frequencyForAll = (scanning: RegistryScanning): ScanFrequency => frequencyWhere(scanning, isAboutAll)

/** `ENHANCED; SCAN_ON_PUSH: prod*, base; CONTINUOUS_SCAN: *`. */
export const scanningInWords = ({ scanType, rules }: RegistryScanning): string =>
  [scanType, ...rules.map(({ frequency, filters }) => `${frequency}: ${filters.join(', ')}`)].join('; ')

/** The line that adds one filter to what the registry has. */
export function addFilterCommand(
  { scanType, rules }: RegistryScanning,
  frequency: ScanFrequency,
  filter: string,
  region: string,
): string {
  const byFrequency = new Map(rules.map((rule) => [rule.frequency, rule.filters]))
  byFrequency.set(frequency, [...(byFrequency.get(frequency) ?? []), filter])
  const next = [...byFrequency].map(([scanFrequency, filters]) => ({
    scanFrequency,
    repositoryFilters: filters.map((text) => ({ filter: text, filterType: 'WILDCARD' })),
  }))
  return awsCommand('PutRegistryScanningConfiguration', { scanType, rules: next }, region)
}
