import type { Alert, AlertItem } from './alert.ts'
import { envelope, type Telling } from './compose.ts'
import { type Subject, shortName } from './registry.ts'
import { awsCommand } from './rule/aws-command.ts'
import type { EcrWrite, Remedy } from './rule/remedy.ts'
import { bySeverity, type Severity } from './severity.ts'
import type { Verdict } from './verdict.ts'
import { evidenceIn } from './verdict-item.ts'

/** What became of a remedy: `done` and read back, `failed`, or `stopped` so as not to fight whoever changes it back. */
export type RemedyOutcome = {
  /** What was found before. */
  readonly verdict: Verdict
  readonly remedy: Remedy
  readonly state: 'done' | 'failed' | 'stopped'
  /** Why it failed or was stopped, as part of a sentence: `reverted twice within an hour`. */
  readonly why?: string | undefined
}

/** Worst first. */
const STATES = ['stopped', 'failed', 'done'] as const

const lineOf = ({ operation, input }: EcrWrite, { region }: Subject): string => awsCommand(operation, input, region)

/** What was done can be taken back; what was not can be done by hand. */
function mendOf({ verdict, remedy, state }: RemedyOutcome, subject: Subject): Partial<AlertItem> {
  if (state === 'done') return { fix: 'This takes it back:', command: lineOf(remedy.undo, subject) }
  const { text = remedy.what, cdk } = verdict.fix ?? {}
  return { fix: text, command: lineOf(remedy.write, subject), ...(cdk !== undefined && { cdk }) }
}

const textOf = ({ remedy, state, why = 'the reason is in the log' }: RemedyOutcome): string =>
  ({
    done: `${remedy.what}: done, and read back.`,
    failed: `${remedy.what}: failed, ${why}.`,
    stopped: `${remedy.what}: not done again, ${why}.`,
  })[state]

const toItem =
  (subject: Subject) =>
  (outcome: RemedyOutcome): AlertItem => {
    const { rule, severity, reason, evidence } = outcome.verdict
    return {
      id: rule,
      severity,
      change: outcome.state === 'done' ? 'gone' : 'new',
      subject: shortName(subject),
      text: textOf(outcome),
      notes: [`Before: ${reason}`, ...evidenceIn(evidence)],
      ...mendOf(outcome, subject),
    }
  }

/** Settings that a title names. */
const NAMED = 3

function settings(outcomes: readonly RemedyOutcome[]): string {
  const names = outcomes.map(({ verdict }) => verdict.rule.replaceAll('-', ' '))
  return names.length > NAMED
    ? `${names.slice(0, NAMED).join(', ')} and ${names.length - NAMED} more`
    : names.join(', ')
}

type Headline = Pick<Alert, 'title' | 'todo'>

/** The worst of what became of them says what the alert is about. */
function headline(name: string, outcomes: readonly RemedyOutcome[]): Headline {
  const { stopped = [], failed = [], done = [] } = Object.groupBy(outcomes, ({ state }) => state)
  const [first] = stopped
  if (first)
    return {
      title: `Stopped putting right ${settings(stopped)} in ${name}: ${first.why ?? 'it does not last'}`,
      todo: 'Settle who sets it: something keeps changing it back. Until then it is reported, and not put right.',
    }
  if (failed.length > 0)
    return {
      title: `Could not put right in ${name}: ${settings(failed)}`,
      todo: 'Put it right by hand as shown below, and see why it could not be done by itself.',
    }
  return {
    title: `Put right in ${name}: ${settings(done)}`,
    todo: 'Nothing, unless the change was meant: then agree on an exception in steward.yaml before you take it back.',
  }
}

const summaryOf = (outcomes: readonly RemedyOutcome[]): string => {
  const count = (state: RemedyOutcome['state']) => outcomes.filter((outcome) => outcome.state === state).length
  const words = { done: 'put right', failed: 'could not be put right', stopped: 'stopped' }
  return STATES.filter((state) => count(state) > 0)
    .map((state) => `${count(state)} ${words[state]}`)
    .join(', ')
}

const worst = (outcomes: readonly RemedyOutcome[]): Severity =>
  outcomes
    .filter(({ state }) => state !== 'done')
    .map(({ verdict }) => verdict.severity)
    .toSorted(bySeverity)[0] ?? 'INFORMATIONAL'

/** The alert on settings that were put right, with what takes each back, or that could not be. */
export function composeEnforcement(telling: Telling, outcomes: readonly RemedyOutcome[]): Alert {
  const sorted = outcomes.toSorted(
    (a, b) => STATES.indexOf(a.state) - STATES.indexOf(b.state) || bySeverity(a.verdict.severity, b.verdict.severity),
  )
  const content = {
    kind: 'enforcement',
    severity: worst(outcomes),
    ...headline(shortName(telling.subject), sorted),
    summary: summaryOf(outcomes),
    items: sorted.map(toItem(telling.subject)),
    omitted: 0,
  } as const
  return envelope(telling, content, [telling.events, sorted.map(({ verdict, state }) => [verdict.rule, state])])
}
