import { describe, expect, test } from 'vitest'
import type { RegistryScanning } from '../../../functions/domain/facts/repository-facts.ts'
import { enhancedScanning } from '../../../functions/domain/rules/enhanced-scanning.ts'
import { judge, scanning } from './facts.ts'

const onPush = { frequency: 'SCAN_ON_PUSH', filters: ['prod/*'] } as const
const continuous = { frequency: 'CONTINUOUS_SCAN', filters: ['*'] } as const
const enhanced = (...rules: RegistryScanning['rules']) => ({ scanType: 'ENHANCED' as const, rules })

const cases: readonly (readonly [string, Partial<RegistryScanning>, string, string, string])[] = [
  ['on push', enhanced(onPush), 'SCAN_ON_PUSH', 'pass', 'Inspector scans it: on push.'],
  ['continuously', enhanced(continuous), 'SCAN_ON_PUSH', 'pass', 'Inspector scans it: continuously.'],
  [
    'on push, where it is to be watched',
    enhanced(onPush),
    'CONTINUOUS_SCAN',
    'fail',
    'The repository is scanned on push only.',
  ],
  [
    'never',
    enhanced(),
    'SCAN_ON_PUSH',
    'fail',
    'No rule of enhanced scanning covers the repository, so it is not scanned at all.',
  ],
  ['by basic scanning', { rules: [onPush] }, 'SCAN_ON_PUSH', 'fail', 'The registry has basic scanning.'],
  ['not at all', {}, 'SCAN_ON_PUSH', 'fail', 'The registry has basic scanning.'],
]

describe('enhanced-scanning of a repository that is scanned', () => {
  test.each(cases)('%s', (_, change, frequency, outcome, reason) => {
    expect(judge(enhancedScanning, { scanning: scanning(change) }, { parameters: { frequency } })).toMatchObject({
      outcome,
      reason,
    })
  })

  test('by basic scanning is put right by a command for the registry', () => {
    expect(judge(enhancedScanning, { scanning: scanning() })).toMatchObject({
      fix: {
        command: expect.stringContaining('--scan-type ENHANCED --rules'),
        text: 'Cover the repository by a rule of enhanced scanning; Inspector bills for it.',
      },
    })
    expect(judge(enhancedScanning, { scanning: scanning({ rules: [onPush] }) })).toMatchObject({
      fix: { text: 'Switch the registry to enhanced scanning; Inspector bills for it.' },
    })
  })
})
