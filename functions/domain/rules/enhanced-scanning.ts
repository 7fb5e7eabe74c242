import { fail, pass } from '../rule/judgement.ts'
import { choice } from '../rule/parameter.ts'
import { repositoryRule } from '../rule/rule.ts'
import { addFilterCommand, frequencyFor, isAtLeast, scanningInWords } from '../scanning.ts'

export const enhancedScanning = repositoryRule({
  id: 'enhanced-scanning',
  severity: 'MEDIUM',
  summary: 'The repository is scanned by Amazon Inspector.',
  why: 'Basic scanning looks at packages of the operating system alone. Enhanced scanning finds those of the languages too, and scans again when a new vulnerability becomes known.',
  see: 'https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-scanning-enhanced.html',
  needs: ['scanning'],
  parameters: {
    frequency: choice(['SCAN_ON_PUSH', 'CONTINUOUS_SCAN'], {
      about: 'The least that is enough: a scan at the push, or continuous scanning.',
      default: 'SCAN_ON_PUSH',
      example: 'CONTINUOUS_SCAN',
    }),
  },
  judge({ scanning }, { frequency: wanted }, { ref }) {
    const evidence = [{ name: 'Registry scanning', value: scanningInWords(scanning) }]
    const frequency = frequencyFor(scanning, ref.repository)
    if (scanning.scanType === 'ENHANCED' && isAtLeast(frequency, wanted))
      return pass(`Inspector scans it: ${frequency === 'SCAN_ON_PUSH' ? 'on push' : 'continuously'}.`, evidence)
    const enhanced = { ...scanning, scanType: 'ENHANCED' as const }
    const covered = isAtLeast(frequency, wanted)
    const fix = {
      text: covered
        ? 'Switch the registry to enhanced scanning; Inspector bills for it.'
        : 'Cover the repository by a rule of enhanced scanning; Inspector bills for it.',
      command: addFilterCommand(enhanced, wanted, ref.repository, ref.region),
      cdk: `CfnRegistryScanningConfiguration: scanType: 'ENHANCED', rules: [{ scanFrequency: '${wanted}', repositoryFilters: [{ filter: '${ref.repository}', filterType: 'WILDCARD' }] }]`,
    }
    if (scanning.scanType === 'BASIC') return fail('The registry has basic scanning.', fix, evidence)
    const reason =
      frequency === 'MANUAL'
        ? 'No rule of enhanced scanning covers the repository, so it is not scanned at all.'
        : 'The repository is scanned on push only.'
    return fail(reason, fix, evidence)
  },
})
