import { execFile as execFileWithCallback, spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { parseConfig } from '../config/load.ts'
import { RULES } from '../functions/domain/rulebook.ts'
import { ensureAssembly } from '../local/assembly.ts'
import { startLocalAws } from '../local/aws/server.ts'
import { createClock } from '../local/clock.ts'
import { seed } from '../local/seed/seed.ts'

const execFile = promisify(execFileWithCallback)

const ROOT = join(import.meta.dirname, '..')
const readme = readFileSync(join(ROOT, 'README.md'), 'utf8')

const [, story = ''] = /```console\n\$ npm start\n([\s\S]*?)```/.exec(readme) ?? []
const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { scripts: Record<string, string> }

describe('the README', () => {
  test('shows what npm start really says', { timeout: 120_000 }, async () => {
    await ensureAssembly(ROOT)
    const { stdout, status } = spawnSync(process.execPath, ['local/start.ts'], { cwd: ROOT, encoding: 'utf8' })
    expect(status).toBe(0)
    const said = new Set(stdout.split('\n'))
    const shown = story.split('\n').filter((line) => line !== '…')
    expect(shown.length).toBeGreaterThan(20)
    expect(shown.filter((line) => !said.has(line))).toEqual([])
  })

  test('shows what is really said of signatures and packages, beside npm run local', { timeout: 60_000 }, async () => {
    const [, shown = ''] = /```console\n(\$ npm run -s steward -- verify[\s\S]*?)```/.exec(readme) ?? []
    const aws = await startLocalAws({ clock: createClock() })
    try {
      await seed(aws, Date.now())
      const AWS_KEYS = { AWS_ACCESS_KEY_ID: 'x', AWS_SECRET_ACCESS_KEY: 'x', AWS_DEFAULT_REGION: aws.region }
      const env = { PATH: process.env.PATH, AWS_ENDPOINT_URL: aws.url, ...AWS_KEYS }
      const blocks = shown.split(/^\$ /m).slice(1)
      expect(blocks).toHaveLength(3)
      for (const [command = '', ...lines] of blocks.map((block) => block.trimEnd().split('\n'))) {
        const said = await execFile('sh', ['-c', `${command} 2>&1; exit 0`], { cwd: ROOT, env })
        const all = new Set(said.stdout.split('\n'))
        expect(
          lines.filter((line) => line !== '…' && !all.has(line)),
          said.stdout,
        ).toEqual([])
      }
    } finally {
      await aws.close()
    }
  })

  test('shows a policy that is valid, and counts the rules', () => {
    const [, policy = ''] = /```yaml\n(policy:[\s\S]*?)```/.exec(readme) ?? []
    const text = `alerts: [{ repositories: ["**"], to: [sns] }]\n${policy}`
    const read = parseConfig(text, 'README.md', new Date('2026-11-25T00:00:00Z'))
    expect(read).not.toHaveProperty('faults')
    expect(read).toHaveProperty('warnings', [])
    expect(readme).toContain(`\n${RULES.length} rules on repositories, images and the registry`)
  })

  test('has no gap that was to be filled', () => {
    expect(readme).not.toMatch(/^[A-Z]{4,}$/m)
  })

  test('links to files that are there', () => {
    const links = [...readme.matchAll(/\]\((?!https:)([^)#]+)/g)].map(([, path = '']) => path)
    expect(links.length).toBeGreaterThan(5)
    expect(links.filter((path) => !existsSync(join(ROOT, path)))).toEqual([])
  })

  test('names commands that there are', () => {
    const named = [...readme.matchAll(/npm (?:run )?(\w+)/g)].map(([, name = '']) => name)
    expect(named.filter((name) => name !== 'ci' && name !== 'run' && !(name in scripts) && name !== 'and')).toEqual([])
  })
})
