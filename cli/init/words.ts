import { grouped } from '../../functions/domain/counted.ts'
import { listed } from '../../functions/domain/listed.ts'
import { kebab } from '../../functions/domain/rule/kebab.ts'
import { isAskable } from './all-rules.ts'
import type { Proposed } from './proposal.ts'
import { type Standing, totalOf } from './standing.ts'

/** Names that are said; the rest is counted. */
const MOST_NAMED = 3

const namesOf = (cases: Standing['fails']): string =>
  listed(
    cases.map(({ name }) => name),
    MOST_NAMED,
  )

/** `all 12 pass` */
function passInWords({ standing, rule }: Proposed & { readonly standing: Standing }): string {
  if (rule.about === 'registry') return 'passes'
  return standing.pass === 1 ? 'the only one passes' : `all ${grouped(standing.pass)} pass`
}

/** `2 could not be judged: ECR answered …` */
const unknownInWords = ({ unknowns }: Standing): string =>
  unknowns.length > 0 ? `${grouped(unknowns.length)} could not be judged: ${unknowns[0]?.reason}` : ''

/** Of the registry there is but one: why it fails says more than that it does. */
function failsInWords({ standing, rule }: Proposed & { readonly standing: Standing }): string {
  const { fails } = standing
  if (rule.about === 'registry') return `fails: ${fails[0]?.reason}`
  if (fails.length > MOST_NAMED && fails.length === totalOf(standing)) return `all ${grouped(fails.length)} fail`
  const count = `${grouped(fails.length)} of ${grouped(totalOf(standing))}`
  return `${count} ${fails.length === 1 ? 'fails' : 'fail'}: ${namesOf(fails)}`
}

/**
 * What a rule says of all that it decides for, in a few words: `ready for enforce: all 12 pass`,
 * `3 of 12 fail: ci/build, ci/web, sandbox`. Text from outside.
 */
export function standingInWords(proposed: Proposed): string {
  const { standing, mode, isReady, rule } = proposed
  if (!standing) return rule.summary
  const unknown = unknownInWords(standing)
  const known = { ...proposed, standing }
  if (standing.fails.length > 0) return [failsInWords(known), unknown].filter(Boolean).join('; ')
  if (unknown !== '') return `${unknown}; all others pass`
  if (mode === 'enforce') return `nothing to put right: ${passInWords(known)}`
  return isReady ? `ready for enforce: ${passInWords(known)}` : passInWords(known)
}

/** Why a rule says nothing of anything. */
function unspokenInWords({ standing, rule, given }: Proposed & { readonly standing: Standing }): string {
  const needed = Object.entries(rule.parameters).find(([name, one]) => one.default === undefined && !given[name])
  if (needed) return `it has to be given ${kebab(needed[0])}, and the account shows none.`
  if (!isAskable(rule)) return 'SBOMs are not read here: what may be in an image is yours to say.'
  const nothing = rule.about === 'image' ? 'no image was looked at.' : 'there is nothing that it is about.'
  return standing.others[0]?.reason ?? nothing
}

/** Why a rule is not written: `13 of 16 could not be judged: …; 1 of 16 fails: my-app`. Text from outside. */
export function unjudgedInWords(proposed: Proposed & { readonly standing: Standing }): string {
  const { standing } = proposed
  const { unknowns, fails } = standing
  if (unknowns.length === 0) return unspokenInWords(proposed)
  const total = totalOf(standing)
  const why = `${unknowns.length} of ${grouped(total)} could not be judged: ${unknowns[0]?.reason}`
  return fails.length > 0
    ? `${why}; ${failsInWords(proposed)}`
    : total === 1
      ? `it ${why.slice('1 of 1 '.length)}`
      : why
}
