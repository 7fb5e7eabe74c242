import { isRecord } from '../../../domain/record.ts'
import { Refused } from './refused.ts'
import { textsIn } from './statement.ts'
import { strictJson } from './strict-json.ts'

const TYPE = 'cosign container image signature'

/** What cosign says is signed, beside the digest. */
export type Claim = {
  readonly reference: string | undefined
  readonly annotations: Readonly<Record<string, string>>
}

const objectIn = (value: unknown, name: string): Readonly<Record<string, unknown>> => {
  const found = isRecord(value) ? value[name] : undefined
  if (!isRecord(found)) throw new Refused('What it signs is no claim as cosign makes it.')
  return found
}

/**
 * Reads the payload that cosign signs, whoever signed it.
 * @throws {Refused} where it is none, or not about the manifest that has the digest
 * @see https://github.com/sigstore/cosign/blob/main/specs/SIGNATURE_SPEC.md
 */
export function claimAbout(payload: Buffer, digest: string): Claim {
  const json = strictJson(payload)
  const critical = objectIn(json, 'critical')
  if (critical.type !== TYPE) throw new Refused('What it signs is no claim as cosign makes it.')
  if (objectIn(critical, 'image')['docker-manifest-digest'] !== digest)
    throw new Refused('It is a signature of another manifest.')
  const reference = textsIn(critical.identity)['docker-reference']
  return { reference: reference || undefined, annotations: textsIn(isRecord(json) ? json.optional : undefined) }
}
