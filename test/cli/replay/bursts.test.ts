import { describe, expect, test } from 'vitest'
import { burstsOf } from '../../../cli/replay/bursts.ts'
import { basicScan } from '../../scan-alert/events.ts'

const input = (file: string, n: number, time: string, change: object = {}) => ({
  file,
  name: `${file}#${n}`,
  event: { ...basicScan({ HIGH: 1 }, { id: `${file}-${n}`, time }), ...change },
})

const names = (inputs: Parameters<typeof burstsOf>[0]) => burstsOf(inputs).map((burst) => burst.map(({ name }) => name))

describe('events that reach the function', () => {
  test('come together when they are of one array and of the same seconds', () => {
    const inputs = [
      input('a', 1, '2026-11-20T09:00:00Z'),
      input('a', 2, '2026-11-20T09:00:20Z'),
      input('a', 3, '2026-11-20T09:00:21Z'),
    ]
    expect(names(inputs)).toEqual([['a#1', 'a#2'], ['a#3']])
  })

  test('wait as long as the queue of their own use case gathers, and not for those of another', () => {
    const pushed = (n: number, seconds: string) => {
      const digest = `sha256:${'a'.repeat(64)}`
      const detail = { 'repository-name': 'a/b', 'image-digest': digest, 'action-type': 'PUSH', result: 'SUCCESS' }
      return input('a', n, `2026-11-20T09:00:${seconds}Z`, { 'detail-type': 'ECR Image Action', detail })
    }
    const inputs = [pushed(1, '00'), pushed(2, '05'), pushed(3, '06'), input('a', 4, '2026-11-20T09:00:07Z')]
    expect(names(inputs)).toEqual([['a#1', 'a#2'], ['a#3'], ['a#4']])
  })

  test('come alone when they are of other files, or cannot be read', () => {
    const inputs = [
      input('a', 1, '2026-11-20T09:00:00Z'),
      input('b', 1, '2026-11-20T09:00:00Z'),
      input('b', 2, '2026-11-20T09:00:00Z', { detail: {} }),
      input('b', 3, '2026-11-20T09:00:00Z'),
      input('b', 4, 'soon'),
    ]
    expect(names(inputs)).toEqual([['a#1'], ['b#1'], ['b#2'], ['b#3'], ['b#4']])
    expect(burstsOf([])).toEqual([])
  })
})
