import * as v from 'valibot'
import { describe, expect, test } from 'vitest'
import { AlertSchema } from '../../functions/domain/alert.ts'
import { composeScanFailed } from '../../functions/domain/scan-failed.ts'
import { scanOutcome } from '../../functions/domain/scan-status.ts'
import { telling } from '../builders.ts'

describe('the alert on an image that was not scanned', () => {
  test('says that it is unknown, not clean', () => {
    const alert = composeScanFailed(telling(), 'UNSUPPORTED_IMAGE', 'The operating system is not supported.')
    expect(v.parse(AlertSchema, alert)).toMatchObject({
      kind: 'scan-failed',
      title: 'Not scanned: prod/api:1.4.2',
      summary: 'The scan ended as UNSUPPORTED_IMAGE. Whether the image is vulnerable is unknown.',
      facts: expect.arrayContaining([{ name: 'Scanner says', value: 'The operating system is not supported.' }]),
    })
    expect(alert.todo).toContain('scan it in CI')
  })

  test('has advice for a status that nobody documented', () => {
    expect(composeScanFailed(telling(), 'MELTED', undefined).todo).toContain('start it again')
  })
})

test.each([
  ['COMPLETE', 'complete'],
  ['ACTIVE', 'complete'],
  ['PENDING', 'pending'],
  ['FAILED', 'failed'],
  ['MELTED', 'failed'],
  ['toString', 'failed'],
])('a scan that is %s is %s', (status, outcome) => {
  expect(scanOutcome(status)).toBe(outcome)
})
