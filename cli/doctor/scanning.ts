import { ecrCall } from '../../functions/adapters/ecr-call.ts'
import { readScanning } from '../../functions/adapters/registry-scanning.ts'
import { AwsError } from '../../functions/adapters/signed-aws.ts'
import { counted } from '../../functions/domain/counted.ts'
import type { RegistryRef } from '../../functions/domain/facts/registry-facts.ts'
import type { RegistryScanning } from '../../functions/domain/facts/repository-facts.ts'
import { listed } from '../../functions/domain/listed.ts'
import { awsCommand } from '../../functions/domain/rule/aws-command.ts'
import {
  addFilterCommand,
  frequencyFor,
  frequencyForAll,
  isAtLeast,
  scanningInWords,
} from '../../functions/domain/scanning.ts'
import { Unreadable } from '../../functions/faults.ts'
import type { Calls } from './calls.ts'
import { type Finding, findingsOf } from './finding.ts'

const { ok, note, warning, unknown } = findingsOf('scanning')

/** How basic scanning scans. @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_GetAccountSetting.html */
async function versionFindings({ aws }: Calls, { region }: RegistryRef): Promise<readonly Finding[]> {
  const name = 'BASIC_SCAN_TYPE_VERSION'
  try {
    const { value } = await aws('ecr', 'GetAccountSetting', { name })
    if (value !== 'CLAIR') return [ok('basic scanning', `version ${String(value)}`)]
    const command = awsCommand('PutAccountSetting', { name, value: 'AWS_NATIVE' }, region)
    return [
      warning('basic scanning', 'version CLAIR, which AWS has given up: it finds less, and less every day', {
        text: 'Take the version that AWS keeps up:',
        command,
      }),
    ]
  } catch (error) {
    if (!(error instanceof AwsError)) throw error
    return [note('basic scanning', `its version is not known: ecr:GetAccountSetting ended with ${error.code}`)]
  }
}

type Described = {
  readonly repositories?: readonly {
    readonly repositoryName?: string
    readonly imageScanningConfiguration?: { readonly scanOnPush?: boolean }
  }[]
  readonly nextToken?: string
}

/** The longest page: what is true of a thousand repositories is enough to go by. */
const PAGE = 1_000

/** A setting of the repository itself counts only where basic scanning has no rules. */
const isScanned = (scanning: RegistryScanning, name: string, scanOnPush: boolean): boolean =>
  isAtLeast(frequencyFor(scanning, name), 'SCAN_ON_PUSH') ||
  (scanOnPush && scanning.scanType === 'BASIC' && scanning.rules.length === 0)

/** Whether every repository is scanned when something is pushed to it. */
async function coverageFinding(scanning: RegistryScanning, { aws }: Calls, { region }: RegistryRef): Promise<Finding> {
  const what = 'scan on push'
  if (isAtLeast(frequencyForAll(scanning), 'SCAN_ON_PUSH'))
    return ok(what, 'every repository is scanned, also those to come')
  const fix = {
    text: 'A scanning rule of the registry for all repositories:',
    command: addFilterCommand(scanning, 'SCAN_ON_PUSH', '*', region),
  }
  try {
    const { repositories = [], nextToken } = (await aws('ecr', 'DescribeRepositories', {
      maxResults: PAGE,
    })) as Described
    const unscanned = repositories.flatMap(({ repositoryName = '', imageScanningConfiguration: own }) =>
      isScanned(scanning, repositoryName, own?.scanOnPush === true) ? [] : [repositoryName],
    )
    const of = `${counted(repositories.length, 'repository', 'repositories')}${nextToken === undefined ? '' : ' looked at'}`
    if (unscanned.length === 0)
      return warning(what, 'every repository that there is is scanned, and the next one may not be', fix)
    return warning(what, `left out: ${listed(unscanned)}; ${unscanned.length} of ${of}`, fix)
  } catch (error) {
    if (!(error instanceof AwsError)) throw error
    return warning(what, 'no rule of the registry has every repository scanned', fix)
  }
}

/** How the registry scans, and whether that is every repository. */
export async function scanningFindings(calls: Calls, registry: RegistryRef): Promise<readonly Finding[]> {
  try {
    const scanning = await readScanning(ecrCall(calls.aws, registry.region), registry)
    const [versions, coverage] = await Promise.all([
      scanning.scanType === 'BASIC' ? versionFindings(calls, registry) : [],
      coverageFinding(scanning, calls, registry),
    ])
    return [ok('registry', scanningInWords(scanning)), ...versions, coverage]
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error
    return [unknown('registry', error.message)]
  }
}
