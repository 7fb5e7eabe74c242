import { expect, test } from 'vitest'
import { sbomReading } from '../../../../bench/sbom.ts'

test('an SBOM of 20 MB takes little memory', () => {
  const { packages, megabytes } = sbomReading(20)
  expect(packages).toBeGreaterThan(15_000)
  expect(megabytes).toBeLessThanOrEqual(150)
})
