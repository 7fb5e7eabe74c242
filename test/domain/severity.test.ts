import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  bySeverity,
  countFrom,
  countsFrom,
  inWords,
  isAtLeast,
  SEVERITIES,
  severitiesFrom,
  tally,
  toSeverity,
} from '../../functions/domain/severity.ts'

const severity = fc.constantFrom(...SEVERITIES)

describe('a severity as a scanner spells it', () => {
  it.each([
    ['CRITICAL', 'CRITICAL'],
    ['critical', 'CRITICAL'],
    ['High', 'HIGH'],
    ['INFORMATIONAL', 'INFORMATIONAL'],
    ['INFORMAL', 'INFORMATIONAL'],
    ['UNTRIAGED', 'UNDEFINED'],
    ['SEVERE', 'UNDEFINED'],
    ['', 'UNDEFINED'],
    ['constructor', 'UNDEFINED'],
    ['__proto__', 'UNDEFINED'],
  ])('%j is %s', (word, expected) => {
    expect(toSeverity(word)).toBe(expected)
  })

  it('is one of the six, whatever the word', () => {
    fc.assert(fc.property(fc.string(), (word) => SEVERITIES.includes(toSeverity(word))))
  })
})

describe('the order of severities', () => {
  it('sorts the worst first', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray([...SEVERITIES], { minLength: SEVERITIES.length }), (shuffled) => {
        expect(shuffled.sort(bySeverity)).toEqual(SEVERITIES)
      }),
    )
  })

  it('is total: one of two is at least as bad as the other, and both only when they are the same', () => {
    fc.assert(
      fc.property(severity, severity, (a, b) => {
        expect(isAtLeast(a, b) || isAtLeast(b, a)).toBe(true)
        expect(isAtLeast(a, b) && isAtLeast(b, a)).toBe(a === b)
      }),
    )
  })
})

describe('the severities from a threshold on', () => {
  it('begin with the worst and end with the threshold', () => {
    expect(severitiesFrom('CRITICAL')).toEqual(['CRITICAL'])
    expect(severitiesFrom('MEDIUM')).toEqual(['CRITICAL', 'HIGH', 'MEDIUM'])
    expect(severitiesFrom('UNDEFINED')).toEqual(SEVERITIES)
  })

  it('are what is counted; a severity that is absent has none', () => {
    expect(countFrom({ CRITICAL: 1, HIGH: 2, LOW: 40 }, 'HIGH')).toBe(3)
    expect(countFrom({ LOW: 40 }, 'HIGH')).toBe(0)
    expect(countFrom({}, 'UNDEFINED')).toBe(0)
  })
})

describe('counts of findings', () => {
  it('come from the severities one by one', () => {
    expect(tally(['HIGH', 'LOW', 'HIGH'])).toEqual({ HIGH: 2, LOW: 1 })
    expect(tally([])).toEqual({})
  })

  it('read worst first, without those that have none', () => {
    expect(inWords({ HIGH: 5, MEDIUM: 0, CRITICAL: 2 })).toBe('2 critical, 5 high')
    expect(inWords({})).toBe('')
  })

  it('can be cut to a threshold', () => {
    expect(countsFrom({ CRITICAL: 1, HIGH: 0, LOW: 3 }, 'HIGH')).toEqual({ CRITICAL: 1 })
  })

  it('agree with one another whatever the threshold', () => {
    fc.assert(
      fc.property(fc.array(severity), severity, (list, threshold) => {
        const counts = tally(list)
        expect(countFrom(counts, threshold)).toBe(list.filter((each) => isAtLeast(each, threshold)).length)
        expect(countFrom(countsFrom(counts, threshold), 'UNDEFINED')).toBe(countFrom(counts, threshold))
      }),
    )
  })
})
