import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { InvalidEvent } from '../../functions/events/invalid-event.ts'
import { DETAIL_TYPES, parseEvent } from '../../functions/events/parse.ts'
import { basicScan, enhancedScan, finding } from './samples.ts'

const valid = fc.constantFrom(basicScan(), enhancedScan(), finding())
const HIDDEN = /[\p{C}\p{Zl}\p{Zp}]/u

/** A valid event with one field, at any depth, replaced by anything. */
const damaged = fc
  .tuple(valid, fc.array(fc.nat(20), { minLength: 1, maxLength: 6 }), fc.jsonValue())
  .map(([event, path, junk]) => {
    const copy: unknown = structuredClone(event)
    let at: unknown = copy
    for (const [depth, step] of path.entries()) {
      if (typeof at !== 'object' || at === null) break
      const keys = Object.keys(at)
      const key = keys[step % Math.max(keys.length, 1)] ?? 'x'
      if (depth === path.length - 1) Reflect.set(at, key, junk)
      else at = Reflect.get(at, key)
    }
    return copy
  })

const typed = fc
  .tuple(fc.constantFrom(...DETAIL_TYPES), fc.dictionary(fc.string(), fc.jsonValue()))
  .map(([type, rest]) => ({
    ...rest,
    'detail-type': type,
  }))

describe('parseEvent', () => {
  it('throws InvalidEvent and nothing else, in few words of printable characters', () => {
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), typed, damaged), (value) => {
        try {
          parseEvent(value)
        } catch (error) {
          expect(error).toBeInstanceOf(InvalidEvent)
          const { message } = error as InvalidEvent
          expect(message.length).toBeLessThanOrEqual(1_001)
          expect(message).not.toMatch(HIDDEN)
        }
      }),
      { numRuns: 2_000 },
    )
  })

  it('reads an event with further fields as it reads the event without them', () => {
    const extra = fc.dictionary(
      fc.string({ minLength: 1 }).map((key) => `x-${key}`),
      fc.jsonValue(),
    )
    fc.assert(
      fc.property(valid, extra, extra, (event, outside, inside) => {
        const detail = { ...(event.detail as object), ...inside }
        expect(parseEvent({ ...event, ...outside, detail })).toEqual(parseEvent(event))
      }),
    )
  })

  it('loses no finding of the counts, whatever the severities are called', () => {
    const name = fc.string().filter((word) => word.toUpperCase() !== 'TOTAL')
    const counts = fc.dictionary(name, fc.nat(1_000_000), { noNullPrototype: true })
    fc.assert(
      fc.property(counts, fc.nat(), (sent, TOTAL) => {
        const event = parseEvent(basicScan({ 'finding-severity-counts': { ...sent, TOTAL } }))
        const kept = event.type === 'scan' ? Object.values(event.counts) : []
        expect(kept.reduce((sum, count) => sum + count, 0)).toBe(
          Object.values(sent).reduce((sum, count) => sum + count, 0),
        )
      }),
    )
  })
})
