import { createPublicKey } from 'node:crypto'
import { Unreadable } from '../../faults.ts'
import { kept } from '../../kept.ts'
import { type AwsCall, AwsError } from '../signed-aws.ts'

/** How long a key is not asked for again: its material never changes, whether one may use it does. Milliseconds. */
const FRESH = 60 * 60_000
/** Keys that are kept. */
const MOST = 100

function pemOf(base64: unknown): string {
  try {
    const key = createPublicKey({ key: Buffer.from(String(base64), 'base64'), format: 'der', type: 'spki' })
    return key.export({ format: 'pem', type: 'spki' }).toString()
  } catch {
    throw new Unreadable('KMS answered GetPublicKey with no public key', true, undefined)
  }
}

async function fetchKey(aws: AwsCall, arn: string): Promise<string> {
  try {
    const { KeyUsage, PublicKey } = await aws('kms', 'GetPublicKey', { KeyId: arn })
    if (KeyUsage !== 'SIGN_VERIFY') throw new Unreadable('it is a key of KMS that does not sign', true, undefined)
    return pemOf(PublicKey)
  } catch (error) {
    if (!(error instanceof AwsError)) throw error
    throw new Unreadable(`KMS answered ${error.code} to GetPublicKey`, !error.transient, error)
  }
}

/**
 * Public halves of keys of KMS, as PEM (SPKI), each asked for in the region that its ARN names, once in an hour.
 * @throws {Unreadable} where one is not to be had, or is not for signing
 * @see https://docs.aws.amazon.com/kms/latest/APIReference/API_GetPublicKey.html
 */
export const kmsKeys = (aws: AwsCall, now?: () => number): ((arn: string) => Promise<string>) =>
  kept({ keyOf: (arn) => arn, most: MOST, fresh: FRESH, ...(now && { now }) }, (arn) => fetchKey(aws, arn))
