import type { ImageContent, ImageValues } from '../facts/image-facts.ts'
import type { RegistryRef, RegistryValues } from '../facts/registry-facts.ts'
import type { RepositoryRef, RepositoryValues } from '../facts/repository-facts.ts'
import type { ImageRef } from '../image.ts'
import type { Severity } from '../severity.ts'
import type { Fact } from './fact.ts'
import { type Judgement, notApplicable, unknown } from './judgement.ts'
import type { Parameters, Values } from './parameter.ts'
import type { Remedy, WriteOperation } from './remedy.ts'

/** What rules speak of: what names it, and what is read of it. */
type Subjects = {
  readonly repository: { readonly ref: RepositoryRef; readonly values: RepositoryValues }
  readonly registry: { readonly ref: RegistryRef; readonly values: RegistryValues }
  readonly image: { readonly ref: ImageRef; readonly values: ImageValues }
}

export type SubjectKind = keyof Subjects

export type Context<S extends SubjectKind = SubjectKind> = { readonly ref: Subjects[S]['ref']; readonly now: Date }

type Described = {
  /** Name in `steward.yaml`, and of its file. */
  readonly id: string
  readonly severity: Severity
  /** The rule in one sentence, as a demand. */
  readonly summary: string
  /** What goes wrong without it, in a sentence or two. */
  readonly why: string
  /** Page of AWS or of the OCI specification that it follows from. */
  readonly see: string
}

/** A rule as its file writes it: it judges what it says that it needs, and sees nothing else. */
type Written<S extends SubjectKind, N extends keyof Subjects[S]['values'], P extends Parameters> = Described & {
  readonly needs: readonly N[]
  readonly parameters: P
  judge(read: Pick<Subjects[S]['values'], N>, parameters: Values<P>, context: Context<S>): Judgement
  /** Every operation that a remedy may call: a function is given the right to these, and to no other. */
  readonly writes?: readonly WriteOperation[]
  /** What puts a fail right; undefined where nothing safe and reversible does. */
  remedy?(read: Pick<Subjects[S]['values'], N>, parameters: Values<P>, context: Context<S>): Remedy | undefined
}

export type AnyFacts = Readonly<Record<string, Fact<unknown>>>
export type AnyValues = Readonly<Record<string, unknown>>

/** A rule as everybody else sees it. */
export type Rule = Described & {
  readonly about: SubjectKind
  readonly needs: readonly string[]
  readonly parameters: Parameters
  /** Whether its mode may be `enforce`. */
  readonly enforceable: boolean
  /** Every operation that its remedy may call. */
  readonly writes: readonly WriteOperation[]
  /** `unknown` where something that it needs could not be read. */
  judge(facts: AnyFacts, parameters: AnyValues, context: Context): Judgement
  /** Undefined where it passes, where something could not be read, and where there is no safe remedy. */
  remedy(facts: AnyFacts, parameters: AnyValues, context: Context): Remedy | undefined
}

/** What was read of what is needed, or why not. */
function valuesOf(facts: AnyFacts, needs: readonly string[]): AnyValues | { readonly unread: string } {
  const values: Record<string, unknown> = {}
  for (const need of needs) {
    const fact = facts[need] ?? { unread: `${need} was not read` }
    if ('unread' in fact) return { unread: String(fact.unread) }
    values[need] = fact.value
  }
  return values
}

const isUnread = (read: AnyValues): read is { readonly unread: string } => typeof read.unread === 'string'

/** Charts, signatures, SBOMs and caches lie in repositories too: no rule on images speaks of them. */
function artifactIn(facts: AnyFacts): Judgement | undefined {
  const content = facts.content as Fact<ImageContent> | undefined
  if (!content || 'unread' in content || content.value.kind === 'image') return undefined
  return notApplicable(`It is ${content.value.what}, not an image.`)
}

const rule =
  <S extends SubjectKind>(about: S, exempt: (facts: AnyFacts) => Judgement | undefined = () => undefined) =>
  <const N extends keyof Subjects[S]['values'] & string, const P extends Parameters>(
    written: Written<S, N, P>,
  ): Rule => {
    const { judge, remedy, writes = [], ...described } = written
    type Read = Pick<Subjects[S]['values'], N>
    // The configuration has checked the parameters, and `valuesOf` has found every value that is needed.
    const typed = (read: AnyValues, parameters: AnyValues, context: Context) =>
      [read as Read, parameters as Values<P>, context as Context<S>] as const
    return {
      ...described,
      about,
      enforceable: remedy !== undefined,
      writes,
      judge(facts, parameters, context) {
        const exemption = exempt(facts)
        if (exemption) return exemption
        const read = valuesOf(facts, described.needs)
        return isUnread(read) ? unknown(read.unread) : judge(...typed(read, parameters, context))
      },
      remedy(facts, parameters, context) {
        const read = valuesOf(facts, described.needs)
        if (isUnread(read) || !remedy) return undefined
        const args = typed(read, parameters, context)
        return judge(...args).outcome === 'fail' ? remedy(...args) : undefined
      },
    }
  }

export const repositoryRule = rule('repository')
export const registryRule = rule('registry')
export const imageRule = rule('image', artifactIn)
