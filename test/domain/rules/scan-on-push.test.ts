import { describe, expect, test } from 'vitest'
import type { RegistryScanning } from '../../../functions/domain/facts/repository-facts.ts'
import { scanOnPush } from '../../../functions/domain/rules/scan-on-push.ts'
import { judge, remedyOf, scanning, settings } from './facts.ts'

const rule = (...filters: readonly string[]) => [{ frequency: 'SCAN_ON_PUSH' as const, filters }]

const cases: readonly (readonly [string, boolean, Partial<RegistryScanning>, string])[] = [
  ['a registry rule that covers it', false, { rules: rule('prod/*') }, 'pass'],
  ['a registry rule that covers it, whatever its own setting', false, { rules: rule('*') }, 'pass'],
  ['its own setting where the registry has no rules', true, {}, 'pass'],
  ['no setting and no rules', false, {}, 'fail'],
  ['its own setting where registry rules are about others', true, { rules: rule('dev/*') }, 'fail'],
  ['enhanced scanning that covers it', false, { scanType: 'ENHANCED', rules: rule('prod') }, 'pass'],
  ['enhanced scanning without rules, whatever its own setting', true, { scanType: 'ENHANCED' }, 'fail'],
  [
    'continuous scanning',
    false,
    { scanType: 'ENHANCED', rules: [{ frequency: 'CONTINUOUS_SCAN', filters: ['*'] }] },
    'pass',
  ],
  ['a rule of scans by hand', false, { rules: [{ frequency: 'MANUAL', filters: ['*'] }] }, 'fail'],
]

const valuesOf = (own: boolean, change: Partial<RegistryScanning>) => ({
  settings: settings({ scanOnPush: own }),
  scanning: scanning(change),
})

describe('scan-on-push', () => {
  test.each(cases)('%s', (_, own, change, outcome) => {
    expect(judge(scanOnPush, valuesOf(own, change))).toMatchObject({ outcome })
  })

  test('is put right at the repository where the registry has no rules', () => {
    const values = valuesOf(false, {})
    expect(judge(scanOnPush, values)).toMatchObject({
      fix: {
        command:
          `aws ecr put-image-scanning-configuration --region ap-northeast-1 --repository-name prod/api ` +
          `--image-scanning-configuration '{"scanOnPush":true}'`,
      },
    })
    const input = (on: boolean) => ({
      operation: 'PutImageScanningConfiguration',
      input: { repositoryName: 'prod/api', imageScanningConfiguration: { scanOnPush: on } },
    })
    expect(remedyOf(scanOnPush, { values })).toMatchObject({ write: input(true), undo: input(false) })
  })

  test.each([
    ['rules about others', { rules: rule('dev/*') }],
    ['enhanced scanning without rules', { scanType: 'ENHANCED' as const }],
  ])('is not put right at the repository where the registry has %s', (_, change) => {
    const values = valuesOf(true, change)
    expect(judge(scanOnPush, values)).toMatchObject({
      fix: { command: expect.stringContaining('"filter":"prod/api"') },
    })
    expect(remedyOf(scanOnPush, { values })).toBeUndefined()
  })
})
