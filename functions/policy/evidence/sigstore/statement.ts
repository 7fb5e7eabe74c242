import { isRecord } from '../../../domain/record.ts'
import { type Artifact, hashOf } from './content.ts'
import { Refused } from './refused.ts'
import { strictJson } from './strict-json.ts'

const IN_TOTO = 'application/vnd.in-toto+json'
const STATEMENT = 'https://in-toto.io/Statement/'
/** What cosign 3 says where it signs an image: it has no more to say than what it is about. */
const SIGNATURE = 'https://sigstore.dev/cosign/sign/v1'

/** An SBOM may be in it. */
const LIMITS = { depth: 128, values: 1_000_000 }

export type Statement = {
  readonly predicateType: string
  readonly predicate: unknown
  /** What `cosign sign -a` adds to the subject. */
  readonly annotations: Readonly<Record<string, string>>
}

/** Texts of an object, by their names. */
export const textsIn = (value: unknown): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(isRecord(value) ? value : {}).filter(
      (entry): entry is [string, string] => typeof entry[1] === 'string',
    ),
  )

/** Whether a subject of a statement is the artifact, by one of its digests. */
const isAbout =
  (artifact: Artifact) =>
  (subject: unknown): subject is Readonly<Record<string, unknown>> =>
    isRecord(subject) &&
    Object.entries(textsIn(subject.digest)).some(([hash, digest]) => digest === hashOf(artifact, hash))

/**
 * Reads an in-toto statement, whoever signed it.
 * @throws {Refused} where it is none, or not about the artifact
 * @see https://github.com/in-toto/attestation/blob/main/spec/v1/statement.md
 */
export function statementAbout(payloadType: string, payload: Buffer, artifact: Artifact): Statement {
  if (payloadType !== IN_TOTO) throw new Refused('What it signs is no in-toto statement.')
  const json = strictJson(payload, LIMITS)
  if (!isRecord(json) || typeof json._type !== 'string' || !json._type.startsWith(STATEMENT))
    throw new Refused('What it signs is no in-toto statement.')
  const { subject: subjects, predicateType, predicate } = json
  const subject = Array.isArray(subjects) ? subjects.find(isAbout(artifact)) : undefined
  if (!subject) throw new Refused('It is a statement about something else.')
  if (typeof predicateType !== 'string') throw new Refused('Its statement does not say of which type it is.')
  return {
    predicateType,
    predicate,
    annotations: predicateType === SIGNATURE ? textsIn(subject.annotations) : {},
  }
}
