import type { Bundle } from '@sigstore/bundle'
import { type SignedEntity, type TrustMaterial, toSignedEntity, VerificationError, Verifier } from '@sigstore/verify'
import type { Check } from '../../../domain/supply-chain/attached.ts'
import { refuseLoose } from './certificate.ts'
import type { Content } from './content.ts'
import { whoOf } from './identity.ts'
import { refuseWeak } from './public-key.ts'
import { Refused } from './refused.ts'
import type { KeySigner, Signers } from './signers.ts'

/** Who signed, how that is known, and since when. */
export type Holds = Extract<Check, { state: 'verified' }>

/** Without a promise nobody signed the time of an entry: a proof is of its place alone. */
const hasSignedTime = (timestamp: SignedEntity['timestamps'][number]): boolean =>
  timestamp.$case === 'timestamp-authority' || timestamp.tlogEntry.inclusionPromise !== undefined

function entityOf(bundle: Bundle, content: Content): SignedEntity {
  const entity = toSignedEntity(bundle)
  return { ...entity, signature: content, timestamps: entity.timestamps.filter(hasSignedTime) }
}

const instantOf = (timestamp: SignedEntity['timestamps'][number]): number =>
  timestamp.$case === 'timestamp-authority'
    ? timestamp.timestamp.signingTime.getTime()
    : Number(timestamp.tlogEntry.integratedTime) * 1000

/** The earliest instant that somebody vouches for. */
function atOf({ timestamps }: SignedEntity): string | undefined {
  const instants = timestamps.map(instantOf)
  return instants.length === 0 ? undefined : new Date(Math.min(...instants)).toISOString()
}

function howOf({ tlogEntries, timestamps }: SignedEntity, by: string): string {
  const stamped = timestamps.some(({ $case }) => $case === 'timestamp-authority')
  const beside = [
    ...(tlogEntries.length > 0 ? ['an entry in the transparency log'] : []),
    ...(stamped ? ['a timestamp'] : []),
  ]
  return beside.length === 0 ? by : `${by}, with ${beside.join(' and ')}`
}

/** A key vouches by itself; what stands beside its signature must be true all the same. */
const ALONE = { tlogThreshold: 0, ctlogThreshold: 0, timestampThreshold: 0 }

function holdsFor({ key: read }: KeySigner, entity: SignedEntity, trust: TrustMaterial): void {
  const key = read()
  const publicKey: TrustMaterial['publicKey'] = () => ({ publicKey: key, validFor: () => true })
  try {
    new Verifier({ ...trust, publicKey }, ALONE).verify(entity)
  } catch (error) {
    if (error instanceof VerificationError && error.code === 'SIGNATURE_ERROR')
      throw new Refused('The signature is by another key, or what it signs was changed.')
    throw error
  }
}

function byKeys(entity: SignedEntity, { keys }: Signers, trust: TrustMaterial): Holds {
  if (keys.length === 0) throw new Refused('It is signed by a key, not by a certificate.')
  const faults: unknown[] = []
  const holds = keys.filter((signer) => {
    try {
      holdsFor(signer, entity, trust)
      return true
    } catch (error) {
      faults.push(error)
      return false
    }
  })
  if (!holds[0]) throw faults[0]
  return {
    state: 'verified',
    signers: holds.map(({ name }) => name),
    who: `key ${holds[0].id()}`,
    how: howOf(entity, 'by its key'),
    at: atOf(entity),
  }
}

function byIdentities(entity: SignedEntity, { identities }: Signers, trust: TrustMaterial): Holds {
  if (identities.length === 0) throw new Refused('It is signed by a certificate, not by a key.')
  const { key, identity } = certified(entity, trust)
  refuseWeak(key)
  const { who, signers } = whoOf(identity, identities)
  return { state: 'verified', signers, who, how: howOf(entity, 'by its certificate'), at: atOf(entity) }
}

function certified(entity: SignedEntity, trust: TrustMaterial): ReturnType<Verifier['verify']> {
  try {
    return new Verifier(trust).verify(entity)
  } catch (error) {
    if (error instanceof VerificationError && error.code === 'SIGNATURE_ERROR')
      throw new Refused('The signature is not by its certificate, or what it signs was changed.')
    throw error
  }
}

/**
 * Whose signature it is, of those who may have signed.
 * @throws where it is nobody's: see `reasonOf`
 */
export function judge(bundle: Bundle, content: Content, signers: Signers, trust: TrustMaterial): Holds {
  refuseLoose(bundle)
  const entity = entityOf(bundle, content)
  return entity.key.$case === 'certificate' ? byIdentities(entity, signers, trust) : byKeys(entity, signers, trust)
}
