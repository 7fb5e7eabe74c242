import { agreementInWords } from './agreement.ts'
import type { AlertItem } from './alert.ts'
import { type Subject, shortName } from './registry.ts'
import type { Evidence } from './rule/judgement.ts'
import { bySeverity } from './severity.ts'
import { isOpen, type Verdict } from './verdict.ts'

/** A verdict, against what was told before: `gone` is one that was open and no longer is. */
export type PolicyItem = { readonly verdict: Verdict; readonly change: 'new' | 'known' | 'gone' }

/** In the order in which an alert lists them. */
const CHANGES: readonly AlertItem['change'][] = ['new', 'known', 'excepted', 'gone']

/** What an alert says of it; undefined where there is nothing to say. */
export function changeOf({ verdict, change }: PolicyItem): AlertItem['change'] | undefined {
  if (verdict.exception?.state === 'excepted') return 'excepted'
  return isOpen(verdict) || change === 'gone' ? change : undefined
}

const isExcepted = ({ exception }: Verdict): boolean => exception?.state === 'excepted'

/** What is agreed on it, or no longer. */
export const agreementOf = ({ exception }: Verdict): string[] => (exception ? [agreementInWords(exception)] : [])

export const evidenceIn = (evidence: readonly Evidence[]): string[] =>
  evidence.map(({ name, value }) => `${name}: ${value}`)

const textOf = ({ outcome, reason }: Verdict): string =>
  outcome === 'unknown' ? `Could not be judged: ${reason}` : reason

/** The verdict as a line of an alert. What is excepted or gone needs no fix. */
function toItem(verdict: Verdict, change: AlertItem['change'], subject: Subject): AlertItem {
  const { rule, severity, evidence, fix } = verdict
  const isMendable = fix && isOpen(verdict) && !isExcepted(verdict)
  return {
    id: rule,
    severity,
    change,
    subject: shortName(subject),
    text: textOf(verdict),
    notes: [...agreementOf(verdict), ...evidenceIn(evidence)],
    ...(isMendable && { fix: fix.text }),
    ...(isMendable && fix.command !== undefined && { command: fix.command }),
    ...(isMendable && fix.cdk !== undefined && { cdk: fix.cdk }),
  }
}

/** What is told of the verdicts, in the order of an alert: new before known before excepted before gone, worst first. */
export const toItems = (items: readonly PolicyItem[], subject: Subject): AlertItem[] =>
  items
    .flatMap((item) => {
      const change = changeOf(item)
      return change ? [toItem(item.verdict, change, subject)] : []
    })
    .toSorted((a, b) => CHANGES.indexOf(a.change) - CHANGES.indexOf(b.change) || bySeverity(a.severity, b.severity))
