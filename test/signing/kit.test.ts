import { createPublicKey, verify, X509Certificate } from 'node:crypto'
import { bundleFromJSON } from '@sigstore/bundle'
import { TrustedRoot } from '@sigstore/protobuf-specs'
import { toSignedEntity, toTrustMaterial, Verifier } from '@sigstore/verify'
import { describe, expect, it } from 'vitest'
import { BUNDLE, messageBundle, signatureBundle } from '../../local/signing/bundle.ts'
import { CERTIFICATE, REKOR, SIGNATURE, signedClaim, signedStatement, TIMESTAMP } from '../../local/signing/cosign.ts'
import { type Algorithm, digestOf, newKey } from '../../local/signing/keys.ts'
import { attTag, bundleReferrer, sbomTag, sigReferrer, sigTag } from '../../local/signing/manifests.ts'
import { byKey, keyless } from '../../local/signing/signer.ts'
import { newSigstore } from '../../local/signing/sigstore.ts'

const MANIFEST = Buffer.from('{"schemaVersion":2}')
const DIGEST = digestOf(MANIFEST)
const SUBJECT = {
  identity: 'https://github.com/acme/web/.github/workflows/release.yml@refs/heads/main',
  issuer: 'https://token.actions.githubusercontent.com',
}
const TARGET = { digest: DIGEST, mediaType: 'application/vnd.oci.image.manifest.v1+json', size: MANIFEST.length }

const sigstore = await newSigstore()

const judge = (bundle: object, root: object) =>
  new Verifier(toTrustMaterial(TrustedRoot.fromJSON(root))).verify(toSignedEntity(bundleFromJSON(bundle), MANIFEST))

describe('the signing kit', () => {
  it.each<Algorithm>(['P-256', 'P-384', 'P-521', 'RSA-2048', 'Ed25519'])('signs with a key of %s', (algorithm) => {
    const key = newKey(algorithm)
    const hash = algorithm === 'Ed25519' ? null : 'sha256'
    expect(verify(hash, MANIFEST, createPublicKey(key.pem), key.sign(MANIFEST))).toBe(true)
  })

  it('makes what the library of Sigstore takes by its root, and by no other', async () => {
    const signer = { ...(await keyless(sigstore, SUBJECT)), stamped: true }
    const other = await newSigstore()
    for (const bundle of [await messageBundle(MANIFEST, signer), await signatureBundle(DIGEST, signer)]) {
      expect(bundle).toMatchObject({ mediaType: BUNDLE })
      expect(judge(bundle, sigstore.trustedRoot).identity).toMatchObject({
        subjectAlternativeName: SUBJECT.identity,
        extensions: { issuer: SUBJECT.issuer },
      })
      expect(() => judge(bundle, other.trustedRoot)).toThrow()
    }
  })

  it('keeps a signature as cosign does: signature, certificate, log entry and timestamp beside the payload', async () => {
    const signer = { ...(await keyless(sigstore, SUBJECT)), stamped: true }
    const { bytes, annotations } = await signedClaim({ digest: DIGEST, reference: 'registry.example/web' }, signer)
    const signature = Buffer.from(annotations[SIGNATURE] ?? '', 'base64')
    expect(verify('sha256', bytes, new X509Certificate(annotations[CERTIFICATE] ?? '').publicKey, signature)).toBe(true)
    expect(JSON.parse(annotations[REKOR] ?? '')).toMatchObject({
      Payload: { logID: expect.stringMatching(/^[0-9a-f]{64}$/) },
    })
    expect(JSON.parse(annotations[TIMESTAMP] ?? '')).toEqual({ SignedRFC3161Timestamp: expect.any(String) })
    expect(JSON.parse(bytes.toString())).toEqual({
      critical: {
        identity: { 'docker-reference': 'registry.example/web' },
        image: { 'docker-manifest-digest': DIGEST },
        type: 'cosign container image signature',
      },
      optional: null,
    })
  })

  it('makes the manifests around them, that name every blob', async () => {
    const signer = byKey()
    const [claim, said] = [
      await signedClaim({ digest: DIGEST }, signer),
      await signedStatement(
        { digest: DIGEST, name: 'web', predicateType: 'https://slsa.dev/provenance/v1', predicate: {} },
        signer,
      ),
    ]
    const attached = [
      sigTag(DIGEST, [claim]),
      attTag(DIGEST, [said]),
      sbomTag(DIGEST, 'text/spdx+json', Buffer.from('{}')),
      sigReferrer(TARGET, [claim]),
      bundleReferrer(TARGET, await signatureBundle(DIGEST, signer), 'https://sigstore.dev/cosign/sign/v1'),
      bundleReferrer(TARGET, await messageBundle(MANIFEST, signer)),
    ]
    const hex = DIGEST.replace(':', '-')
    expect(attached.map(({ tag }) => tag)).toEqual([
      `${hex}.sig`,
      `${hex}.att`,
      `${hex}.sbom`,
      undefined,
      undefined,
      undefined,
    ])
    for (const { body, digest, blobs } of attached) {
      expect(digestOf(Buffer.from(body))).toBe(digest)
      const { config, layers } = JSON.parse(body)
      expect(blobs.map((blob) => blob.digest)).toEqual([config, ...layers].map((part) => part.digest))
    }
    const { artifactType, subject, annotations } = JSON.parse(attached[4]?.body ?? '')
    expect({ artifactType, subject, annotations }).toEqual({
      artifactType: BUNDLE,
      subject: TARGET,
      annotations: {
        'dev.sigstore.bundle.content': 'dsse-envelope',
        'dev.sigstore.bundle.predicateType': 'https://sigstore.dev/cosign/sign/v1',
      },
    })
  })
})
