import type { ImageDetail } from '../domain/facts/image-facts.ts'
import type { RegistryRef } from '../domain/facts/registry-facts.ts'
import type { RepositoryRef, RepositorySettings } from '../domain/facts/repository-facts.ts'
import type { ImageRef } from '../domain/image.ts'
import { shortName } from '../domain/registry.ts'
import type { AnyFacts } from '../domain/rule/rule.ts'
import type { Verdict } from '../domain/verdict.ts'

/** What is judged, with what a listing has told of it already. */
export type Subject =
  | { readonly kind: 'registry'; readonly ref: RegistryRef }
  | { readonly kind: 'repository'; readonly ref: RepositoryRef; readonly settings?: RepositorySettings }
  | { readonly kind: 'image'; readonly ref: ImageRef; readonly detail?: ImageDetail }

/** A subject with what was read of it, and what every rule in force says. */
export type Judged = { readonly subject: Subject; readonly facts: AnyFacts; readonly verdicts: readonly Verdict[] }

/** As a person names it. Text from outside. */
export function subjectName({ kind, ref }: Subject): string {
  if (kind === 'registry') return `registry ${ref.account} in ${ref.region}`
  return kind === 'repository' ? ref.repository : shortName(ref)
}

export type NameOf = (subject: Subject) => string

/** The same, where subjects are in several registries. */
export const nameWithRegistry: NameOf = (subject) =>
  subject.kind === 'registry'
    ? subjectName(subject)
    : `${subjectName(subject)} (${subject.ref.account}, ${subject.ref.region})`

/** Whether a listing named it, so that it may have gone since. */
export const isListed = (subject: Subject): boolean => 'settings' in subject || 'detail' in subject
