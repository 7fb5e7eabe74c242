import type { Exception } from '../exception.ts'
import type { Artifact, ImageManifest, ImageValues } from '../facts/image-facts.ts'
import type { RegistryRef, RegistryValues } from '../facts/registry-facts.ts'
import type { RepositoryRef, RepositoryValues } from '../facts/repository-facts.ts'
import type { ImageRef } from '../image.ts'
import type { Severity } from '../severity.ts'
import { type Fact, type Facts, unread } from './fact.ts'
import { type Judgement, notApplicable, unknown } from './judgement.ts'
import type { Parameters, Values } from './parameter.ts'
import type { Remedy, WriteOperation } from './remedy.ts'

/** Artifacts are none of the business of rules on images, which never see one. */
type OfImages = { readonly [K in keyof ImageValues]: Exclude<ImageValues[K], Artifact> }

/** What rules speak of: what names it, and what is read of it. */
type Subjects = {
  readonly repository: { readonly ref: RepositoryRef; readonly values: RepositoryValues }
  readonly registry: { readonly ref: RegistryRef; readonly values: RegistryValues }
  readonly image: { readonly ref: ImageRef; readonly values: OfImages }
}

export type SubjectKind = keyof Subjects

export type Context<S extends SubjectKind = SubjectKind> = {
  readonly ref: Subjects[S]['ref']
  readonly now: Date
  /** For a rule that looks at findings: those on rules are heeded after it. */
  readonly exceptions?: readonly Exception[]
}

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

/** What a rule sees: what it needs, as it was read, and of what helps it also why it was not. */
type Read<V, N extends keyof V, H extends keyof V> = Pick<V, N> & Facts<Pick<V, H>>

/** A rule as its file writes it: it judges what it says that it needs, or that helps it, and sees nothing else. */
type Written<
  S extends SubjectKind,
  N extends keyof Subjects[S]['values'],
  H extends keyof Subjects[S]['values'],
  P extends Parameters,
> = Described & {
  readonly needs: readonly N[]
  /** What may decide too, and may be missing. */
  readonly helpedBy?: readonly H[]
  readonly parameters: P
  judge(read: Read<Subjects[S]['values'], N, H>, parameters: Values<P>, context: Context<S>): Judgement
  /** Every operation that a remedy may write: a function is given the right to these alone. Taking back is for people. */
  readonly writes?: readonly WriteOperation[]
  /** What puts a fail right; undefined where nothing safe and reversible does. */
  remedy?(read: Read<Subjects[S]['values'], N, H>, parameters: Values<P>, context: Context<S>): Remedy | undefined
}

export type AnyFacts = Readonly<Record<string, Fact<unknown>>>
export type AnyValues = Readonly<Record<string, unknown>>

/** A rule as everybody else sees it. */
export type Rule = Described & {
  readonly about: SubjectKind
  readonly needs: readonly string[]
  readonly helpedBy: readonly string[]
  readonly parameters: Parameters
  /** Whether its mode may be `enforce`. */
  readonly enforceable: boolean
  /** Every operation that its remedy may write. */
  readonly writes: readonly WriteOperation[]
  /** `unknown` where something that it needs could not be read. */
  judge(facts: AnyFacts, parameters: AnyValues, context: Context): Judgement
  /** Undefined where it passes, where something could not be read, and where there is no safe remedy. */
  remedy(facts: AnyFacts, parameters: AnyValues, context: Context): Remedy | undefined
}

/** What was read of what is needed, or why not; with what helps, as it is. */
function valuesOf(facts: AnyFacts, { needs, helpedBy }: Pick<Rule, 'needs' | 'helpedBy'>) {
  const values: Record<string, unknown> = {}
  for (const need of needs) {
    const fact = facts[need] ?? unread(`${need} was not read`)
    if ('unread' in fact) return { why: fact.unread }
    values[need] = fact.value
  }
  for (const help of helpedBy) values[help] = facts[help] ?? unread(`${help} was not read`)
  return { values }
}

/** Charts, signatures, SBOMs and caches lie in repositories too: no rule on images speaks of them. */
function artifactIn({ manifest, content }: AnyFacts): Judgement | undefined {
  const artifact = artifactOf(manifest) ?? artifactOf(content)
  return artifact && notApplicable(`It is ${artifact.what}, not an image.`)
}

function artifactOf(fact: Fact<unknown> | undefined): Artifact | undefined {
  const value = fact && 'value' in fact ? (fact.value as ImageManifest) : undefined
  return value?.kind === 'artifact' ? value : undefined
}

/** So that a rule on images always knows whether it is one. */
const withManifest = (needs: readonly string[]): readonly string[] =>
  needs.includes('content') || needs.includes('manifest') ? needs : [...needs, 'manifest']

type About<S extends SubjectKind> = {
  readonly about: S
  readonly completed?: (needs: readonly string[]) => readonly string[]
  readonly exempt?: (facts: AnyFacts) => Judgement | undefined
}

/** What every rule is given, whatever its own types say of it. */
type Given = readonly [values: AnyValues, parameters: AnyValues, context: Context]

const rule =
  <S extends SubjectKind>({ about, completed = (needs) => needs, exempt = () => undefined }: About<S>) =>
  <
    const N extends keyof Subjects[S]['values'] & string,
    const P extends Parameters,
    const H extends keyof Subjects[S]['values'] & string = never,
  >(
    written: Written<S, N, H, P>,
  ): Rule => {
    const { writes = [], ...described } = written
    // The configuration has checked the parameters, and `valuesOf` has found every value that is needed.
    const judge = written.judge as (...given: Given) => Judgement
    const remedy = written.remedy as ((...given: Given) => Remedy | undefined) | undefined
    const reads = { needs: completed(described.needs), helpedBy: described.helpedBy ?? [] }
    return {
      ...described,
      ...reads,
      about,
      enforceable: remedy !== undefined,
      writes,
      judge(facts, parameters, context) {
        const exemption = exempt(facts)
        if (exemption) return exemption
        const { values, why } = valuesOf(facts, reads)
        return values ? judge(values, parameters, context) : unknown(why)
      },
      remedy(facts, parameters, context) {
        const { values } = valuesOf(facts, reads)
        if (!values || !remedy) return undefined
        const judgement = judge(values, parameters, context)
        return judgement.outcome === 'fail' ? remedy(values, parameters, context) : undefined
      },
    }
  }

export const repositoryRule = rule({ about: 'repository' })
export const registryRule = rule({ about: 'registry' })
export const imageRule = rule({ about: 'image', completed: withManifest, exempt: artifactIn })
