import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it, onTestFinished } from 'vitest'
import { rootAge } from '../../../cli/verify/root-age.ts'
import { PINNED_ROOT } from '../../../functions/policy/evidence/sigstore/pinned-root.ts'
import { newKey } from '../../../local/signing/keys.ts'
import { serveTuf } from '../../../local/signing/tuf.ts'
import { steward } from '../cli.ts'

const folder = mkdtempSync(join(tmpdir(), 'steward-root-'))
afterAll(() => rmSync(folder, { recursive: true }))

const PINNED = JSON.stringify(PINNED_ROOT)
const trustedRoot = (...words: string[]) => steward(['trusted-root', ...words], { cwd: folder })

/** Fetches from a repository of this machine. */
async function refreshed(...served: Parameters<typeof serveTuf>) {
  const { url, root, close } = await serveTuf(...served)
  onTestFinished(close)
  writeFileSync(join(folder, 'root.json'), root)
  rmSync(join(folder, 'new.json'), { force: true })
  return trustedRoot('--refresh', 'new.json', '--mirror', url, '--mirror-root', 'root.json')
}

describe('trusted-root', () => {
  it('shows what is trusted, the newest first, and how old that is', async () => {
    const { code, out, err } = await steward(['trusted-root'], { cwd: folder })
    expect(code).toBe(0)
    expect(out.split('\n')[0]).toContain('https://log2025-1.rekor.sigstore.dev\t2025-09-23T00:00:00Z')
    expect(err).toBe(
      'The root is that of this version; its newest part counts since 428 days, so there may be a newer one. The current one: ecr-steward trusted-root --refresh FILE\n',
    )
  })

  it('shows that of steward.yaml, where it names one', async () => {
    writeFileSync(join(folder, 'own.json'), PINNED)
    writeFileSync(
      join(folder, 'steward.yaml'),
      'trusted-root: own.json\nalerts:\n  - { repositories: ["**"], threshold: HIGH, to: [sns] }\n',
    )
    const { err } = await trustedRoot('--config', 'steward.yaml')
    expect(err).toContain('The root is trusted-root of steward.yaml;')
  })

  it.each([
    ['a year', 'its newest part counts since 365 days', '2026-09-23T00:00:00Z'],
    ['a day more', 'its newest part counts since 366 days, so there may be a newer one', '2026-09-24T00:00:00Z'],
    ['a clock that is behind', 'its newest part counts since 0 days', '2025-09-01T00:00:00Z'],
  ])('is old after a year: %s', (_, words, now) => {
    expect(rootAge(PINNED_ROOT, new Date(now))?.words).toBe(words)
  })

  it('fetches the current one, signed by whom the mirror begins with', async () => {
    const { code, err } = await refreshed('trusted_root.json', PINNED)
    expect({ code, err }).toMatchObject({ code: 0, err: expect.stringContaining('The root is in "new.json";') })
    expect(readFileSync(join(folder, 'new.json'), 'utf8')).toBe(PINNED)
  })

  it.each<[string, Parameters<typeof serveTuf>, string]>([
    ['is signed by somebody else', ['trusted_root.json', PINNED, newKey('Ed25519')], 'could not be fetched'],
    ['has another file', ['other.json', PINNED], 'could not be fetched'],
    ['has no root', ['trusted_root.json', '{}'], 'is no trusted root of Sigstore'],
  ])('writes nothing where the mirror %s', async (_, served, problem) => {
    const { code, err } = await refreshed(...served)
    expect({ code, err }).toMatchObject({ code: 3, err: expect.stringContaining(problem) })
    expect(existsSync(join(folder, 'new.json'))).toBe(false)
  })

  it('takes a mirror with --refresh alone, and a root of it that is there', async () => {
    expect((await trustedRoot('--mirror', 'http://127.0.0.1:1')).code).toBe(2)
    expect((await trustedRoot('--refresh', 'new.json', '--mirror-root', 'none.json')).code).toBe(2)
  })
})
