import { describe, expect, test } from 'vitest'
import type { RegistryScanning, ScanFrequency } from '../../../functions/domain/facts/repository-facts.ts'
import { registryScanning } from '../../../functions/domain/rules/registry-scanning.ts'
import { judge, scanning } from './facts.ts'

const rules = (frequency: ScanFrequency, ...filters: readonly string[]) => [{ frequency, filters }]
const enhanced = { scanType: 'ENHANCED' }

const cases: readonly (readonly [string, Partial<RegistryScanning>, object, string])[] = [
  ['basic scanning of everything', { rules: rules('SCAN_ON_PUSH', '*') }, {}, 'pass'],
  ['filters that name some', { rules: rules('SCAN_ON_PUSH', 'prod*', 'dev*') }, {}, 'fail'],
  ['no rules', {}, {}, 'fail'],
  [
    'enhanced scanning where basic is enough',
    { scanType: 'ENHANCED', rules: rules('CONTINUOUS_SCAN', '*') },
    {},
    'pass',
  ],
  ['basic scanning where enhanced is asked for', { rules: rules('SCAN_ON_PUSH', '*') }, enhanced, 'fail'],
  ['enhanced scanning as asked for', { scanType: 'ENHANCED', rules: rules('SCAN_ON_PUSH', '*') }, enhanced, 'pass'],
  [
    'scans on push where watching is asked for',
    { scanType: 'ENHANCED', rules: rules('SCAN_ON_PUSH', '*') },
    { frequency: 'CONTINUOUS_SCAN' },
    'fail',
  ],
]

describe('registry-scanning', () => {
  test.each(cases)('%s', (_, change, parameters, outcome) => {
    expect(judge(registryScanning, { scanning: scanning(change) }, { parameters: { ...parameters } })).toMatchObject({
      outcome,
    })
  })

  test('adds a filter for all to what is there', () => {
    const basic = scanning({ rules: rules('SCAN_ON_PUSH', 'prod') })
    expect(judge(registryScanning, { scanning: basic })).toMatchObject({
      reason: 'No rule has every repository scanned: SCAN_ON_PUSH.',
      fix: { command: expect.stringMatching(/--scan-type BASIC .*"filter":"prod".*"filter":"\*"/) },
    })
    expect(
      judge(registryScanning, { scanning: basic }, { parameters: { frequency: 'CONTINUOUS_SCAN' } }),
    ).toMatchObject({
      fix: { command: expect.stringMatching(/--scan-type ENHANCED .*"CONTINUOUS_SCAN"/) },
    })
  })
})
