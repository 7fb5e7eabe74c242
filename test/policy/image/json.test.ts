import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Unreadable } from '../../../functions/faults.ts'
import { field, listIn, objectIn, parseObject, textIn } from '../../../functions/policy/image/json.ts'

const parse = (text: string) => parseObject(Buffer.from(text), 'it')

describe('JSON of a registry', () => {
  test.each([
    ['no JSON', '<html>', 'it is not JSON'],
    ['nothing', '', 'it is not JSON'],
    ['a list', '[]', 'it is not an object'],
    ['null', 'null', 'it is not an object'],
    ['a deep list', `{"a":${'['.repeat(64)}${']'.repeat(64)}}`, 'it is nested more than 64 deep'],
    ['depth without end', '['.repeat(1_000_000), 'it is nested more than 64 deep'],
    ['a bomb of small values', `{"a":[${'[],'.repeat(60_000)}[]]}`, 'it holds more than 100000 values'],
  ])('that is %s is refused', (_, text, message) => {
    expect(() => parse(text)).toThrow(new Unreadable(message, true, undefined))
  })

  test('of eight megabytes is refused without taking much memory', () => {
    const bytes = Buffer.from(`{"a":[${'[],'.repeat(2_700_000)}[]]}`)
    const before = process.memoryUsage().heapUsed
    expect(() => parseObject(bytes, 'it')).toThrow('more than 100000 values')
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(16_000_000)
  })

  test('does not count what is in a string', () => {
    const text = `{"a":"${'[{,\\\\\\"'.repeat(200_000)}"}`
    expect(parse(text)).toEqual(JSON.parse(text))
  })

  test('is read as Node reads it, whatever it holds', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 6 })), (value) => {
        const text = JSON.stringify(value)
        expect(parse(text)).toEqual(JSON.parse(text))
      }),
    )
  })

  test('never quotes what it could not read', () => {
    let error: unknown
    try {
      parse('{"TOKEN": hunter2}')
    } catch (caught) {
      error = caught
    }
    expect(error).toMatchObject({ message: 'it is not JSON', cause: undefined })
  })
})

describe('a field', () => {
  test('is found in any case, as Go finds it', () => {
    expect(field({ USER: 'app' }, 'User', 'it')).toBe('app')
    expect(field({ uſer: 'app' }, 'User', 'it')).toBe('app')
    expect(field({ User: null }, 'User', 'it')).toBeUndefined()
    expect(field({}, 'User', 'it')).toBeUndefined()
  })

  test('that is there in two cases is none: runtimes take the last', () => {
    expect(() => field({ User: 'app', user: 'root' }, 'User', 'it')).toThrow('it says User twice')
  })

  test('has to be what it should be', () => {
    expect(() => textIn({ a: 1 }, 'a', 'it')).toThrow('a of it is not a text')
    expect(() => listIn({ a: {} }, 'a', 'it')).toThrow('a of it is not a list')
    expect(() => objectIn({ a: [] }, 'a', 'it')).toThrow('a of it is not an object')
    expect([textIn({}, 'a', 'it'), listIn({}, 'a', 'it'), objectIn({}, 'a', 'it')]).toEqual([undefined, [], {}])
  })
})
