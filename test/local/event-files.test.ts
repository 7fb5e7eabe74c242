import { chmodSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { timeOf } from '../../cli/replay/event-input.ts'
import { readEvents, sampleEvents } from '../../local/event-files.ts'
import { portOf } from '../../local/port.ts'
import { UserError } from '../../local/user-error.ts'

const folder = mkdtempSync(join(tmpdir(), 'ecr-steward-events-'))
const file = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text)
  return join(folder, name)
}

describe('a file of events', () => {
  test('holds one, or an array of them', () => {
    const one = file('one.json', '{"id":"a"}')
    const two = file('two.json', '[{"id":"a"},{"id":"b"}]')
    expect(readEvents(one)).toEqual([{ name: one, file: one, event: { id: 'a' } }])
    expect(readEvents(two).map(({ name }) => name)).toEqual([`${two}#1`, `${two}#2`])
    expect(readEvents(file('bom.json', '\uFEFF{}'))).toHaveLength(1)
  })

  test.each([
    ['is not there', join(folder, 'nowhere'), 'no such file'],
    ['is a folder', folder, 'is a folder'],
    ['is empty', file('empty.json', ''), 'not JSON'],
    ['is text', file('text.json', 'hello'), 'not JSON'],
    ['holds a string', file('string.json', '"x"'), 'found a string'],
    ['holds null', file('null.json', 'null'), 'found null'],
    ['holds nothing', file('none.json', '[]'), 'holds no events'],
    ['holds a list in a list', file('lists.json', '[{}, []]'), 'lists.json#2: an EventBridge event is a JSON object'],
  ])('that %s is refused with the next step', (_, path, message) => {
    expect(() => readEvents(path)).toThrow(UserError)
    expect(() => readEvents(path)).toThrow(message)
  })

  test.skipIf(process.getuid?.() === 0)(
    'that may not be read says so (skipped for root, who may read everything)',
    () => {
      const path = file('secret.json', '{}')
      chmodSync(path, 0)
      expect(() => readEvents(path)).toThrow('cannot be read (EACCES); check its permissions')
    },
  )
})

describe('samples', () => {
  test('come in the order in which they happened, then by name', () => {
    const samples = join(folder, 'samples')
    mkdirSync(samples)
    writeFileSync(join(samples, 'b.json'), '{"time":"2026-11-20T09:00:00Z"}')
    writeFileSync(join(samples, 'a.json'), '{"time":"2026-11-20T09:00:00Z"}')
    writeFileSync(join(samples, 'c.json'), '[{"time":"2026-11-20T08:00:00Z"},{}]')
    writeFileSync(join(samples, 'README.md'), 'not an event')
    const names = sampleEvents(samples).map(({ name }) => name.split('/').at(-1))
    expect(names).toEqual(['c.json#2', 'c.json#1', 'a.json', 'b.json'])
  })

  test('have a time, or none', () => {
    expect(timeOf({ time: '2026-11-20T09:00:00Z' })).toBe(Date.UTC(2026, 10, 20, 9))
    expect(timeOf({ time: 'soon' })).toBeUndefined()
    expect(timeOf({})).toBeUndefined()
  })
})

describe('a port', () => {
  test.each(['0', '3000', '65535'])('may be %s', (text) => {
    expect(portOf(text)).toBe(Number(text))
  })

  test.each(['', '-1', '65536', 'http', '3e3', '1.5'])('may not be "%s"', (text) => {
    expect(() => portOf(text)).toThrow('give a number from 0 to 65535')
  })
})
