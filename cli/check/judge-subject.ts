import type { Exception } from '../../functions/domain/exception.ts'
import type { ActiveRule } from '../../functions/domain/policy.ts'
import type { Context } from '../../functions/domain/rule/rule.ts'
import { judge } from '../../functions/policy/judge.ts'
import type { Reader, RepositoryReader } from '../../functions/policy/reader.ts'
import type { Policy } from './policy.ts'
import type { Readers } from './readers.ts'
import type { Judged, Subject } from './subject.ts'

export type Judging = {
  readonly readers: Readers
  readonly policy: Policy
  readonly exceptions: readonly Exception[]
  readonly now: Date
}

/** The readers of a subject's values; what a listing has told already is not asked for again. */
function read(subject: Subject, rules: readonly ActiveRule[], { readers, exceptions, now }: Judging) {
  // Without patience: what cannot be read now is unknown.
  const by = <V, R extends Context['ref']>(ref: R, reader: Reader<V, R>) =>
    judge(ref, { reader, rules, exceptions, now, isPatient: false })
  if (subject.kind === 'registry') return by(subject.ref, readers.registry)
  if (subject.kind === 'image') {
    const { detail } = subject
    return by(subject.ref, detail ? { ...readers.images, detail: async () => detail } : readers.images)
  }
  const { settings } = subject
  const repositories: RepositoryReader = readers.repositories
  return by(subject.ref, settings ? { ...repositories, settings: async () => settings } : repositories)
}

/** Reads a subject and judges it. @throws {Gone} */
export async function judgeSubject(subject: Subject, judging: Judging): Promise<Judged> {
  const rules = judging.policy.rulesOn(subject)
  return { subject, verdicts: rules.length === 0 ? [] : (await read(subject, rules, judging)).verdicts }
}
