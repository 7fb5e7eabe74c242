import fc from 'fast-check'
import { expect, test } from 'vitest'
import { compareVersions, versionFamily } from '../../functions/domain/package-version.ts'

test.each([
  ['1.2.9', '1.2.10'],
  ['1.2', '1.2.1'],
  ['3.0.11-1~deb12u2', '3.0.15-1~deb12u1'],
  ['3.0.13-1~deb12u1', '3.0.13-1'],
  ['2.36-9', '2.36+dfsg-1'],
  ['1.0~rc1', '1.0'],
  ['9.9', '1:1.0'],
  ['1.1.1f', '1.1.1w'],
  ['1.2.3-r1', '1.2.3-r10'],
  ['1.0a', '1.0+'],
  ['', '0.1'],
])('%s is older than %s', (older, newer) => {
  expect(compareVersions(older, newer)).toBeLessThan(0)
  expect(compareVersions(newer, older)).toBeGreaterThan(0)
})

test('a version is as old as itself, with an epoch of zero or without, with leading zeros or without', () => {
  expect(compareVersions('1.2.3-4', '1.2.3-4')).toBe(0)
  expect(compareVersions('0:1.2', '1.2')).toBe(0)
  expect(compareVersions('1.02', '1.2')).toBe(0)
})

test('whatever versions are called, they have one order', () => {
  const version = fc.string({ unit: fc.constantFrom('0', '1', '9', '.', '-', '~', '+', 'a', ':', 'é'), maxLength: 8 })
  const sign = (a: string, b: string): number => Math.sign(compareVersions(a, b))
  fc.assert(
    fc.property(version, version, version, (a, b, c) => {
      expect(sign(a, b) + sign(b, a)).toBe(0)
      if (sign(a, b) <= 0 && sign(b, c) <= 0) expect(sign(a, c)).toBeLessThanOrEqual(0)
    }),
  )
})

test.each([
  ['releases of Debian', '3.0.15-1~deb12u1', '3.0.13-1~deb12u2', '1.1.1w-0+deb11u2'],
  ['releases of RPM distributions', '3.0.7-27.el9', '3.0.7-18.el9', '3.0.7-27.amzn2023'],
  ['branches of Alpine', '3.1.4-r6', '3.1.2-r0', '3.3.2-r0'],
  ['upstream versions that Ubuntu revises', '3.0.2-0ubuntu1.18', '3.0.2-0ubuntu1.10', '3.0.13-0ubuntu3.4'],
  ['epochs', '1:1.2.13-1', '1:1.2.13-2', '2:1.2.13-1'],
  ['major versions', '4.17.21', '4.18.0', '5.0.0'],
  ['minor versions before the first major one', '0.21.2', '0.21.4', '0.22.0'],
])('one upgrade does not cross %s', (_, version, same, other) => {
  expect(versionFamily(same)).toBe(versionFamily(version))
  expect(versionFamily(other)).not.toBe(versionFamily(version))
})
