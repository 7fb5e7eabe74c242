import { fail, pass } from '../rule/judgement.ts'
import { choice } from '../rule/parameter.ts'
import { registryRule } from '../rule/rule.ts'
import { addFilterCommand, frequencyForAll, isAtLeast, scanningInWords } from '../scanning.ts'

export const registryScanning = registryRule({
  id: 'registry-scanning',
  severity: 'HIGH',
  summary: 'The registry scans every repository, also those to come.',
  why: 'Filters that name repositories forget the next one. Where scanning is enhanced, a repository that no filter covers is not scanned at all.',
  see: 'https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_PutRegistryScanningConfiguration.html',
  needs: ['scanning'],
  parameters: {
    scanType: choice(['BASIC', 'ENHANCED'], {
      about: 'The least that is enough: enhanced scanning satisfies BASIC too.',
      default: 'BASIC',
      example: 'ENHANCED',
    }),
    frequency: choice(['SCAN_ON_PUSH', 'CONTINUOUS_SCAN'], {
      about: 'The least that is enough; continuous scanning exists in enhanced scanning alone.',
      default: 'SCAN_ON_PUSH',
      example: 'CONTINUOUS_SCAN',
    }),
  },
  judge({ scanning }, { scanType, frequency }, { ref }) {
    const evidence = [{ name: 'Registry scanning', value: scanningInWords(scanning) }]
    const isEnough = scanning.scanType === 'ENHANCED' || scanType === 'BASIC'
    const isForAll = isAtLeast(frequencyForAll(scanning), frequency)
    if (isEnough && isForAll) return pass('Every repository is scanned.', evidence)
    const needsInspector = scanType === 'ENHANCED' || frequency === 'CONTINUOUS_SCAN'
    const wanted = { ...scanning, scanType: needsInspector ? ('ENHANCED' as const) : scanning.scanType }
    const fix = {
      text: needsInspector
        ? 'Switch to enhanced scanning with a filter for all repositories; Inspector bills for it.'
        : 'Add a scanning rule with the filter * for all repositories.',
      command: addFilterCommand(wanted, frequency, '*', ref.region),
      cdk: `CfnRegistryScanningConfiguration: scanType: '${wanted.scanType}', rules: [{ scanFrequency: '${frequency}', repositoryFilters: [{ filter: '*', filterType: 'WILDCARD' }] }]`,
    }
    const reason = isEnough ? `No rule has every repository scanned: ${frequency}.` : 'The registry has basic scanning.'
    return fail(reason, fix, evidence)
  },
})
