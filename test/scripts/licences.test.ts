import { describe, expect, it } from 'vitest'
import { faults, passedOn, tally } from '../../scripts/licences.ts'

const installed = new Map([
  ['valibot', 'MIT'],
  ['aws4', 'MIT'],
  ['@aws-sdk/client-ecr', 'Apache-2.0'],
  ['copyleft', 'AGPL-3.0'],
])

describe('the licences', () => {
  it('are fine where all that is bundled has one of the list, whatever else is installed', () => {
    expect(faults(passedOn(installed, ['valibot', '@aws-sdk/client-ecr']))).toEqual([])
  })

  it('name a bundled package with a licence that asks for more', () => {
    expect(faults(passedOn(installed, ['valibot', 'copyleft']))).toEqual([
      expect.stringContaining('copyleft has the licence AGPL-3.0, allowed are Apache-2.0, MIT'),
    ])
  })

  it('name a bundled package of which no licence is known', () => {
    expect(faults(passedOn(installed, ['nobody']))).toEqual([expect.stringContaining('nobody has the licence unknown')])
  })

  it('are counted, most frequent first', () => {
    expect(tally(passedOn(installed, ['@aws-sdk/client-ecr', 'aws4', 'valibot']))).toBe('2 MIT, 1 Apache-2.0')
  })
})
