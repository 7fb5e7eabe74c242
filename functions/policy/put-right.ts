import type { RepositoryRef, RepositoryValues } from '../domain/facts/repository-facts.ts'
import type { ActiveRule } from '../domain/policy.ts'
import { awsCommand } from '../domain/rule/aws-command.ts'
import type { Remedy } from '../domain/rule/remedy.ts'
import type { Verdict } from '../domain/verdict.ts'
import { Later, Unreadable } from '../faults.ts'
import type { Journal, JournalKey } from './journal.ts'
import { type Judging, judge } from './judge.ts'
import type { EcrWriter } from './writer.ts'

/** What it takes to change a repository. */
export type Hands = {
  readonly write: EcrWriter
  readonly journal: Journal
  readonly pause: (milliseconds: number) => Promise<void>
}

/** One rule of one repository, as it is judged. */
export type Place = {
  readonly ref: RepositoryRef
  readonly rule: ActiveRule
  readonly judging: Judging<RepositoryValues, RepositoryRef>
}

/** What is to be done, and how it is remembered before it is done. */
export type Plan = {
  readonly verdict: Verdict
  readonly remedy: Remedy
  /** ISO 8601 instant that names it in the journal. */
  readonly at: string
  /** Ids of the events that led to it. */
  readonly events: readonly string[]
  /** Throws where it cannot be remembered: nothing is written then. */
  readonly keep: () => Promise<void>
}

/** What became of a remedy; `needless` where somebody else was faster. The verdict is the one that was read back. */
export type PutRight =
  | { readonly state: 'done'; readonly verdict: Verdict }
  | { readonly state: 'needless'; readonly verdict: Verdict }
  | { readonly state: 'failed'; readonly why: string; readonly verdict: Verdict }

/** Milliseconds before it is read back again where ECR still shows what was before. */
const READ_BACK = [500, 2_000]

/** As it is now. @throws {Later} where a read may succeed later, and there is patience */
async function look(
  { ref, rule, judging }: Place,
  isPatient: boolean,
): Promise<{ verdict: Verdict; remedy: Remedy | undefined }> {
  const { facts, verdicts } = await judge(ref, { ...judging, rules: [rule], isPatient, also: [] })
  const [verdict] = verdicts
  if (!verdict) throw new Error(`rule ${rule.rule.id} gave no verdict`)
  return { verdict, remedy: rule.rule.remedy(facts, rule.parameters, { ref, now: judging.now }) }
}

type Look = Awaited<ReturnType<typeof look>>

/** A fail without a remedy is another one: what the remedy mends is mended, and what is left is for people. */
const isMended = ({ verdict, remedy }: Look): boolean =>
  verdict.outcome === 'pass' || (verdict.outcome === 'fail' && !remedy)

/** What cannot be read back is unknown at once, for a write must not be left half told. */
async function readBack(place: Place, { pause }: Hands): Promise<Look> {
  let read = await look(place, false)
  for (const milliseconds of READ_BACK) {
    if (read.verdict.outcome !== 'fail' || isMended(read)) break
    await pause(milliseconds)
    read = await look(place, false)
  }
  return read
}

const inSentence = (reason: string): string => reason.replace(/\.$/, '')

function outcomeOf(read: Look): PutRight {
  const { verdict } = read
  if (isMended(read)) return { state: 'done', verdict }
  const why =
    verdict.outcome === 'unknown'
      ? `it could not be read back: ${inSentence(verdict.reason)}`
      : `it did not take effect: ${inSentence(verdict.reason)}`
  return { state: 'failed', why, verdict }
}

/** Why nothing is written after all; undefined where the plan still holds. */
function whyNot(planned: Remedy, verdict: Verdict, remedy: Remedy | undefined): PutRight | undefined {
  if (verdict.outcome === 'unknown')
    return { state: 'failed', why: `it could not be read again: ${inSentence(verdict.reason)}`, verdict }
  if (!remedy) return { state: 'needless', verdict }
  if (JSON.stringify(remedy) !== JSON.stringify(planned))
    return { state: 'failed', why: 'somebody else changed it at the same moment', verdict }
  return undefined
}

/** @throws {Later} where asking again may help, and the caller is patient */
async function writeAndReadBack(place: Place, remedy: Remedy, hands: Hands, before: Verdict): Promise<PutRight> {
  try {
    await hands.write(place.ref, remedy.write)
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error
    if (!error.permanent && place.judging.isPatient) throw new Later(error.message, { cause: error })
    return { state: 'failed', why: error.message, verdict: before }
  }
  return outcomeOf(await readBack(place, hands))
}

const inWords = (put: PutRight): string => ('why' in put ? `${put.state}: ${put.why}` : put.state)

export const journalKeyOf = ({ ref, rule }: Place, at: string): JournalKey => ({ ref, rule: rule.rule.id, at })

/**
 * Puts one setting right: the intent goes to the journal and is remembered, the setting is read again, so that nothing is
 * written over what somebody has changed since, then it is written and read back, and the outcome goes to the journal.
 * @throws {Later} while a read or the write may succeed later, and the caller is patient
 */
export async function putRight(place: Place, plan: Plan, hands: Hands): Promise<PutRight> {
  const { verdict, remedy, at, events, keep } = plan
  const { ref, rule } = place
  if (!rule.rule.writes.includes(remedy.write.operation))
    throw new Error(`rule ${rule.rule.id} does not name ${remedy.write.operation} among its writes`)
  const key = journalKeyOf(place, at)
  await hands.journal.intend({
    ...key,
    what: remedy.what,
    before: { reason: verdict.reason, evidence: verdict.evidence },
    write: remedy.write,
    undo: remedy.undo,
    undoCommand: awsCommand(remedy.undo.operation, remedy.undo.input, ref.region),
    events,
  })
  await keep()
  const again = await look(place, place.judging.isPatient)
  const put =
    whyNot(remedy, again.verdict, again.remedy) ?? (await writeAndReadBack(place, remedy, hands, again.verdict))
  await hands.journal.close(key, inWords(put))
  return put
}
