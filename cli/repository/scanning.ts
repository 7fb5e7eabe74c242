import type { RegistryScanning, RepositoryRef } from '../../functions/domain/facts/repository-facts.ts'
import { shellWord } from '../../functions/domain/rule/aws-command.ts'
import { frequencyFor } from '../../functions/domain/scanning.ts'

/** Whether the setting of a repository has a say: only where basic scanning has no rules. */
export const flagCounts = (scanning: RegistryScanning | undefined): boolean =>
  scanning === undefined || (scanning.scanType === 'BASIC' && scanning.rules.length === 0)

const BY_RULE = {
  SCAN_ON_PUSH: 'The scanning rules of the registry decide: its images are scanned on push.',
  CONTINUOUS_SCAN: 'The scanning rules of the registry decide: its images are scanned on push, and again and again.',
} as const

/**
 * Whether images of a new repository will be scanned.
 * @param scanning that of the registry; undefined where it could not be read
 * @param scanOnPush the setting of the repository
 */
export function scanningWords(
  scanning: RegistryScanning | undefined,
  { repository }: Pick<RepositoryRef, 'repository'>,
  scanOnPush: boolean,
): string {
  if (scanning === undefined)
    return `Whether its images are scanned is not known: the scanning rules of the registry, which decide where there are some, could not be read. Scan on push of the repository is ${scanOnPush ? 'on' : 'off'}.`
  if (flagCounts(scanning))
    return scanOnPush ? 'Its images are scanned on push.' : 'Its images are not scanned when they are pushed.'
  const frequency = frequencyFor(scanning, repository)
  if (frequency !== 'MANUAL') return BY_RULE[frequency]
  return `No scanning rule of the registry covers it, so its images are not scanned, whatever it says itself. What adds one: ecr-steward check ${shellWord(repository)} --rule scan-on-push`
}
