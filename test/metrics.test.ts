import { expect, test, vi } from 'vitest'
import { writeMetrics } from '../functions/metrics.ts'

test('metrics are one line of JSON, as CloudWatch takes them out of a log', () => {
  const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true)
  writeMetrics({ CleanUpFreedBytes: { value: 42, unit: 'Bytes' } }, new Date(1_764_300_000_000))
  const [[line]] = write.mock.calls as [[string]]
  write.mockRestore()

  expect(line.endsWith('}\n')).toBe(true)
  expect(JSON.parse(line)).toEqual({
    _aws: {
      Timestamp: 1_764_300_000_000,
      CloudWatchMetrics: [
        { Namespace: 'EcrSteward', Dimensions: [[]], Metrics: [{ Name: 'CleanUpFreedBytes', Unit: 'Bytes' }] },
      ],
    },
    CleanUpFreedBytes: 42,
  })
})
