import fc from 'fast-check'
import { expect, test } from 'vitest'
import { agreedIn, elsewhereIn, isRead, isWritten } from '../functions/elsewhere.ts'

const HOME = { account: '111111111111', region: 'ap-northeast-1' }
const sweep = { accounts: ['222222222222'], regions: ['us-east-1'] }

test.each([
  ['111111111111', 'ap-northeast-1', true],
  ['111111111111', 'us-east-1', true],
  ['222222222222', 'ap-northeast-1', true],
  ['222222222222', 'us-east-1', true],
  ['222222222222', 'eu-west-1', false],
  ['333333333333', 'ap-northeast-1', false],
])('the registry %s in %s is read: %s', (account, region, read) => {
  expect(isRead({ account, region }, HOME, sweep)).toBe(read)
})

test('without a sweep there is the registry of the stack alone', () => {
  const any = fc.record({
    account: fc.constantFrom('111111111111', '222222222222'),
    region: fc.constantFrom('ap-northeast-1', 'us-east-1'),
  })
  fc.assert(
    fc.property(any, (registry) => {
      const isHome = registry.account === HOME.account && registry.region === HOME.region
      expect(isRead(registry, HOME, undefined)).toBe(isHome)
      expect(isRead(registry, HOME, { accounts: [], regions: [] })).toBe(isHome)
    }),
  )
})

test('a bundle is given where else is read, and nothing where that is nowhere', () => {
  expect(elsewhereIn(undefined)).toEqual({})
  expect(elsewhereIn({ accounts: [], regions: [] })).toEqual({})
  const whole = { ...sweep, schedule: 'rate(1 day)', ownerTag: 'Owner' }
  expect(elsewhereIn(whole)).toEqual({ sweep })
  expect(elsewhereIn({ ...sweep, accounts: [] })).toEqual({ sweep: { ...sweep, accounts: [] } })
})

test.each([
  ['111111111111', 'ap-northeast-1', true],
  ['111111111111', 'us-east-1', true],
  ['222222222222', 'us-east-1', true],
  ['333333333333', 'us-east-1', false],
])('the registry %s in %s is written to: %s', (account, region, written) => {
  expect(isWritten({ account, region }, HOME, { enforce: ['222222222222'] })).toBe(written)
})

test('in another account nothing is written unless its owner agreed, and a bundle is given who did', () => {
  const there = { account: '222222222222', region: HOME.region }
  for (const members of [undefined, { enforce: [] }]) {
    expect(isWritten(there, HOME, members)).toBe(false)
    expect(agreedIn(members)).toEqual({})
  }
  const members = { enforce: ['222222222222'], externalId: 'steward-7' }
  expect(agreedIn(members)).toEqual({ members: { enforce: ['222222222222'] } })
})
