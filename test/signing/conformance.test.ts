import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { digestOf } from '../../local/signing/keys.ts'
import { steward } from '../cli/cli.ts'

const IDENTITY =
  'https://github.com/sigstore-conformance/extremely-dangerous-public-oidc-beacon/.github/workflows/extremely-dangerous-oidc-beacon.yml@refs/heads/main'
const ISSUER = 'https://token.actions.githubusercontent.com'

const OWN = join(import.meta.dirname, 'conformance')
/** A folder of cases as `test/assets/bundle-verify` of sigstore/sigstore-conformance has them. */
const SUITE = process.env.CONFORMANCE_SUITE

const casesOf = (folder: string): readonly string[] =>
  readdirSync(folder).filter((name) => existsSync(join(folder, name, 'bundle.sigstore.json')))

/** Exit code of `verify --bundle`. @see https://github.com/sigstore/sigstore-conformance/blob/main/docs/cli_protocol.md */
async function verified(folder: string, name: string, isByDigest: boolean) {
  const inCase = (file: string): string | undefined => {
    const path = join(folder, name, file)
    return existsSync(path) ? path : undefined
  }
  const said = (file: string, otherwise: string): string => {
    const path = inCase(file)
    return path ? readFileSync(path, 'utf8').trim() : otherwise
  }
  const [key, root] = [inCase('key.pub'), inCase('trusted_root.json')]
  const artifact = inCase('artifact') ?? join(folder, 'a.txt')
  const { code, out, err } = await steward([
    ...['verify', '--bundle', join(folder, name, 'bundle.sigstore.json')],
    ...(key
      ? ['--key', key]
      : ['--certificate-identity', said('identity', IDENTITY), '--certificate-oidc-issuer', said('issuer', ISSUER)]),
    ...(root ? ['--trusted-root', root] : []),
    isByDigest ? digestOf(readFileSync(artifact)) : artifact,
  ])
  return { code, said: out + err }
}

describe.each([
  ['the cases of this repository', OWN],
  ...(SUITE ? [['the whole suite', SUITE] as const] : []),
] as const)("Sigstore's conformance suite: %s", (_, folder) => {
  it.each(casesOf(folder))('%s', async (name) => {
    for (const isByDigest of [false, true]) {
      const { code, said } = await verified(folder, name, isByDigest)
      if (!name.endsWith('_fail'))
        expect({ code, said }).toEqual({ code: 0, said: expect.stringMatching(/^Verified: /) })
      // A root that cannot be used is a fault of whoever names it.
      else expect([1, ...(name.startsWith('trust-root-') ? [2] : [])]).toContain(code)
    }
  })
})

describe.skipIf(SUITE)("Sigstore's conformance suite: the whole suite", () => {
  it('runs where CONFORMANCE_SUITE names a folder of it, which is too large to keep here', () => {})
})
