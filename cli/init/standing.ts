import type { RegistryRef } from '../../functions/domain/facts/registry-facts.ts'
import type { RepositoryRef } from '../../functions/domain/facts/repository-facts.ts'
import type { ActiveRule } from '../../functions/domain/policy.ts'
import { shortName } from '../../functions/domain/registry.ts'
import type { AnyFacts } from '../../functions/domain/rule/rule.ts'
import { judgeAll, type Verdict } from '../../functions/domain/verdict.ts'
import type { Account, JudgedImage, Read } from './look.ts'

/** Something that a rule is about, as it was read. */
export type Candidate = {
  /** As people name it. Text from outside. */
  readonly name: string
  /** Empty for the registry. */
  readonly repository: string
  /** Of an image none are kept: nothing in an account says what its rules should be. */
  readonly facts: AnyFacts
  judge(rule: ActiveRule): Verdict | undefined
}

const candidateOf = (
  { ref, facts }: Read<RepositoryRef | RegistryRef>,
  now: Date,
  name: string,
  repository: string,
): Candidate => ({ name, repository, facts, judge: (rule) => judgeAll([rule], facts, { ref, now })[0] })

const imageCandidate = ({ ref, verdicts }: JudgedImage): Candidate => ({
  ...{ name: shortName(ref), repository: ref.repository, facts: {} },
  judge: ({ rule }) => verdicts.find((verdict) => verdict.rule === rule.id),
})

/** All that was read, by what rules are about. */
export const candidatesIn = ({ registry, repositories, images, now }: Account) => ({
  registry: [candidateOf(registry, now, 'the registry', '')],
  repository: repositories.map((read) => candidateOf(read, now, read.ref.repository, read.ref.repository)),
  image: images.map(imageCandidate),
})

type Case = Pick<Candidate, 'name' | 'repository'> & { readonly reason: string }

/** What a rule says of some. */
export type Standing = {
  readonly pass: number
  readonly fails: readonly Case[]
  readonly unknowns: readonly Case[]
  /** It does not speak of these. */
  readonly others: readonly Case[]
}

export function standingOf(rule: ActiveRule, candidates: readonly Candidate[]): Standing {
  const cases = candidates.flatMap((candidate) => {
    const verdict = candidate.judge(rule)
    return verdict ? [{ name: candidate.name, repository: candidate.repository, ...verdict }] : []
  })
  const of = (outcome: Verdict['outcome']): readonly Case[] =>
    cases.filter((one) => one.outcome === outcome).map(({ name, repository, reason }) => ({ name, repository, reason }))
  return { pass: of('pass').length, fails: of('fail'), unknowns: of('unknown'), others: of('not-applicable') }
}

/** Of how many it says something, or should. */
export const totalOf = ({ pass, fails, unknowns }: Standing): number => pass + fails.length + unknowns.length

/** Whether it can be told of most whether it holds: a rule that is mostly unknown would ring with every push, and say nothing. */
export const isJudged = ({ pass, fails, unknowns }: Standing): boolean =>
  pass + fails.length > 0 && unknowns.length <= pass + fails.length

export const holdsForAll = ({ pass, fails, unknowns }: Standing): boolean =>
  pass > 0 && fails.length + unknowns.length === 0
