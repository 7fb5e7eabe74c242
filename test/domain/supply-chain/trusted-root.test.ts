import { expect, it } from 'vitest'
import { trustedRootFault } from '../../../functions/domain/supply-chain/trusted-root.ts'
import { PINNED_ROOT } from '../../../functions/policy/evidence/sigstore/pinned-root.ts'

const INSTANT = 'expected an instant, such as 2021-03-07T03:20:29Z'

/** The pinned root with something else at a path; `undefined`: with nothing there. */
function changed(path: string, value: unknown): unknown {
  const root = structuredClone(PINNED_ROOT) as object
  const steps = path.split('.')
  const last = steps.pop() ?? ''
  const owner = steps.reduce((part: object, step) => Reflect.get(part, step) as object, root)
  if (value === undefined) Reflect.deleteProperty(owner, last)
  else Reflect.set(owner, last, value)
  return root
}

it.each<[path: string, value: unknown, fault: string]>([
  [
    'mediaType',
    'application/json',
    'mediaType: expected a text that begins with application/vnd.dev.sigstore.trustedroot',
  ],
  ['mediaType', 7, 'mediaType: expected a text that begins with application/vnd.dev.sigstore.trustedroot'],
  ['certificateAuthorities', undefined, 'certificateAuthorities: expected a list'],
  ['tlogs', {}, 'tlogs: expected a list'],
  ['ctlogs.0', 'x', 'ctlogs[0].publicKey.rawBytes: expected a public key, DER in base64'],
  ['certificateAuthorities.1.validFor', undefined, `certificateAuthorities[1].validFor.start: ${INSTANT}`],
  ['certificateAuthorities.1.validFor.start', 'long ago', `certificateAuthorities[1].validFor.start: ${INSTANT}`],
  ['timestampAuthorities.0.validFor.end', 'never', `timestampAuthorities[0].validFor.end: ${INSTANT}, or nothing`],
  ['tlogs.1.publicKey.validFor.start', null, `tlogs[1].publicKey.validFor.start: ${INSTANT}`],
  [
    'certificateAuthorities.0.certChain.certificates',
    [],
    'certificateAuthorities[0].certChain.certificates: expected a list of certificates',
  ],
  [
    'certificateAuthorities.0.certChain.certificates.0.rawBytes',
    'MAAB',
    'certificateAuthorities[0].certChain.certificates[0].rawBytes: expected a certificate, DER in base64',
  ],
  [
    'certificateAuthorities.0.certChain.certificates.0.rawBytes',
    Buffer.from('-----BEGIN CERTIFICATE-----').toString('base64'),
    'certificateAuthorities[0].certChain.certificates[0].rawBytes: expected a certificate, DER in base64',
  ],
  ['certificateAuthorities.0.subject.commonName', {}, 'certificateAuthorities[0].subject.commonName: expected a text'],
  [
    'tlogs.0.publicKey.keyDetails',
    'NEWER',
    'tlogs[0].publicKey.keyDetails: expected a kind of key that this version knows',
  ],
  ['tlogs.0.publicKey.rawBytes', undefined, 'tlogs[0].publicKey.rawBytes: expected a public key, DER in base64'],
  [
    'tlogs.0.publicKey.keyDetails',
    'PKIX_RSA_PKCS1V15_2048_SHA256',
    'tlogs[0].publicKey.rawBytes: expected a public key, DER in base64',
  ],
  ['tlogs.0.hashAlgorithm', 'MD5', 'tlogs[0].hashAlgorithm: expected SHA2_256, SHA2_384, SHA2_512, SHA3_256, SHA3_384'],
  ['tlogs.0.logId', undefined, 'tlogs[0].logId.keyId: expected the id of its key in base64'],
  ['tlogs.0.logId.keyId', 7, 'tlogs[0].logId.keyId: expected the id of its key in base64'],
  ['tlogs.0.baseUrl', 7, 'tlogs[0].baseUrl: expected a text'],
])('a trusted root with %s as %j names the field and what belongs there', (path, value, fault) => {
  expect(trustedRootFault(changed(path, value))).toBe(fault)
})

it.each<[path: string, value: unknown]>([
  ['mediaType', 'application/vnd.dev.sigstore.trustedroot.v0.2+json'],
  ['timestampAuthorities', undefined],
  ['tlogs.0.publicKey.keyDetails', undefined],
  ['tlogs.0.checkpointKeyId', { keyId: 'AAAA' }],
  ['tlogs.0.hashAlgorithm', undefined],
])('a trusted root with %s as %j is one', (path, value) => {
  expect(trustedRootFault(changed(path, value))).toBeUndefined()
})

it('what is no mapping is none', () => {
  expect([null, [], 'x', 7].map(trustedRootFault)).not.toContain(undefined)
})
