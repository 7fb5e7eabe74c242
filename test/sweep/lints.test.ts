import { expect, test } from 'vitest'
import { lintsOf } from '../../functions/sweep/lints.ts'
import { lifecycle } from '../clean-up/registry.ts'

const tagged = (change: Readonly<Record<string, unknown>>) =>
  lifecycle({ tagStatus: 'tagged', countType: 'imageCountMoreThan', countUnit: undefined, ...change })

test('no policy has no lint', () => expect(lintsOf(undefined)).toEqual([]))

test('a policy that ECR would refuse says where and why', () => {
  expect(lintsOf('{')).toEqual([
    expect.stringMatching(/^ECR would refuse it: the text has/),
    expect.stringMatching(/^ECR would refuse it: /),
  ])
  expect(lintsOf(tagged({ tagPrefixList: ['v'.repeat(80)], countNumber: 0 }))).toEqual([
    expect.stringMatching(/^ECR would refuse it: rule 1, selection\.countNumber: /),
  ])
})

test('what is wrong names its rule, and a note is left out', () => {
  const rule = { tagStatus: 'tagged', countType: 'imageCountMoreThan', countUnit: undefined }
  const [wide, narrow] = [
    { ...rule, tagPrefixList: ['v'], countNumber: 1 },
    { ...rule, tagPrefixList: ['v1'], countNumber: 2 },
  ]
  expect(lintsOf(lifecycle(wide, narrow))).toEqual([expect.stringMatching(/^Rule 2: It never does anything/)])
  expect(lintsOf(lifecycle(wide))).toEqual([])
})
