import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { Ajv } from 'ajv'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { NEEDS } from '../../../cli/doctor/needs.ts'
import type { ImageRef } from '../../../functions/domain/image.ts'
import { type LocalAws, startLocalAws } from '../../../local/aws/server.ts'
import { signatureBundle, statementBundle } from '../../../local/signing/bundle.ts'
import { signedClaim } from '../../../local/signing/cosign.ts'
import { newKey } from '../../../local/signing/keys.ts'
import { bundleReferrer, sigTag } from '../../../local/signing/manifests.ts'
import { byKey, keyless } from '../../../local/signing/signer.ts'
import { newSigstore } from '../../../local/signing/sigstore.ts'
import { envOf } from '../../adapters/env.ts'
import { REPOSITORY, registryIn } from '../../adapters/evidence/registry.ts'
import { indexManifest, member, stored } from '../../policy/image/manifests.ts'
import { steward } from '../cli.ts'

const WORKFLOW = 'https://github.com/acme/web/.github/workflows/release.yml@refs/heads/main'
const ISSUER = 'https://token.actions.githubusercontent.com'
const [release, audit, stranger] = [byKey(newKey()), byKey(newKey()), byKey(newKey())]
const folder = mkdtempSync(join(tmpdir(), 'steward-verify-'))
const sigstore = await newSigstore()

let aws: LocalAws
let registry: ReturnType<typeof registryIn>

const CONFIG = `alerts: [{ repositories: ["**"], to: [sns] }]
trusted-root: root.json
signers:
  release: { key: release.pub }
  audit: { key: audit.pub }
  ci: { identity: "${WORKFLOW}", issuer: "${ISSUER}" }
`

beforeAll(async () => {
  const files = {
    ...{ 'steward.yaml': CONFIG, 'release.pub': release.key.pem, 'audit.pub': audit.key.pem },
    ...{ 'root.json': JSON.stringify(sigstore.trustedRoot), 'none.yaml': CONFIG.replace(/trusted-root[\s\S]*/, '') },
  }
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
  aws = await startLocalAws()
  aws.ecr.createRepository({ repositoryName: REPOSITORY })
  registry = registryIn(aws)
})
afterEach(() => {
  aws.faults.clear()
  aws.authorize = undefined
})
afterAll(async () => {
  await aws.close()
  rmSync(folder, { recursive: true })
})

const verifyNamed = async (name: string, words: readonly string[] = [], columns?: number) => {
  const around = { cwd: folder, env: { ...envOf(aws) } as Record<string, string> }
  const { out, ...ended } = await steward(['verify', name, ...words], { ...around, ...(columns && { columns }) })
  return { ...ended, out: stripVTControlCharacters(out) }
}
const verify = ({ digest }: ImageRef, words?: readonly string[], columns?: number) =>
  verifyNamed(`${REPOSITORY}@${digest}`, words, columns)

const schema = JSON.parse(readFileSync(join(import.meta.dirname, '../../../docs/verify.schema.json'), 'utf8'))
const isValid = new Ajv({ allErrors: true, formats: { 'date-time': true } }).compile(schema)

/** Digests differ with the keys of each run. */
const steady = (text: string): string => {
  const seen = new Map<string, string>()
  return text
    .replaceAll(/sha256:[0-9a-f]{12,64}/g, (digest) => {
      const short = digest.slice(0, 19)
      const name = seen.get(short) ?? `sha256:${String.fromCharCode(97 + seen.size).repeat(4)}`
      seen.set(short, name)
      return name
    })
    .replaceAll(/SHA256:[0-9a-f]+/g, 'SHA256:k')
    .replaceAll(/signed \d{4}-\d\d-\d\d \d\d:\d\d UTC/g, 'signed 2026-11-25 12:00 UTC')
}

/** Signed by the workflow in a bundle and by the key under a tag, beside one of a stranger and one of another image. */
async function signedImage(): Promise<ImageRef> {
  const image = registry.image()
  const { digest } = image
  const subject = registry.targetOf(image)
  const workflow = await keyless(sigstore, { identity: WORKFLOW, issuer: ISSUER })
  const claim = { digest, reference: 'registry.example/prod/api', annotations: { env: 'prod' } }
  const other = registry.image().digest
  const layers = [
    signedClaim(claim, release),
    signedClaim({ digest }, stranger),
    signedClaim({ digest: other }, release),
  ]
  registry.attach(sigTag(digest, await Promise.all(layers)))
  registry.attach(bundleReferrer(subject, await signatureBundle(digest, workflow)))
  const said = { digest, predicateType: 'https://slsa.dev/provenance/v1', predicate: { builder: 1 } }
  registry.attach(bundleReferrer(subject, await statementBundle(said, workflow), said.predicateType))
  return image
}

describe('an image that is signed', () => {
  test('is explained signature by signature, with what proves nothing last', async () => {
    const { code, out } = await verify(await signedImage(), [], 100)
    expect(code).toBe(0)
    expect(steady(out)).toMatchInlineSnapshot(`
      "VERIFIED  prod/api@sha256:aaaa is signed by ci, release
        123456789012.dkr.ecr.ap-northeast-1.amazonaws.com/prod/api@sha256:aaaa
        3 signers in steward.yaml. Not signed by audit.

      IMAGE  sha256:aaaa
        ✓ signature by ci
          https://github.com/acme/web/.github/workflows/release.yml@refs/heads/main
          verified by its certificate, with an entry in the transparency log, signed 2026-11-25 12:00 UTC
          Sigstore bundle sha256:bbbb
        ✓ signature by release
          key SHA256:k
          verified by its key
          the name registry.example/prod/api was signed with it
          says env=prod
          cosign's simple signing sha256:cccc under the tag sha256-….sig
        ✓ attestation slsa.dev/provenance/v1 by ci
          https://github.com/acme/web/.github/workflows/release.yml@refs/heads/main
          verified by its certificate, with an entry in the transparency log, signed 2026-11-25 12:00 UTC
          Sigstore bundle sha256:dddd
        ✗ signature: refused
          the signature is by another key, or what it signs was changed
          cosign's simple signing sha256:cccc under the tag sha256-….sig
        ✗ signature: refused
          it is a signature of another manifest
          cosign's simple signing sha256:cccc under the tag sha256-….sig
      "
    `)
  })

  test('is told as JSON, also of what a predicate says', async () => {
    const { code, out } = await verify(await signedImage(), ['--output', 'json'])
    const result = JSON.parse(out)
    expect(isValid(result) || isValid.errors).toBe(true)
    expect([code, result.outcome, result.signedBy]).toEqual([0, 'pass', ['ci', 'release']])
    expect(result.manifests[0].attestations).toMatchObject([{ predicate: { builder: 1 }, signers: ['ci'] }])
  })

  test.each([60, 80, 120])('fits into %i columns', async (columns) => {
    const { out } = await verify(await signedImage(), [], columns)
    const wide = out.split('\n').filter((line) => line.length > columns && !/sha256:[0-9a-f]{64}$/.test(line))
    expect(wide).toEqual([])
  })

  test('counts by options alone, without a steward.yaml', async () => {
    const image = await signedImage()
    const by = (...words: string[]) => verify(image, ['--config', 'none.yaml', ...words])
    const identity = ['--certificate-identity', WORKFLOW, '--certificate-oidc-issuer', ISSUER]
    expect(await by('--key', 'release.pub')).toMatchObject({
      code: 0,
      out: expect.stringContaining('signed by release.pub'),
    })
    expect(await by('--key', 'audit.pub')).toMatchObject({
      code: 1,
      out: expect.stringContaining('of nobody who counts'),
    })
    expect((await by(...identity, '--trusted-root', 'root.json')).code).toBe(0)
    expect((await by('--key', aws.kms.createKey({ publicKey: release.key.pem }))).code).toBe(0)
    // The pinned root knows nothing of a Sigstore of tests.
    expect((await by(...identity)).code).toBe(1)
  })

  test('is not known to be where a key cannot be read, and the statement that is missing is told', async () => {
    const arn = aws.kms.createKey({ publicKey: release.key.pem })
    aws.authorize = ({ action }) =>
      action === 'kms:GetPublicKey' ? { allowed: false, reason: 'no policy allows it' } : { allowed: true }
    const { code, out, err } = await verify(await signedImage(), ['--key', arn])
    expect(code).toBe(4)
    expect(out).toContain('UNKNOWN')
    expect(err).toContain(`{"Effect":"Allow","Action":["kms:GetPublicKey"],"Resource":"${arn}"}`)
  })
})

describe('an image that is not', () => {
  test('says so', async () => {
    const { code, out } = await verify(registry.image(), [], 100)
    expect(code).toBe(1)
    expect(steady(out)).toMatchInlineSnapshot(`
      "NOT SIGNED  prod/api@sha256:aaaa has no signature
        123456789012.dkr.ecr.ap-northeast-1.amazonaws.com/prod/api@sha256:aaaa
        3 signers in steward.yaml. Not signed by release, audit, ci.

      IMAGE  sha256:aaaa
        Nothing is attached to it.
      "
    `)
  })

  test('is not known where what is attached cannot be listed', async () => {
    const error = { code: 'ServerException', status: 500 }
    aws.faults.inject({ service: 'ecr', operation: 'ListImageReferrers', times: 3, error })
    const { code, err } = await verify(registry.image())
    expect([code, err]).toEqual([3, expect.stringContaining('ServerException to ListImageReferrers')])
  })

  test('has its junk counted', async () => {
    const image = registry.image()
    const { digest } = image
    const junk = Array.from({ length: 13 }, () => signedClaim({ digest }, stranger))
    registry.attach(sigTag(digest, await Promise.all(junk)))
    const { code, out } = await verify(image)
    expect(code).toBe(1)
    expect(out).toContain('has 13 signatures, of nobody who counts')
    expect(out.match(/✗/g)).toHaveLength(10)
    expect(out).toContain('3 more that prove nothing')
  })

  test.each([
    ['prod/api:none', 'prod/api: the image is not there\n  Which ones there are: ecr-steward images prod/api\n'],
    ['prod/apj:1', 'prod/api'],
    ['elsewhere/tool:1', 'the repository is not there\n  Which ones there are: ecr-steward repository list\n'],
  ])('there is not: %s', async (name, said) => {
    const { code, err } = await verifyNamed(name)
    expect([code, err]).toEqual([3, expect.stringContaining(said)])
  })
})

test('an index counts as signed where each of its platforms is', async () => {
  const [one, two] = [registry.image(), registry.image()]
  const text = ({ digest }: ImageRef) => stored(aws.ecr.repository(REPOSITORY)?.images.get(digest)?.manifest)
  const platform = { platform: { os: 'linux', architecture: 'arm64' } }
  const index = registry.put(indexManifest([member(text(one)), member(text(two), platform)]))
  const sign = async ({ digest }: ImageRef) => registry.attach(sigTag(digest, [await signedClaim({ digest }, release)]))
  await sign(one)
  expect((await verify(index)).code).toBe(1)
  await sign(two)
  const { code, out } = await verify(index)
  expect(code).toBe(0)
  expect(steady(out)).toMatchInlineSnapshot(`
    "VERIFIED  prod/api@sha256:aaaa is signed by release
      123456789012.dkr.ecr.ap-northeast-1.amazonaws.com/prod/api@sha256:aaaa
      3 signers in steward.yaml. Not signed by audit, ci.

    INDEX  sha256:aaaa
      Nothing is attached to it.

    linux/amd64  sha256:bbbb
      ✓ signature by release
        key SHA256:k
        verified by its key
        cosign's simple signing sha256:cccc under the tag sha256-….sig

    linux/arm64  sha256:dddd
      ✓ signature by release
        key SHA256:k
        verified by its key
        cosign's simple signing sha256:eeee under the tag sha256-….sig
    "
  `)
})

test('what signers and outsiders wrote is shown as text', async () => {
  const image = registry.image()
  const { digest } = image
  const annotations = { 'a\u001b[31m': '\n::error::x', b: '##vso[task.complete]\u202e' }
  registry.attach(sigTag(digest, [await signedClaim({ digest, reference: 'x\u001b]0;y\u0007', annotations }, release)]))
  const { out } = await verify(image)
  for (const live of ['\u001b', '\u0007', '\u202e', '##vso[']) expect(out).not.toContain(live)
  expect(out).not.toMatch(/^\s*::error/m)
  expect(out).toContain('a�[31m=')
})

test('what it needs is what it calls', async () => {
  const kms = aws.kms.createKey({ publicKey: release.key.pem })
  const profile = 'arn:aws:signer:ap-northeast-1:123456789012:/signing-profiles/release'
  const signers = `signers:\n  kms: { kms: "${kms}" }\n  ecr: { signing-profile: "${profile}" }\n`
  writeFileSync(join(folder, 'all.yaml'), CONFIG.replace(/trusted-root[\s\S]*/, signers))
  const [image, from] = [await signedImage(), aws.calls.length]
  expect((await verify(image, ['--config', 'all.yaml'])).code).toBe(0)
  const called = new Set(aws.calls.slice(from).map(({ service, operation }) => `${service}:${operation}`))
  for (const free of ['sts:GetCallerIdentity', 's3:GetObject']) called.delete(free)
  expect([...called].toSorted()).toEqual(
    NEEDS.verify?.([])
      .map(({ action }) => action)
      .toSorted(),
  )
})

describe('what cannot be asked', () => {
  test.each<[string, readonly string[], string]>([
    ['by nobody', ['--config', 'none.yaml'], 'Nobody is named whose signature would count'],
    ['by half an identity', ['--certificate-identity', 'a'], '--certificate-oidc-issuer is missing'],
    ['by a file that is no key', ['--key', 'steward.yaml'], 'holds no public key'],
    ['by a file that is not there', ['--key', 'gone.pub'], 'not found'],
    ['by a root that is none', ['--trusted-root', 'none.yaml'], 'expected a trusted root'],
  ])('%s', async (_, words, said) => {
    const { code, err } = await verify(registry.image(), words)
    expect([code, err]).toEqual([2, expect.stringContaining(said)])
  })
})
