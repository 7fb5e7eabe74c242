import { expect, it } from 'vitest'
import { findingKey, fromFindingKey } from '../../functions/domain/finding.ts'
import { finding } from '../builders.ts'

it('a finding is the same whatever the source knows about its severity, versions and score', () => {
  const known = finding({ severity: 'CRITICAL', installed: '3.0.1', fixed: '3.0.15', score: 9.8, inUse: 2 })

  expect(findingKey(known)).toBe(findingKey(finding()))
})

it('the same vulnerability in another package is another finding', () => {
  expect(findingKey(finding({ package: 'libssl3' }))).not.toBe(findingKey(finding()))
})

it('another vulnerability in the same package is another finding', () => {
  expect(findingKey(finding({ id: 'CVE-2026-1235' }))).not.toBe(findingKey(finding()))
})

it('a key gives back the id and the package, also of a package with a bar in its name', () => {
  const odd = finding({ package: 'lib|ssl' })

  expect(fromFindingKey(findingKey(odd))).toEqual({ id: odd.id, package: 'lib|ssl' })
})
