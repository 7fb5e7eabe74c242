import type { Verifiable, Verified } from '../../../../functions/policy/evidence/ports.ts'
import { digestOf, newKey, type SigningKey } from '../../../../local/signing/keys.ts'
import { newSigstore, type Sigstore } from '../../../../local/signing/sigstore.ts'

export const MANIFEST = Buffer.from('{"schemaVersion":2}')
export const DIGEST = digestOf(MANIFEST)
export const OTHER = digestOf(Buffer.from('another manifest'))

export const SUBJECT = {
  identity: 'https://github.com/acme/web/.github/workflows/release.yml@refs/heads/main',
  issuer: 'https://token.actions.githubusercontent.com',
}

/** Made once for all that is tested: making certificates takes time. */
export const SIGSTORE: Sigstore = await newSigstore()
export const KEY: SigningKey = newKey()

export const key = (pem: string = KEY.pem, name = 'release'): Verifiable => ({ name, by: 'key', pem })
export const identity = (
  exact: string = SUBJECT.identity,
  issuer: string = SUBJECT.issuer,
  name = 'ci',
): Verifiable => ({
  name,
  by: 'identity',
  identity: { exact },
  issuer,
})

export const bytes = (json: unknown): Buffer => Buffer.from(JSON.stringify(json))

/** Why it is refused; who signed where it is not. */
export const outcome = ({ check }: Verified): string =>
  check.state === 'verified' ? check.signers.join(', ') : check.why
