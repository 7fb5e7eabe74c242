import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ancestorOf, basesOf } from '../../../functions/domain/ancestry/ancestor.ts'
import { broughtBy } from '../../../functions/domain/ancestry/brought.ts'
import { finding } from '../../builders.ts'

const known = (name: string, ...layers: readonly string[]) => ({ name, layers })

describe('what an image is built upon', () => {
  const bases = [
    known('debian:12', 'a'),
    known('node:20', 'a', 'b'),
    known('node:20.14', 'a', 'b'),
    known('node:20.13', 'a', 'b'),
    known('scratch'),
  ]

  test.each([
    [
      'the known image with the most of its layers',
      ['a', 'b', 'c'],
      '',
      { layers: ['a', 'b'], name: 'node:20.13', isWhole: true },
    ],
    ['not itself', ['a', 'b'], '', { layers: ['a'], name: 'debian:12', isWhole: true }],
    [
      'what it says, where nobody knows its layers',
      ['x', 'y'],
      'alpine:3.20',
      { layers: ['x'], name: 'alpine:3.20', isWhole: false },
    ],
    [
      'what it says, also where it adds no layer',
      ['x'],
      'alpine:3.20',
      { layers: ['x'], name: 'alpine:3.20', isWhole: false },
    ],
    ['nothing, where its one layer may be its own', ['x'], '', undefined],
    ['something below, where nobody says what', ['x', 'y'], '', { layers: ['x'], name: undefined, isWhole: false }],
    [
      'something below, where what it says is no name',
      ['x', 'y'],
      '<!channel>',
      { layers: ['x'], name: undefined, isWhole: false },
    ],
    [
      'something below, where it says nothing',
      ['x', 'y'],
      undefined,
      { layers: ['x'], name: undefined, isWhole: false },
    ],
    ['nothing, where it has no layers', [], 'alpine:3.20', undefined],
  ])('is %s', (_, layers, base, ancestor) => {
    expect(ancestorOf({ layers, base }, bases)).toEqual(ancestor)
  })

  test('is all of the known images with these layers, whatever their order', () => {
    const names = (all: typeof bases) => basesOf(['a', 'b', 'c'], all).map(({ name }) => name)
    expect(names(bases)).toEqual(['node:20', 'node:20.14', 'node:20.13'])
    expect(ancestorOf({ layers: ['a', 'b', 'c'] }, bases.toReversed())).toEqual(
      ancestorOf({ layers: ['a', 'b', 'c'] }, bases),
    )
  })
})

const layer = fc.constantFrom('a', 'b', 'c', undefined)
const findings = fc.array(fc.record({ id: fc.string(), layer }).map(finding))

test('each finding is brought by one of base, own layers and what nobody knows', () => {
  fc.assert(
    fc.property(findings, fc.subarray(['a', 'b', 'c']), (some, layers) => {
      const { inherited, own, unplaced } = broughtBy(some, { layers })
      expect([...inherited, ...own, ...unplaced]).toHaveLength(some.length)
      expect(new Set([...inherited, ...own, ...unplaced])).toEqual(new Set(some))
      expect(inherited.every((one) => layers.includes(String(one.layer)))).toBe(true)
    }),
  )
})
