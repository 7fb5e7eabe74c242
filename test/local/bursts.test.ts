import { describe, expect, test } from 'vitest'
import { burstsOf } from '../../local/bursts.ts'
import { basicScan } from '../scan-alert/events.ts'

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
