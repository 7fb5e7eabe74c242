import { expect, test } from 'vitest'
import { weightOf } from '../../../functions/domain/supply-chain/sbom/weight.ts'
import type { Licence } from '../../../functions/domain/supply-chain/sbom.ts'

const MIT: Licence = { id: 'MIT' }
const weight = (...licences: readonly (Licence | undefined)[]): number =>
  weightOf({
    format: 'SPDX 2.3',
    about: [],
    packages: licences.map((licence) => ({ name: 'a', version: '1', licence })),
  })

test('an SBOM weighs what its packages, their texts and their licences do', () => {
  expect(weight()).toBe(0)
  expect(weight(undefined)).toBe(152)
  expect(weight({ or: [MIT, { and: [{ id: 'ISC' }, { unread: 'x' }] }] })).toBe(152 + 5 * 64)
})

test('a licence that packages share is there once', () => {
  expect(weight(MIT, MIT, { and: [MIT, MIT] })).toBe(3 * 152 + 2 * 64)
})
