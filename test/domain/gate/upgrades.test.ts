import { expect, test } from 'vitest'
import type { GateFinding } from '../../../functions/domain/gate/result.ts'
import { upgradesOf } from '../../../functions/domain/gate/upgrades.ts'

const finding = (id: string, change: Partial<GateFinding> = {}): GateFinding => ({
  ...{ id, severity: 'HIGH', package: 'openssl', installed: '3.0.13-1', fixed: '3.0.15-1', platforms: [] },
  ...{ state: 'counts', over: true, ...change },
})

test('one upgrade closes all findings of a package that a version fixes, to the latest of these versions', () => {
  const findings = [
    finding('CVE-1', { fixed: '3.0.9-1', severity: 'CRITICAL' }),
    finding('CVE-2', { fixed: '3.0.15-1' }),
    finding('CVE-3', { fixed: '3.0.14-1', installed: '3.0.12-1', over: false, severity: 'LOW' }),
  ]
  // Another upstream version is another family where a distribution revises it.
  expect(upgradesOf(findings.map((one) => ({ ...one, fixed: one.fixed?.replace('-1', '') })))).toEqual([
    {
      ...{
        package: 'openssl',
        installed: ['3.0.13-1', '3.0.12-1'],
        to: '3.0.15',
        closes: 3,
        over: 2,
        severity: 'CRITICAL',
      },
      ids: ['CVE-1', 'CVE-2', 'CVE-3'],
    },
  ])
})

test('what counts for nothing, or has no fix, is in none', () => {
  const findings = [
    finding('CVE-1', { state: 'excepted' }),
    finding('CVE-2', { fixed: undefined }),
    finding('CVE-3', { installed: undefined }),
  ]
  expect(upgradesOf(findings)).toMatchObject([{ ids: ['CVE-3'], installed: [] }])
})

test('those come first that close most of what is over a limit, then the worse, then the more', () => {
  const findings = [
    finding('CVE-1', { package: 'd', over: false }),
    finding('CVE-2', { package: 'c', over: false }),
    finding('CVE-3', { package: 'b', over: false, severity: 'CRITICAL' }),
    finding('CVE-4', { package: 'e', over: false }),
    finding('CVE-5', { package: 'e', over: false }),
    finding('CVE-6', { package: 'a' }),
  ]
  expect(upgradesOf(findings).map(({ package: name }) => name)).toEqual(['a', 'b', 'e', 'c', 'd'])
})

test('what another release of a distribution has is another upgrade', () => {
  const findings = [finding('CVE-1', { fixed: '1.0-1+deb12u1' }), finding('CVE-2', { fixed: '1.0-1+deb11u4' })]
  expect(
    upgradesOf(findings)
      .map(({ to }) => to)
      .toSorted(),
  ).toEqual(['1.0-1+deb11u4', '1.0-1+deb12u1'])
})
