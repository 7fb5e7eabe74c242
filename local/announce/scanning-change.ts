import type { RepositoryScanningConfiguration } from '@aws-sdk/client-ecr'
import type { Answered, LocalAws } from '../aws/server.ts'
import { ecrEvent } from './envelope.ts'

type Registry = Pick<LocalAws, 'account' | 'region' | 'ecr' | 'call'>

/** Repositories that one call describes. */
const AT_ONCE = 25

type Described = { scanningConfigurations?: readonly RepositoryScanningConfiguration[] }

function frequenciesOf({ ecr, call }: Registry): Map<string, string> {
  const names = ecr.repositories().map(({ settings }) => settings.repositoryName)
  const pages = Array.from({ length: Math.ceil(names.length / AT_ONCE) }, (_, page) => {
    const repositoryNames = names.slice(page * AT_ONCE, (page + 1) * AT_ONCE)
    return call('ecr', 'BatchGetRepositoryScanningConfiguration', { repositoryNames }) as Described
  })
  const found = pages.flatMap(({ scanningConfigurations = [] }) => scanningConfigurations)
  return new Map(found.map(({ repositoryName = '', scanFrequency = 'MANUAL' }) => [repositoryName, scanFrequency]))
}

const scanTypeOf = ({ call }: Registry): string | undefined =>
  (call('ecr', 'GetRegistryScanningConfiguration', {}) as { scanningConfiguration?: { scanType?: string } })
    .scanningConfiguration?.scanType

/**
 * What ECR says of repositories that are scanned more or less often than before a call: it does so where scanning is
 * enhanced. That repositories and images come and go, which it announces too, is not announced here.
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/ecr-eventbridge.html
 */
export function scanningChanges(aws: Registry): (answered: Answered) => object[] {
  let before = frequenciesOf(aws)
  return ({ operation, error, at }) => {
    if (operation !== 'PutRegistryScanningConfiguration' || error !== undefined) return []
    const now = frequenciesOf(aws)
    const repositories = [...now]
      .map(([name, frequency]) => ({
        'repository-name': name,
        'repository-arn': `arn:aws:ecr:${aws.region}:${aws.account}:repository/${name}`,
        'scan-frequency': frequency,
        'previous-scan-frequency': before.get(name) ?? 'MANUAL',
      }))
      .filter((one) => one['scan-frequency'] !== one['previous-scan-frequency'])
    before = now
    if (repositories.length === 0 || scanTypeOf(aws) !== 'ENHANCED') return []
    const detail = { 'action-type': 'SCAN_FREQUENCY_CHANGE', repositories, 'resource-type': 'REPOSITORY' }
    return [ecrEvent('ECR Scan Resource Change', aws, at, { ...detail, 'scan-type': 'ENHANCED' })]
  }
}
