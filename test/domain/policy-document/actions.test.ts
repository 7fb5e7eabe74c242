import { expect, test } from 'vitest'
import { includesAction, includesAll, writtenActions } from '../../../functions/domain/policy-document/actions.ts'

const of = (...patterns: readonly string[]) => ({ negated: false, patterns })
const but = (...patterns: readonly string[]) => ({ negated: true, patterns })

test.each([
  [of('ecr:PutImage'), true],
  [of('ECR:putimage'), true],
  [of('ecr:Get*', 'ecr:Put*'), true],
  [of('ecr:?utImage'), true],
  [of('ecr:?PutImage'), false],
  [of('*'), true],
  [of('ecr:GetImage'), false],
  [but('ecr:PutImage'), false],
  [but('ecr:Get*'), true],
])('%j includes the push of an image: %s', (patterns, expected) => {
  expect(includesAction(patterns, 'ecr:PutImage')).toBe(expected)
})

test('all actions are those of a wildcard', () => {
  expect([of('*'), of('x', 'ECR:*'), of('ecr:Get*'), but('*')].map(includesAll)).toEqual([true, true, false, false])
})

test('actions are shown as they are written', () => {
  expect(writtenActions(of('a', 'b'))).toEqual(['a', 'b'])
  expect(writtenActions(but('a', 'b'))).toEqual(['everything but a, b'])
})
