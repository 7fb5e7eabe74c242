import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { ConfigError } from '../../config/load.ts'
import { explain, run, UserError } from '../../local/user-error.ts'

const coded = (code: string, path?: string) => Object.assign(new Error('raw'), { code, ...(path ? { path } : {}) })

describe('what a person at the terminal can mend', () => {
  test.each([
    [new UserError('a.json: no such file'), 'a.json: no such file'],
    [new ConfigError('steward.yaml:1:1  wrong'), 'steward.yaml:1:1  wrong'],
    [
      Object.assign(coded('EADDRINUSE'), { port: 4566 }),
      'port 4566 is taken: end what listens there, or choose another one with --port',
    ],
    [coded('EACCES', '/x'), 'no permission for /x: change it, or run from a folder that is yours'],
    [coded('EACCES'), 'no permission: change it, or run from a folder that is yours'],
    [coded('EROFS', '/x'), '/x is read-only: run from a folder that you may write to'],
    [coded('EROFS'), 'the folder is read-only: run from a folder that you may write to'],
    [coded('ENOSPC'), 'the disk is full: make room and run again'],
    [coded('EWHATEVER'), undefined],
    [new Error('ours'), undefined],
    ['text', undefined],
  ])('%s', (error, line) => {
    expect(explain(error)).toBe(line)
  })
})

describe('a command', () => {
  let said: unknown[]
  beforeEach(() => {
    said = []
    vi.spyOn(console, 'error').mockImplementation((line) => void said.push(line))
  })
  afterEach(() => {
    process.exitCode = undefined
    vi.restoreAllMocks()
  })

  test('that fails ends with exit code 1 and one line', async () => {
    await run(() => Promise.reject(new UserError('mend it')))
    expect({ said, code: process.exitCode }).toEqual({ said: ['mend it'], code: 1 })
  })

  test('that fails through our fault shows it whole', async () => {
    const fault = new Error('ours')
    await run(() => Promise.reject(fault))
    expect(said).toEqual([fault])
  })

  test('that ends well says nothing', async () => {
    await run(async () => {})
    expect({ said, code: process.exitCode }).toEqual({ said: [], code: undefined })
  })
})
