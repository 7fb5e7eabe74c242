import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ConfigError, loadConfig } from '../../config/load.ts'

const ROOT = resolve(import.meta.dirname, '../..')

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'steward-config-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function write(name: string, content: string | Uint8Array): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

function errorOf(path: string): ConfigError {
  try {
    loadConfig(path)
  } catch (error) {
    if (error instanceof ConfigError) return error
    throw error
  }
  throw new Error(`${path} was taken`)
}

describe('the shipped file', () => {
  it('is safe: it tells the security channel, enforces, removes and excepts nothing, and has nothing to be warned about', () => {
    const warnings: string[] = []

    const { policy, registry, cleanUp, ...rest } = loadConfig(resolve(ROOT, 'steward.yaml'), (line) =>
      warnings.push(line),
    )
    expect(rest).toEqual({
      alerts: [{ repositories: ['**'], threshold: 'HIGH', slack: ['security'] }],
      channels: { security: { secret: 'ecr-steward/slack/security' } },
      signers: [],
      exceptions: [],
      sweep: expect.objectContaining({ slack: ['security'], accounts: [], regions: [], securityHub: false }),
      operations: { email: [] },
    })
    const modes = [...policy, registry].flatMap(({ rules }) => rules.map(({ mode }) => mode))
    expect(new Set(modes)).toEqual(new Set(['report']))
    expect(registry.slack).toEqual(['security'])
    expect(cleanUp).toMatchObject({ mode: 'dry-run', slack: ['security'], entries: [{ repositories: ['ci/**'] }] })
    expect(cleanUp?.inUse).toMatchObject({ ignoreSources: [], ignoreAccounts: [] })
    expect(warnings).toEqual([])
  })
})

describe('a file with doubtful parts', () => {
  it('is taken, and each doubt is handed over as a line', () => {
    const path = write('doubtful.yaml', 'alerts: [{ repositories: ["prod/**"], to: [sns] }]')
    const warnings: string[] = []

    expect(loadConfig(path, (line) => warnings.push(line)).alerts).toHaveLength(1)
    expect(warnings).toEqual([
      `${path}:1:1  alerts: no alert for repositories that match no entry. To cover all, end the list with an entry for "**"`,
    ])
  })
})

describe('a file with faults', () => {
  it('is refused with all of them, ready to print and without a stack', () => {
    const path = write('faults.yaml', 'alerts: [{ repositories: ["**"], to: [snss], threshold: high }]')
    const { message, faults } = errorOf(path)

    expect(message.split('\n')).toHaveLength(2)
    expect(message).toContain(`${path}:1:39  alerts[0].to[0]: found "snss"`)
    expect(faults.map(({ path: where }) => where)).toEqual(['alerts[0].to[0]', 'alerts[0].threshold'])
  })

  it('is named as seen from where the command was run', () => {
    const path = join(ROOT, 'test/config/load.test.ts')

    expect(errorOf(path).message).toMatch(/^test\/config\/load\.test\.ts:1:/)
  })

  it('is not printed without end', () => {
    const { message, faults } = errorOf(
      write('many.yaml', Array.from({ length: 80 }, (_, index) => `k${index}: 1`).join('\n')),
    )

    expect(faults).toHaveLength(81)
    expect(message.split('\n')).toHaveLength(51)
    expect(message).toMatch(/… and 31 more faults\. Mend these first\.$/)
  })
})

describe('what is no readable file is one line with the next step', () => {
  const oneLine = (path: string): string => {
    const { message, faults } = errorOf(path)
    expect(message).not.toContain('\n')
    expect(faults).toEqual([])
    return message
  }

  it('a file that is not there', () => {
    expect(oneLine(join(folder, 'none.yaml'))).toBe(
      `${folder}/none.yaml: not found in ${folder}. Run the command in the folder that holds it, or write one: docs/configuration.md shows how.`,
    )
  })

  it('a folder', () => {
    mkdirSync(join(folder, 'folder.yaml'))

    expect(oneLine(join(folder, 'folder.yaml'))).toContain('is a folder, expected a file')
  })

  it('a path through a file', () => {
    expect(oneLine(join(write('file', ''), 'steward.yaml'))).toContain('is not a folder')
  })

  it('a link that leads back to itself', () => {
    symlinkSync(join(folder, 'loop.yaml'), join(folder, 'loop.yaml'))

    expect(oneLine(join(folder, 'loop.yaml'))).toContain('is a link that leads back to itself')
  })

  it('a device', () => {
    expect(oneLine('/dev/null')).toContain('is not a regular file')
  })

  it('a text in another encoding', () => {
    expect(oneLine(write('utf16.yaml', Buffer.from('\ufeffalerts: []', 'utf16le')))).toContain(
      'is not UTF-8 text. Save it again',
    )
  })

  it('a file that is too big to be meant', () => {
    expect(oneLine(write('big.yaml', 'a'.repeat(1_000_001)))).toContain('has 1000001 bytes, expected at most 1000000')
  })

  const root = process.getuid?.() === 0
  it.skipIf(root)(`a file that may not be read${root ? ' (skipped: root may read everything)' : ''}`, () => {
    const path = write('secret.yaml', 'alerts: []')
    chmodSync(path, 0o000)

    expect(oneLine(path)).toContain('may not be read by this user')
  })

  it('a path that no file system takes', () => {
    expect(oneLine(join(folder, 'x'.repeat(5_000)))).toContain('cannot be read (ENAMETOOLONG)')
  })
})

it('an empty file is a fault with the place to look', () => {
  expect(errorOf(write('empty.yaml', '')).message).toContain(
    ':1:1  found nothing, expected a configuration: docs/configuration.md',
  )
})
