import { existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { ensureAssembly } from '../../local/assembly.ts'

/** A checkout whose CDK app is the script given. */
function checkout(app: string): string {
  const root = mkdtempSync(join(tmpdir(), 'ecr-steward-root-'))
  mkdirSync(join(root, 'local'))
  writeFileSync(join(root, 'package.json'), '{"type":"module"}')
  writeFileSync(join(root, 'local/app.ts'), app)
  return root
}

const COUNTING = `
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
const out = process.env.CDK_OUTDIR
mkdirSync(out, { recursive: true })
const before = existsSync(out + '/manifest.json') ? Number(readFileSync(out + '/manifest.json', 'utf8')) : 0
writeFileSync(out + '/manifest.json', String(before + 1))
`

describe('the assembly', () => {
  test('is made once, and again only when a source has changed', async () => {
    const root = checkout(COUNTING)
    const times = (): string => readFileSync(join(root, 'cdk.out/local/manifest.json'), 'utf8')
    expect(await ensureAssembly(root)).toEqual({ folder: join(root, 'cdk.out/local'), made: true })
    expect(await ensureAssembly(root)).toMatchObject({ made: false })
    expect(times()).toBe('1')
    writeFileSync(join(root, 'steward.yaml'), 'alerts: []')
    expect(await ensureAssembly(root)).toMatchObject({ made: true })
    expect(times()).toBe('2')
    expect(JSON.parse(readFileSync(join(root, 'cdk.out/local/package.json'), 'utf8'))).toEqual({ type: 'commonjs' })
  })

  test('that cannot be made says what the app said, and is tried again the next time', async () => {
    const root = checkout("console.error('steward.yaml:3:5  alerts: wrong'); process.exit(1)")
    for (let tries = 0; tries < 2; tries++) {
      await expect(ensureAssembly(root)).rejects.toMatchObject({
        name: 'UserError',
        message: 'steward.yaml:3:5  alerts: wrong',
      })
    }
    expect(existsSync(join(root, 'cdk.out/local/.sources'))).toBe(false)
  })

  test('that has no place says so, with the next step', async () => {
    const root = checkout(COUNTING)
    writeFileSync(join(root, 'cdk.out'), 'a file where the folder should be')
    await expect(ensureAssembly(root)).rejects.toMatchObject({
      name: 'UserError',
      message: expect.stringMatching(
        /cdk\.out\/local: cannot be written \(ENOTDIR\); run from a checkout that you may write to/,
      ),
    })
  })

  test('that fails without a word says at least that', async () => {
    await expect(ensureAssembly(checkout('process.exit(3)'))).rejects.toThrow('the CDK app ended with exit code 3')
  })
})
