import { describe, expect, test } from 'vitest'
import { addFilterCommand, frequencyFor, frequencyForAll, scanningInWords } from '../../functions/domain/scanning.ts'
import { scanning } from './rules/facts.ts'

const onPush = (...filters: readonly string[]) => scanning({ rules: [{ frequency: 'SCAN_ON_PUSH', filters }] })

describe('a filter of the scanning rules', () => {
  const names = ['prod', 'repo-prod', 'prod-repo', 'repo-prod-repo', 'prodrepo']

  // The table of the user guide.
  test.each([
    ['prod', [true, true, true, true, true]],
    ['*prod', [true, true, false, false, false]],
    ['prod*', [true, false, true, false, true]],
    ['*prod*', [true, true, true, true, true]],
    ['prod*repo', [false, false, true, false, true]],
  ])('%s is about what the user guide says', (filter, expected) => {
    expect(names.map((name) => frequencyFor(onPush(filter), name) === 'SCAN_ON_PUSH')).toEqual(expected)
  })

  test('takes in what is between slashes, and slashes', () => {
    expect(frequencyFor(onPush('team-a/*'), 'team-a/web/api')).toBe('SCAN_ON_PUSH')
    expect(frequencyFor(onPush('a/w'), 'team-a/web')).toBe('SCAN_ON_PUSH')
  })
})

describe('the frequency', () => {
  const both = scanning({
    scanType: 'ENHANCED',
    rules: [
      { frequency: 'SCAN_ON_PUSH', filters: ['*'] },
      { frequency: 'CONTINUOUS_SCAN', filters: ['prod/*', 'base'] },
    ],
  })

  test('is the most that a rule gives', () => {
    expect(frequencyFor(both, 'prod/api')).toBe('CONTINUOUS_SCAN')
    expect(frequencyFor(both, 'dev/api')).toBe('SCAN_ON_PUSH')
    expect(frequencyFor({ ...both, rules: both.rules.toReversed() }, 'prod/api')).toBe('CONTINUOUS_SCAN')
    expect(frequencyFor(scanning(), 'dev/api')).toBe('MANUAL')
  })

  test('for every repository is what a filter for all of them gives', () => {
    expect(frequencyForAll(both)).toBe('SCAN_ON_PUSH')
    expect(frequencyForAll(onPush('prod', 'a*'))).toBe('MANUAL')
  })

  test('and the rest are told in one line', () => {
    expect(scanningInWords(both)).toBe('ENHANCED; SCAN_ON_PUSH: *; CONTINUOUS_SCAN: prod/*, base')
    expect(scanningInWords(scanning())).toBe('BASIC')
  })
})

test('a filter is added to what is there', () => {
  expect(addFilterCommand(onPush('a'), 'SCAN_ON_PUSH', 'b', 'eu-west-1')).toBe(
    'aws ecr put-registry-scanning-configuration --region eu-west-1 --scan-type BASIC --rules ' +
      `'[{"scanFrequency":"SCAN_ON_PUSH","repositoryFilters":[{"filter":"a","filterType":"WILDCARD"},{"filter":"b","filterType":"WILDCARD"}]}]'`,
  )
  expect(addFilterCommand(scanning(), 'SCAN_ON_PUSH', 'b', 'eu-west-1')).toContain('"filter":"b"')
})
