import { expect, test } from 'vitest'
import { targetsOf } from '../../../functions/domain/sweep/target.ts'

const home = { account: '111111111111', region: 'eu-central-1' }

test('a sweep goes through every account in every region, home first', () => {
  expect(targetsOf(home, ['222222222222'], ['us-east-1'])).toEqual({
    targets: [
      home,
      { account: '111111111111', region: 'us-east-1' },
      { account: '222222222222', region: 'eu-central-1' },
      { account: '222222222222', region: 'us-east-1' },
    ],
    repeated: [],
  })
})

test('what is named more than once is swept once, and told', () => {
  expect(targetsOf(home, [], ['eu-central-1', 'us-east-1', 'us-east-1'])).toEqual({
    targets: [home, { account: '111111111111', region: 'us-east-1' }],
    repeated: [home, { account: '111111111111', region: 'us-east-1' }],
  })
})
