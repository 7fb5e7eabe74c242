import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { complete } from '../../../cli/completion/complete.ts'
import { bundled, recorder } from '../cli.ts'
import { startRegistry } from '../registry.ts'

const here = startRegistry()
const cli = bundled()
const ALL = 'prod/api\nprod/web\nscratch/x\nteam-a/worker\n:4\n'
const NONE = ':4\n'

let cache: string
beforeEach(() => {
  cache = mkdtempSync(join(tmpdir(), 'steward-cache-'))
})
afterEach(() => rmSync(cache, { recursive: true, force: true }))

let now = Date.parse('2026-11-28T12:00:00Z')

/** What a line that ends with `words` is answered, and how often AWS is called for it. */
async function answered(words: readonly string[], change: Readonly<Record<string, string>> = {}) {
  const before = here.aws.calls.length
  const [stdout, stderr] = [recorder(), recorder()]
  const env = { ...here.env, XDG_CACHE_HOME: cache, HOME: cache, ...change }
  const io = { stdout: stdout.stream, stderr: stderr.stream, env, cwd: cache, now: () => new Date(now) }
  const text = await complete(words, io)
  expect([stdout.text(), stderr.text()]).toEqual(['', ''])
  return { text, calls: here.aws.calls.length - before }
}

const files = (): readonly string[] => readdirSync(join(cache, 'ecr-steward'))

describe('the repositories that are offered', () => {
  test('are those of the registry, asked for with one call', async () => {
    expect(await answered(['check', ''])).toEqual({ text: ALL, calls: 1 })
    expect(here.aws.calls.at(-1)).toMatchObject({ operation: 'DescribeRepositories' })
  })

  test('are kept for five minutes, for the caller alone', async () => {
    await answered(['check', ''])
    now += 299_000
    expect(await answered(['check', 'prod/a'])).toEqual({ text: 'prod/api\n:4\n', calls: 0 })
    now += 2_000
    expect(await answered(['check', ''])).toEqual({ text: ALL, calls: 1 })
    const [file = ''] = files()
    expect(files()).toHaveLength(1)
    expect(statSync(join(cache, 'ecr-steward', file)).mode & 0o777).toBe(0o600)
    expect(readFileSync(join(cache, 'ecr-steward', file), 'utf8')).not.toContain(here.env.AWS_ACCESS_KEY_ID)
  })

  test('are those of the region of the line', async () => {
    await answered(['check', ''])
    expect((await answered(['check', '--region', 'us-east-1', ''])).calls).toBe(1)
    expect(files()).toHaveLength(2)
  })

  test('are those of the profile of the line', async () => {
    const config = here.write('profiles', '[profile other]\naws_access_key_id = AKIDOTHER\naws_secret_access_key = s\n')
    const env = { AWS_CONFIG_FILE: config, AWS_SHARED_CREDENTIALS_FILE: config }
    const { out } = await cli.run(['complete', '--', 'check', '--profile=other', ''], {
      ...here.env,
      ...env,
      HOME: cache,
    })
    expect(out).toBe(ALL)
    expect(here.aws.calls.at(-1)?.accessKeyId).toBe('AKIDOTHER')
    expect(readdirSync(join(cache, '.cache/ecr-steward'))).toHaveLength(1)
    expect((await answered(['check', '--profile', ''], env)).text).toBe('other\n:4\n')
  })

  test.each([
    ['credentials', { AWS_ACCESS_KEY_ID: '' }],
    ['a region', { AWS_REGION: '' }],
    ['a region that is one', { AWS_REGION: 'nowhere.example/' }],
  ])('are none, without a call, without %s', async (_what, change) => {
    const nothing = { AWS_CONFIG_FILE: join(cache, 'none'), AWS_SHARED_CREDENTIALS_FILE: join(cache, 'none') }
    expect(await answered(['check', ''], { ...nothing, ...change })).toEqual({ text: NONE, calls: 0 })
    expect(existsSync(join(cache, 'ecr-steward'))).toBe(false)
  })

  test('are those of before where AWS refuses, and it is not asked again at the next key', async () => {
    await answered(['check', ''])
    now += 600_000
    here.aws.faults.inject({ service: 'ecr', error: { code: 'AccessDeniedException' }, times: 9 })
    expect((await answered(['check', ''])).text).toBe(ALL)
    expect(await answered(['check', ''])).toEqual({ text: ALL, calls: 0 })
  })

  test('are none where AWS takes longer than somebody at a key waits', async () => {
    here.aws.faults.delay({ service: 'ecr', minMs: 60_000, maxMs: 60_000 })
    expect((await answered(['check', ''])).text).toBe(NONE)
  })

  test('are asked for where the file is no longer whole, and where none can be written', async () => {
    await answered(['check', ''])
    for (const file of files()) writeFileSync(join(cache, 'ecr-steward', file), '{"at":')
    expect((await answered(['check', ''])).text).toBe(ALL)
    expect((await answered(['check', ''], { XDG_CACHE_HOME: '/dev/null' })).text).toBe(ALL)
  })
})

test('rules are offered by their names', async () => {
  expect((await answered(['explain', 'tag-n'])).text).toBe('tag-naming\n:4\n')
})

test('files are left to the shell, and images go on', async () => {
  expect((await answered(['check', '--config', ''])).text).toBe(':0\n')
  expect((await answered(['gate', 'scratch'])).text).toBe('scratch/x:\n:6\n')
})
