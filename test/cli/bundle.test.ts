import { existsSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { VERSION } from '../../cli/version.ts'
import { bundled } from './cli.ts'

/** Node of the machine, where it is an older one. */
const OLDER = ['/usr/bin/node', '/usr/local/bin/node'].find((path) => existsSync(path))

describe('the bundle', () => {
  const cli = bundled()

  test('runs by itself in a folder with nothing else', async () => {
    expect(await cli.run(['--version'])).toEqual({ code: 0, out: `${VERSION}\n`, err: '' })
    expect((await cli.run(['explain', 'tag-immutability'])).code).toBe(0)
  })

  test('gives its exit code to the shell', async () => {
    expect((await cli.run(['nothing'])).code).toBe(2)
  })

  test.skipIf(!OLDER)(`runs on the Node of the machine too${OLDER ? '' : ': none was found'}`, async () => {
    expect((await cli.run(['rules'], {}, OLDER)).code).toBe(0)
  })
})
