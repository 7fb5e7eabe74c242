import { expect, test } from 'vitest'
import { policyText } from '../../../functions/domain/lifecycle/policy-text.ts'
import { any, keep, rule, untagged } from './lints/policies.ts'

test('rules are written as the API takes them, in the order of their priority, without defaults', () => {
  const rules = [
    any({ priority: 9, storageClass: 'archive', count: { type: 'sinceImageTransitioned', days: 365 } }),
    any({ priority: 3, action: 'archive', count: { type: 'sinceImagePulled', days: 90 } }),
    rule({ priority: 2, prefixes: ['v'], patterns: [], count: keep(5) }),
    untagged({ priority: 1, description: 'left-overs' }),
  ]
  expect(JSON.parse(policyText(rules))).toEqual({
    rules: [
      {
        ...{ rulePriority: 1, description: 'left-overs', action: { type: 'expire' } },
        selection: { tagStatus: 'untagged', countType: 'sinceImagePushed', countUnit: 'days', countNumber: 7 },
      },
      {
        rulePriority: 2,
        selection: { tagStatus: 'tagged', tagPrefixList: ['v'], countType: 'imageCountMoreThan', countNumber: 5 },
        action: { type: 'expire' },
      },
      {
        rulePriority: 3,
        selection: { tagStatus: 'any', countType: 'sinceImagePulled', countUnit: 'days', countNumber: 90 },
        action: { type: 'transition', targetStorageClass: 'archive' },
      },
      {
        ...{ rulePriority: 9, action: { type: 'expire' } },
        selection: {
          ...{ tagStatus: 'any', storageClass: 'archive' },
          ...{ countType: 'sinceImageTransitioned', countUnit: 'days', countNumber: 365 },
        },
      },
    ],
  })
})

test('patterns are written as such', () => {
  expect(policyText([rule()], 2)).toContain('"tagPatternList": [\n')
})
