import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { messageBundle, statementBundle } from '../../../local/signing/bundle.ts'
import { digestOf, newKey } from '../../../local/signing/keys.ts'
import { byKey, keyless } from '../../../local/signing/signer.ts'
import { newSigstore } from '../../../local/signing/sigstore.ts'
import { steward } from '../cli.ts'

const WHO = {
  identity: 'https://github.com/acme/web/.github/workflows/release.yml@refs/heads/main',
  issuer: 'https://token.actions.githubusercontent.com',
}

const folder = mkdtempSync(join(tmpdir(), 'steward-verify-'))
afterAll(() => rmSync(folder, { recursive: true }))

const bytes = Buffer.from('an artifact\n')
const digest = digestOf(bytes)
const [key, other] = [newKey(), newKey()]
const sigstore = await newSigstore()
const workflow = await keyless(sigstore, WHO)

const files: Readonly<Record<string, string | Buffer>> = {
  artifact: bytes,
  'key.pub': key.pem,
  'other.pub': other.pem,
  'root.json': JSON.stringify(sigstore.trustedRoot),
  'empty.json': '{}',
  'by-key.json': JSON.stringify(await messageBundle(bytes, byKey(key))),
  'by-workflow.json': JSON.stringify(await messageBundle(bytes, workflow)),
  'provenance.json': JSON.stringify(
    await statementBundle(
      { digest, predicateType: 'https://slsa.dev/provenance/v1', predicate: { builder: 'b\u202e' } },
      workflow,
    ),
  ),
}
for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content)

const verify = (...words: string[]) => steward(['verify', ...words], { cwd: folder })
const BY_WORKFLOW = [
  '--certificate-identity',
  WHO.identity,
  '--certificate-oidc-issuer',
  WHO.issuer,
  '--trusted-root',
  'root.json',
]

describe('verify --bundle', () => {
  it.each(['artifact', digest])('says who signed %s, and how that is known', async (artifact) => {
    const { code, out } = await verify('--bundle', 'by-key.json', '--key', 'key.pub', artifact)
    expect(code).toBe(0)
    expect(out).toMatch(/^Verified: Signed by key SHA256:[0-9a-f]{16}, known by its key\.\n {2}sha256:[0-9a-f]{64}\n$/)
  })

  it('says what a workflow signed or attested, and when', async () => {
    const { out } = await verify('--bundle', 'by-workflow.json', ...BY_WORKFLOW, 'artifact')
    expect(out.replace(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/, 'NOW')).toBe(
      `Verified: Signed by ${WHO.identity} on NOW UTC, known by its certificate, with an entry in the transparency log.\n  ${digest}\n`,
    )
    const pattern = ['--certificate-identity-regexp', 'https://github\\.com/acme/.*', ...BY_WORKFLOW.slice(2)]
    expect((await verify('--bundle', 'provenance.json', ...pattern, digest)).out).toContain(
      'Verified: https://slsa.dev/provenance/v1 is attested by https://github.com/acme/web',
    )
  })

  it('says it to programs, with what is attested', async () => {
    const { code, out } = await verify('--bundle', 'provenance.json', ...BY_WORKFLOW, '--output', 'json', digest)
    expect(code).toBe(0)
    expect(JSON.parse(out)).toEqual({
      artifact: digest,
      verified: true,
      who: WHO.identity,
      how: 'by its certificate, with an entry in the transparency log',
      at: expect.stringMatching(/^\d{4}-/),
      predicateType: 'https://slsa.dev/provenance/v1',
      predicate: { builder: 'b\u202e' },
      annotations: {},
    })
  })

  it('refuses with the reason, and repeats nothing that is not proven', async () => {
    const { code, out } = await verify('--bundle', 'by-key.json', '--key', 'other.pub', 'artifact')
    expect({ code, out }).toEqual({
      code: 1,
      out: `Refused: The signature is by another key, or what it signs was changed.\n  ${digest}\n`,
    })
    const json = await verify('--bundle', 'provenance.json', '--key', 'key.pub', '--output', 'json', digest)
    expect(JSON.parse(json.out)).toEqual({
      artifact: digest,
      verified: false,
      why: 'It is signed by a certificate, not by a key.',
    })
    const malformed = await verify('--bundle', 'key.pub', '--key', 'key.pub', 'artifact')
    expect({ code: malformed.code, out: malformed.out }).toEqual({
      code: 1,
      out: `Refused: It is not JSON.\n  ${digest}\n`,
    })
  })

  it.each<[string, readonly string[], string]>([
    ['no bundle', ['artifact'], 'names a repository, not an image'],
    ['nobody', ['--bundle', 'by-key.json', 'artifact'], 'Nobody is named whose signature would count.'],
    ['two ways', ['--bundle', 'by-key.json', '--key', 'key.pub', ...BY_WORKFLOW, 'artifact'], 'exclude one another'],
    [
      'an identity twice',
      ['--bundle', 'by-key.json', ...BY_WORKFLOW, '--certificate-identity-regexp', '.*', 'artifact'],
      'An identity is said once',
    ],
    [
      'an issuer alone',
      ['--bundle', 'by-key.json', '--certificate-oidc-issuer', 'https://a', 'artifact'],
      'An identity is said once',
    ],
    [
      'no issuer',
      ['--bundle', 'by-key.json', '--certificate-identity', 'a', 'artifact'],
      '--certificate-oidc-issuer is missing',
    ],
    [
      'no expression',
      [
        '--bundle',
        'by-key.json',
        '--certificate-identity-regexp',
        '(',
        '--certificate-oidc-issuer',
        'https://a',
        'artifact',
      ],
      'no expression of RE2',
    ],
    [
      'no such file',
      ['--bundle', 'none.json', '--key', 'key.pub', 'artifact'],
      'The bundle "none.json" cannot be read (ENOENT).',
    ],
    [
      'no such artifact',
      ['--bundle', 'by-key.json', '--key', 'key.pub', 'sha256:abc'],
      'The artifact "sha256:abc" cannot be read (ENOENT).',
    ],
    [
      'a root that is none',
      ['--bundle', 'by-key.json', '--key', 'key.pub', '--trusted-root', 'empty.json', 'artifact'],
      'The trusted root is malformed',
    ],
    [
      'a root that is no JSON',
      ['--bundle', 'by-key.json', '--key', 'key.pub', '--trusted-root', 'key.pub', 'artifact'],
      '--trusted-root names is not JSON',
    ],
  ])('does not start with %s', async (_, words, problem) => {
    const { code, out, err } = await verify(...words)
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(err).toContain(problem)
  })
})
