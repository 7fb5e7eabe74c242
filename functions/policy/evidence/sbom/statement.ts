import { isRecord } from '../../../domain/record.ts'
import { Unreadable } from '../../../faults.ts'
import { type Json, objectIn, parseObject, textIn, unreadable } from '../../image/json.ts'
import { isSbom } from '../predicates.ts'

const WHAT = 'its envelope'

/** What an envelope holds. */
export type Statement = {
  readonly bytes: Buffer
  /** Without an envelope around it: nobody signed it. */
  readonly isBare: boolean
  /** Whether its kind is that of an SBOM, as it says itself. */
  readonly isSbom: boolean
}

/** The kind of a statement stands before what it holds, which may be large. */
const KIND = /"predicateType"\s*:\s*"([^"\\]{1,200})"/
const HEAD = 65_536

function saysSbom(statement: Buffer): boolean {
  const text = statement.subarray(0, HEAD).toString('latin1')
  return isSbom(KIND.exec(text)?.[1])
}

const envelopeIn = (json: Json): Json => (isRecord(json.dsseEnvelope) ? objectIn(json, 'dsseEnvelope', WHAT) : json)

function parsed(bytes: Buffer): Statement {
  const json = parseObject(bytes, WHAT)
  const payload = textIn(envelopeIn(json), 'payload', WHAT)
  if (payload === undefined && 'predicate' in json) return { bytes, isBare: true, isSbom: false }
  if (payload === undefined) throw unreadable(`${WHAT} holds no statement`)
  const statement = Buffer.from(payload, 'base64')
  return { bytes: statement, isBare: false, isSbom: saysSbom(statement) }
}

/**
 * The statement in a DSSE envelope, in a Sigstore bundle, or as BuildKit writes it, without either; why there is none.
 * @see https://github.com/secure-systems-lab/dsse/blob/master/envelope.md
 */
export function statementIn(bytes: Buffer): Statement | { readonly refused: string } {
  if (saysSbom(bytes)) return { bytes, isBare: true, isSbom: true }
  try {
    return parsed(bytes)
  } catch (error) {
    if (error instanceof Unreadable) return { refused: error.message }
    throw error
  }
}
