import { App, Fn, Stack } from 'aws-cdk-lib'
import { describe, expect, it } from 'vitest'
import type { RegistryScanning } from '../../../functions/domain/facts/repository-facts.ts'
import { enhancedScanning } from '../../../functions/domain/rules/enhanced-scanning.ts'
import { registryScanning as registryScanningRule } from '../../../functions/domain/rules/registry-scanning.ts'
import { registryScanning, type Scanning } from '../../../infra/registry/scanning.ts'
import { judge } from '../../domain/rules/facts.ts'

const scanningOf = (scanning: Scanning) => {
  const stack = new Stack(new App(), 'User')
  const { scanType, rules } = registryScanning(stack, scanning)
  return { scanType: scanType as Scanning['type'], rules: stack.resolve(rules) }
}

const rule = (scanFrequency: string, ...filters: readonly string[]) => ({
  scanFrequency,
  repositoryFilters: filters.map((filter) => ({ filter, filterType: 'WILDCARD' })),
})

/** As the rules read it. */
const factOf = (scanning: Scanning): RegistryScanning => {
  const { scanType, rules } = scanningOf(scanning)
  return {
    scanType,
    rules: rules.map(({ scanFrequency, repositoryFilters }: ReturnType<typeof rule>) => ({
      frequency: scanFrequency,
      filters: repositoryFilters.map(({ filter }) => filter),
    })),
  }
}

describe('scanning', () => {
  it.each<[string, Scanning, string, object[]]>([
    ['every repository on push', { type: 'BASIC' }, 'BASIC', [rule('SCAN_ON_PUSH', '*')]],
    ['some of them', { type: 'BASIC', scanOnPush: ['prod', 'a/*'] }, 'BASIC', [rule('SCAN_ON_PUSH', 'prod', 'a/*')]],
    ['none of them', { type: 'BASIC', scanOnPush: [] }, 'BASIC', []],
    ['every repository continuously', { type: 'ENHANCED' }, 'ENHANCED', [rule('CONTINUOUS_SCAN', '*')]],
    [
      'every repository on push alone, by Inspector',
      { type: 'ENHANCED', scanOnPush: ['*'] },
      'ENHANCED',
      [rule('SCAN_ON_PUSH', '*')],
    ],
    [
      'some continuously, all others on push',
      { type: 'ENHANCED', scanOnPush: ['*'], continuousScan: ['prod/*'] },
      'ENHANCED',
      [rule('SCAN_ON_PUSH', '*'), rule('CONTINUOUS_SCAN', 'prod/*')],
    ],
  ])('is of %s', (_, scanning, scanType, rules) => {
    expect(scanningOf(scanning)).toEqual({ scanType, rules })
  })

  it.each<[Scanning, Record<string, unknown>, object]>([
    [{ type: 'BASIC' }, {}, { outcome: 'pass' }],
    [{ type: 'ENHANCED' }, { scanType: 'ENHANCED', frequency: 'CONTINUOUS_SCAN' }, { outcome: 'pass' }],
    [{ type: 'BASIC', scanOnPush: ['prod'] }, {}, { outcome: 'fail' }],
    [{ type: 'BASIC' }, { scanType: 'ENHANCED' }, { outcome: 'fail' }],
  ])('%j with %j is to the rule registry-scanning: %j', (scanning, parameters, judgement) => {
    expect(judge(registryScanningRule, { scanning: factOf(scanning) }, { parameters })).toMatchObject(judgement)
  })

  it.each<[Scanning, object]>([
    [{ type: 'ENHANCED' }, { outcome: 'pass' }],
    [{ type: 'BASIC' }, { outcome: 'fail', reason: 'The registry has basic scanning.' }],
    [{ type: 'ENHANCED', scanOnPush: ['*'] }, { outcome: 'fail' }],
  ])('%j is to the rule enhanced-scanning, where it asks for continuous scans: %j', (scanning, judgement) => {
    const parameters = { frequency: 'CONTINUOUS_SCAN' }
    expect(judge(enhancedScanning, { scanning: factOf(scanning) }, { parameters })).toMatchObject(judgement)
  })

  it('may have filters that are known at deployment alone, which are not judged', () => {
    const scanOnPush = [Fn.ref('Filter')]
    expect(scanningOf({ type: 'BASIC', scanOnPush }).rules).toEqual([
      { scanFrequency: 'SCAN_ON_PUSH', repositoryFilters: [{ filter: { Ref: 'Filter' }, filterType: 'WILDCARD' }] },
    ])
  })
})

describe('what is refused at synthesis', () => {
  const many = Array.from({ length: 101 }, (_, index) => `team-${index}/*`)

  it.each<[string, Scanning, RegExp]>([
    ['another type', { type: 'Basic' } as never, /scanning\.type: it is "Basic"\. Write 'BASIC' or 'ENHANCED'/],
    [
      'continuous scans without Inspector',
      { type: 'BASIC', continuousScan: ['*'] } as never,
      /scanning\.continuousScan: basic scanning scans on push alone/,
    ],
    [
      '101 filters',
      { type: 'BASIC', scanOnPush: many },
      /scanning\.scanOnPush: there are 101 filters\. Write at most 100/,
    ],
    [
      'a filter of 256 characters',
      { type: 'BASIC', scanOnPush: ['a'.repeat(256)] },
      /has 256 characters\. Write at most 255/,
    ],
    ['an empty filter', { type: 'BASIC', scanOnPush: [''] }, /scanning\.scanOnPush: "" is no filter/],
    ['capitals', { type: 'ENHANCED', continuousScan: ['Prod'] }, /scanning\.continuousScan: "Prod" is no filter/],
    ['an end that ECR refuses', { type: 'BASIC', scanOnPush: ['prod/'] }, /"prod\/" is no filter.*team-a\/\*/],
    [
      'a list that is known later',
      { type: 'BASIC', scanOnPush: Fn.split(',', Fn.ref('Filters')) },
      /scanning\.scanOnPush: the list is known only when the stack is deployed\. Write its filters/,
    ],
    ['a filter twice', { type: 'ENHANCED', continuousScan: ['a', 'b', 'a'] }, /"a" is there twice/],
  ])('%s', (_, scanning, message) => {
    expect(() => scanningOf(scanning)).toThrow(message)
    expect(() => scanningOf(scanning)).toThrow(/^User: scanning\./)
  })

  it('is found at once, however long a filter is', () => {
    expect(() => scanningOf({ type: 'BASIC', scanOnPush: [`${'a'.repeat(254)}!`] })).toThrow(/is no filter/)
  })
})
