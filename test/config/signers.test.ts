import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { faultText } from '../../config/fault.ts'
import { loadConfig } from '../../config/load.ts'
import { parseConfig } from '../../config/parse.ts'
import pinned from '../../functions/policy/evidence/sigstore/trusted-root.json' with { type: 'json' }
import { around, faults, NOW } from './read.ts'

const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const pemOf = (key: KeyObject): string => String(key.export({ type: 'spki', format: 'pem' }))
const PEM = pemOf(publicKey)
const ROOT = {
  mediaType: 'application/vnd.dev.sigstore.trustedroot+json;version=0.1',
  tlogs: [],
  certificateAuthorities: pinned.certificateAuthorities,
}
const [AUTHORITY] = pinned.certificateAuthorities
const REFRESH = 'ecr-steward trusted-root --refresh FILE writes the current one of Sigstore'
const KMS = 'arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab'
const PROFILE = 'arn:aws:signer:eu-central-1:111122223333:/signing-profiles/ci'
const ISSUER = 'https://token.actions.githubusercontent.com'
const WORKFLOW = 'https://github.com/acme/web/.github/workflows/release.yml@refs/heads/main'

const files: Readonly<Record<string, string>> = { 'ci.pub': PEM, 'root.json': JSON.stringify(ROOT) }

const read = (section: string, more = files) =>
  parseConfig(around(section), 'steward.yaml', NOW, (name) => ({ text: more[name] ?? '' }))

const faultsOf = (section: string, more = files): readonly string[] =>
  faults(around(section), (name) => ({ text: more[name] ?? '' }))

it('are none where the file says nothing of them', () => {
  expect(read('')).toMatchObject({ config: { signers: [] } })
  expect(read('')).not.toHaveProperty('config.trustedRoot')
})

it('are read in each of the ways in which one is known, with what the files hold', () => {
  const result = read(`signers:
  ci: { key: ci.pub }
  release: { kms: "${KMS}" }
  web: { identity: "${WORKFLOW}", issuer: ${ISSUER} }
  people: { identity-pattern: '*@acme.example', issuer: https://accounts.google.com }
  ecr: { signing-profile: "${PROFILE}" }
trusted-root: root.json`)
  if ('faults' in result) throw new Error(result.faults.map(faultText).join())

  expect(result.config.signers).toEqual([
    { name: 'ci', by: 'key', pem: PEM },
    { name: 'release', by: 'kms', key: KMS },
    { name: 'web', by: 'identity', identity: { exact: WORKFLOW }, issuer: ISSUER },
    {
      name: 'people',
      by: 'identity',
      identity: { pattern: '*@acme.example' },
      issuer: 'https://accounts.google.com',
    },
    { name: 'ecr', by: 'signing-profile', profile: PROFILE },
  ])
  expect(result.config.trustedRoot).toEqual(ROOT)
  expect(result.warnings.map(faultText)[0]).toBe(
    'steward.yaml:3:3  signers.ci: no rule asks for it. Add ci to a list "signed-by", or remove it',
  )
})

it.each([
  [
    '{ key: ci.pub, kms: "KMS" }',
    '2:16  signers.ci: found key beside kms, expected one of the two: make it two signers',
  ],
  [
    '{ identity: a@b.example }',
    '2:16  signers.ci: found identity without issuer, expected issuer: https://token.actions.githubusercontent.com beside it: another issuer could vouch for the same name',
  ],
  [
    '{ issuer: https://a.example }',
    '2:16  signers.ci: found issuer alone, expected identity or identity-pattern beside it: an issuer vouches for everybody that it knows',
  ],
  [
    '{ key: ci.pub, issuer: https://a.example }',
    '2:16  signers.ci: found issuer beside key, expected it beside identity alone: leave it out',
  ],
  [
    '{}',
    '2:16  signers.ci: found none of key, kms, identity, identity-pattern, signing-profile, expected one, such as key: keys/ci.pub',
  ],
  [
    'ci.pub',
    '2:16  signers.ci: found "ci.pub", expected a mapping with key, kms, identity, identity-pattern, issuer, signing-profile',
  ],
  [
    '{ keys: ci.pub }',
    '2:18  signers.ci.keys: unknown key, expected one of key, kms, identity, identity-pattern, issuer, signing-profile. Did you mean key?',
  ],
  [
    '{ identity-pattern: "a b", issuer: https://a.example }',
    '2:36  signers.ci.identity-pattern: found "a b", expected a pattern for the name in the certificate, in quotes: * stays within one path segment, ** crosses',
  ],
  [
    '{ identity: a, issuer: "http://a.example" }',
    '2:39  signers.ci.issuer: found "http://a.example/…", expected the URL of an OIDC issuer, such as https://token.actions.githubusercontent.com',
  ],
  [
    '{ kms: "KMS:1" }',
    '2:23  signers.ci.kms: found "arn:aws:kms:eu-central-1:111122223333:key/1234abcd…", expected the ARN of a KMS key, such as arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab',
  ],
  [
    '{ kms: 7 }',
    '2:23  signers.ci.kms: found 7, expected the ARN of a KMS key, such as arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab',
  ],
  [
    '{ kms: "arn:aws:kms:eu-central-1:111122223333:alias/cosign" }',
    '2:23  signers.ci.kms: found "arn:aws:kms:eu-central-1:111122223333:alias/cosign", expected the ARN of the key behind it: the right to read a key names the key. Ask for it with: aws kms describe-key --key-id alias/cosign --query KeyMetadata.Arn',
  ],
  [
    '{ signing-profile: "PROFILE/a1b2c3" }',
    '2:35  signers.ci.signing-profile: found "arn:aws:signer:eu-central-1:111122223333:/signing-…", expected the ARN of a signing profile without its version, such as arn:aws:signer:eu-central-1:111122223333:/signing-profiles/ci',
  ],
])('refuses %s', (signer, fault) => {
  expect(faultsOf(`signers: { ci: ${signer.replace('KMS', KMS).replace('PROFILE', PROFILE)} }`)).toEqual([
    `steward.yaml:${fault}`,
  ])
})

const at = 'steward.yaml:2:23  signers.ci.key: "a": '
const private8 = String(privateKey.export({ type: 'pkcs8', format: 'pem' }))
const ofKind = (key: KeyObject): string => String(key.export({ type: 'spki', format: 'pem' }))

it.each([
  ['a private key', private8, /^holds a PRIVATE key: whoever reads it can sign as you/],
  ['the private key of cosign', '-----BEGIN ENCRYPTED SIGSTORE PRIVATE KEY-----\nAAAA\n', /^holds a PRIVATE key/],
  ['both halves', PEM + private8, /^holds a PRIVATE key/],
  ['a certificate', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----', /^holds a certificate/],
  ['two keys', PEM + PEM, /^holds 2 keys, expected one/],
  ['something else', 'ssh-ed25519 AAAA', /^holds no public key in PEM/],
  ['a key that is cut', PEM.slice(0, 80), /^holds no public key in PEM/],
  [
    'a weak key',
    ofKind(generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey),
    /^is a key rsa of 1024 bits, expected ECDSA/,
  ],
  [
    'a curve that is not used',
    ofKind(generateKeyPairSync('ec', { namedCurve: 'secp256k1' }).publicKey),
    /^is a key ec secp256k1, expected ECDSA/,
  ],
  ['a key that signs nothing', ofKind(generateKeyPairSync('x25519').publicKey), /^is a key x25519, expected/],
])('refuses a file that holds %s, and repeats nothing of it', (_, text, fault) => {
  const [found = ''] = faultsOf('signers: { ci: { key: a } }', { a: text })

  expect(found.slice(at.length)).toMatch(fault)
  expect(found).not.toContain('AAAA')
  expect(found).not.toContain(private8.split('\n')[1])
})

it.each([
  generateKeyPairSync('rsa', { modulusLength: 2048 }),
  generateKeyPairSync('ed25519'),
  generateKeyPairSync('ec', { namedCurve: 'P-521' }),
])('takes other keys that can be verified: %#', (pair) => {
  const pem = ofKind(pair.publicKey)
  expect(read('signers: { ci: { key: a } }', { a: `\uFEFF# of the build\n${pem}`.slice(1) })).toMatchObject({
    config: { signers: [{ pem }] },
  })
})

it('never shows a private key that stands where a path belongs', () => {
  const [found = ''] = faultsOf(`signers:\n  ci:\n    key: |\n${private8.replace(/^/gm, '      ')}`)

  expect(found).toBe(
    'steward.yaml:4:10  signers.ci.key: found a private key (not shown), expected the path of a PEM file with a public key, such as keys/ci.pub',
  )
})

it.each([
  ['{', `is not valid JSON, expected a trusted root of Sigstore: ${REFRESH}`],
  [
    '[]',
    `is no trusted root of Sigstore, mediaType: expected a text that begins with application/vnd.dev.sigstore.trustedroot. ${REFRESH}`,
  ],
  [
    JSON.stringify({ ...ROOT, certificateAuthorities: [{ ...AUTHORITY, validFor: {} }] }),
    `is no trusted root of Sigstore, certificateAuthorities[0].validFor.start: expected an instant, such as 2021-03-07T03:20:29Z. ${REFRESH}`,
  ],
])('refuses the trusted root %s', (text, problem) => {
  expect(faultsOf('trusted-root: a', { a: text })).toEqual([`steward.yaml:2:15  trusted-root: "a": ${problem}`])
})

it('warns of a trusted root that nobody needs, and of a signer that is everybody', () => {
  const result = read(`signers: { all: { identity-pattern: "**", issuer: ${ISSUER} } }`)
  expect('warnings' in result && result.warnings.map(({ message }) => message)).toContain(
    'takes everybody that its issuer knows. Name the owner of the workflow, or the domain of the address',
  )
  expect(read('trusted-root: root.json')).toMatchObject({
    warnings: [{ path: 'trusted-root', message: expect.stringContaining('no signer is keyless') }],
  })
})

const CI = `signers: { ci: { key: ci.pub }, ecr: { signing-profile: "${PROFILE}" } }`
const asking = (rules: string): string => `${CI}\npolicy: [{ repositories: ["**"], rules: { ${rules} } }]`

it('names who must have signed, and who else must not', () => {
  const result = read(asking('signature: { mode: report, signed-by: [ecr, ci], needed: 2 }'))
  expect(result).toMatchObject({ warnings: [] })
})

it.each([
  [
    'signature: { mode: report, signed-by: [ci, cii] }',
    '3:86  policy[0].rules.signature.signed-by[1]: found signer "cii", expected one of ci, ecr. Did you mean ci?',
  ],
  [
    'signature: { mode: report, signed-by: [ci, ci], needed: 2 }',
    '3:99  policy[0].rules.signature.needed: found 2, and signed-by names 1, expected no more than that: no image could ever pass',
  ],
  [
    'provenance: { mode: report, signed-by: [ecr] }',
    '3:82  policy[0].rules.provenance.signed-by: found none but signers with a signing-profile, expected one with key, kms or identity too: ECR signs images with a profile, and attests nothing',
  ],
  [
    'signature: { mode: report, signed-by: [] }',
    '3:54  policy[0].rules.signature: expected also signed-by: [ci, release]',
  ],
  [
    'signature: report',
    '3:54  policy[0].rules.signature: found "report", expected a mapping such as { mode: report, signed-by: [ci, release] }',
  ],
])('refuses %s', (rules, fault) => {
  expect(faultsOf(asking(rules))).toEqual([`steward.yaml:${fault}`])
})

it('says that there is no signer at all', () => {
  expect(
    faultsOf('policy: [{ repositories: ["**"], rules: { signature: { mode: report, signed-by: [ci] } } }]'),
  ).toEqual([
    'steward.yaml:2:82  policy[0].rules.signature.signed-by[0]: found signer "ci", expected a signer under the key signers, which has none yet',
  ])
})

it('finds keys beside the file, and says where it looked', () => {
  const folder = mkdtempSync(join(tmpdir(), 'steward-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const path = join(folder, 'steward.yaml')
  writeFileSync(path, around('signers: { ci: { key: ci.pub } }'))
  const load = () => loadConfig(path, () => {})

  expect(load).toThrow(
    `2:23  signers.ci.key: "ci.pub": not found in ${folder}. A path is seen from the folder of this file`,
  )
  writeFileSync(join(folder, 'ci.pub'), PEM)
  expect(load().signers).toEqual([{ name: 'ci', by: 'key', pem: PEM }])
})
