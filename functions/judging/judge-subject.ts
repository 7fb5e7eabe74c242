import type { Exception } from '../domain/exception.ts'
import type { ActiveRule } from '../domain/policy.ts'
import { judge } from '../policy/judge.ts'
import type { RepositoryReader } from '../policy/reader.ts'
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
function read(subject: Subject, rules: readonly ActiveRule[], { readers, policy, exceptions, now }: Judging) {
  // Without patience: what cannot be read now is unknown.
  const common = { rules, exceptions, now, isPatient: false }
  if (subject.kind === 'registry') return judge(subject.ref, { ...common, reader: readers.registry })
  if (subject.kind === 'image') {
    const { ref, detail } = subject
    const reader = detail ? { ...readers.images, detail: async () => detail } : readers.images
    return judge(ref, { ...common, reader, also: policy.readsScanOf?.(ref) ? ['scan'] : [] })
  }
  const { ref, settings } = subject
  const repositories: RepositoryReader = readers.repositories
  return judge(ref, {
    ...common,
    reader: settings ? { ...repositories, settings: async () => settings } : repositories,
  })
}

/** Reads a subject and judges it. @throws {Gone} */
export const judgeSubject = async (subject: Subject, judging: Judging): Promise<Judged> => ({
  subject,
  ...(await read(subject, judging.policy.rulesOn(subject), judging)),
})
