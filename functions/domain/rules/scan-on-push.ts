import { awsCommand } from '../rule/aws-command.ts'
import { fail, pass } from '../rule/judgement.ts'
import type { EcrWrite } from '../rule/remedy.ts'
import { repositoryRule } from '../rule/rule.ts'
import { addFilterCommand, frequencyFor, isAtLeast, scanningInWords } from '../scanning.ts'

const put = (repositoryName: string, scanOnPush: boolean): EcrWrite => ({
  operation: 'PutImageScanningConfiguration',
  input: { repositoryName, imageScanningConfiguration: { scanOnPush } },
})

export const scanOnPush = repositoryRule({
  id: 'scan-on-push',
  severity: 'HIGH',
  summary: 'Every image is scanned when it is pushed.',
  why: 'An image that nobody scanned is not clean, only unknown. The rules of the registry count first; the setting of the repository itself is deprecated, and counts only where basic scanning has no rules.',
  see: 'https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-scanning-filters.html',
  needs: ['settings', 'scanning'],
  writes: ['PutImageScanningConfiguration'],
  parameters: {},
  judge({ settings, scanning }, _, { ref }) {
    const frequency = frequencyFor(scanning, ref.repository)
    const evidence = [{ name: 'Registry scanning', value: scanningInWords(scanning) }]
    if (isAtLeast(frequency, 'SCAN_ON_PUSH'))
      return pass(`The registry scans it: ${frequency === 'SCAN_ON_PUSH' ? 'on push' : 'continuously'}.`, evidence)
    if (scanning.rules.length > 0 || scanning.scanType === 'ENHANCED') {
      const fix = {
        text: 'Add a filter for the repository to the scanning rules of the registry; a setting of its own would have no effect.',
        command: addFilterCommand(scanning, 'SCAN_ON_PUSH', ref.repository, ref.region),
        cdk: `CfnRegistryScanningConfiguration: rules: [{ scanFrequency: 'SCAN_ON_PUSH', repositoryFilters: [{ filter: '${ref.repository}', filterType: 'WILDCARD' }] }]`,
      }
      return fail('No scanning rule of the registry covers the repository.', fix, evidence)
    }
    evidence.push({ name: 'Scan on push of the repository', value: settings.scanOnPush ? 'on' : 'off' })
    if (settings.scanOnPush) return pass('The repository scans on push, and the registry has no rules.', evidence)
    const { operation, input } = put(ref.repository, true)
    const fix = {
      text: 'Switch scan on push on, or better, give the registry a scanning rule for all repositories.',
      command: awsCommand(operation, input, ref.region),
      cdk: 'imageScanOnPush: true',
    }
    return fail('Neither the registry nor the repository scans on push.', fix, evidence)
  },
  /** Where the registry has rules, it is theirs to change: they are about more than this repository. */
  remedy({ scanning }, _, { ref }) {
    if (scanning.rules.length > 0 || scanning.scanType === 'ENHANCED') return undefined
    return { what: 'Switch scan on push on', write: put(ref.repository, true), undo: put(ref.repository, false) }
  },
})
