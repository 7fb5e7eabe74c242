import { expect, test } from 'vitest'
import { pulledElsewhere } from '../../../functions/domain/clean-up/pulled-elsewhere.ts'

const OWN = '123456789012'
const IN_USE = { accounts: ['222222222222'], ignoreAccounts: ['333333333333'] }

const policy = (...accounts: readonly string[]): string =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: accounts.map((account) => ({
      ...{ Effect: 'Allow', Principal: { AWS: account }, Action: ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'] },
    })),
  })

test('accounts that are read, or where nothing runs, block nothing', () => {
  expect(pulledElsewhere(policy(OWN, '222222222222', '333333333333'), OWN, IN_USE)).toBeUndefined()
})

test('accounts that nobody reads block, and are named with what to do', () => {
  expect(pulledElsewhere(policy('444444444444', '222222222222'), OWN, IN_USE)).toBe(
    'its repository policy lets 444444444444 pull, where nobody looks what runs. Name it in steward.yaml under ' +
      'clean-up.in-use: as accounts, to be read, or as ignore-accounts, where nothing runs these images',
  )
  expect(pulledElsewhere(policy('444444444444', '555555555555'), OWN, IN_USE)).toContain(
    'lets 444444444444, 555555555555 pull, where nobody looks what runs. Name them in',
  )
})

test.each([policy('*'), 'not JSON'])('whoever may pull that has no number blocks: %s', (text) => {
  expect(pulledElsewhere(text, OWN, IN_USE)).toContain('others pull of whom it is not known which accounts they are')
})

test.each([policy('*'), policy('444444444444'), 'not JSON'])(
  'whoever else may pull can be promised not to: %s',
  (text) => {
    expect(pulledElsewhere(text, OWN, { accounts: [], ignoreAccounts: ['*'] })).toBeUndefined()
  },
)
