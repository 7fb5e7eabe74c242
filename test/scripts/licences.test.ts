import { describe, expect, it } from 'vitest'
import { faults, tally } from '../../scripts/licences.ts'

const licences = new Map([
  ['valibot', 'MIT'],
  ['aws4', 'MIT'],
  ['@aws-sdk/client-ecr', 'Apache-2.0'],
])

describe('the licences', () => {
  it('are fine where all are on the list and all that is bundled is known', () => {
    expect(faults(licences, ['valibot', '@aws-sdk/client-ecr'])).toEqual([])
  })

  it('name a package with a licence that asks for more', () => {
    expect(faults(new Map([...licences, ['copyleft', 'AGPL-3.0']]), [])).toEqual([
      expect.stringContaining('copyleft has the licence AGPL-3.0, allowed are Apache-2.0, MIT'),
    ])
  })

  it('name a package that is in a bundle by way of the development dependencies', () => {
    expect(faults(licences, ['fast-check'])).toEqual([
      'fast-check is in a bundle, yet no production dependency: move it to "dependencies" of package.json',
    ])
  })

  it('are counted, most frequent first', () => {
    expect(tally(licences)).toBe('2 MIT, 1 Apache-2.0')
  })
})
