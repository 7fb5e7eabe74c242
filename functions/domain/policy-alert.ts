import type { Alert } from './alert.ts'
import { type Change, envelope, type Telling } from './compose.ts'
import { CREATION, mayCause } from './drift.ts'
import { quarantineParts } from './quarantine/telling.ts'
import { shortName } from './registry.ts'
import { bySeverity, inWords, type Severity, tally } from './severity.ts'
import { isOpen, type Verdict } from './verdict.ts'
import { changeOf, type PolicyItem, toItems } from './verdict-item.ts'

/** Verdicts by what has to be said of them. */
type Told = {
  readonly fails: readonly PolicyItem[]
  readonly unknowns: readonly PolicyItem[]
  readonly excepted: readonly PolicyItem[]
  readonly gone: readonly PolicyItem[]
}

function sort(items: readonly PolicyItem[]): Told {
  const {
    new: fresh = [],
    known = [],
    excepted = [],
    gone = [],
  } = Object.groupBy(items, (item) => changeOf(item) ?? '')
  const open = [...fresh, ...known]
  const isUnknown = ({ verdict }: PolicyItem): boolean => verdict.outcome === 'unknown'
  return { fails: open.filter((item) => !isUnknown(item)), unknowns: open.filter(isUnknown), excepted, gone }
}

/** A title has to be read at a glance. Characters. */
const LONGEST_REASON = 90
const LONGEST_NAME = 60

const cut = (text: string, most: number): string => (text.length > most ? `${text.slice(0, most - 1)}…` : text)

const by = ({ by: name }: Change): string => ` (by ${cut(name, LONGEST_NAME)})`

/** `Tags can be moved.` within a sentence. */
const inSentence = (reason: string): string =>
  reason.replace(/^[A-Z](?=[a-z ])/, (letter) => letter.toLowerCase()).replace(/\.$/, '')

const isShort = ({ reason }: Verdict): boolean => reason.length <= LONGEST_REASON

function failing(items: readonly PolicyItem[]): string {
  const [only] = items
  if (!only || items.length > 1) return `${items.length} rules fail`
  return isShort(only.verdict) ? inSentence(only.verdict.reason) : `${only.verdict.rule} fails`
}

const rulesOf = (items: readonly PolicyItem[]): string =>
  items.length > 2 ? `${items.length} rules` : items.map(({ verdict }) => verdict.rule).join(', ')

const isNew = ({ change }: PolicyItem): boolean => change === 'new'

/** What begins to fail because of the change. */
const causedBy = ({ call }: Change, fails: readonly PolicyItem[]): readonly PolicyItem[] =>
  fails.filter((item) => isNew(item) && mayCause(call, item.verdict.rule))

/** The rule that a moved tag shows to be more than a possibility. */
const IMMUTABILITY = 'tag-immutability'

function movedTitle({ subject, moved = [] }: Telling, fresh: readonly PolicyItem[]): string | undefined {
  const [tag] = moved
  if (tag === undefined || !fresh.some(({ verdict }) => verdict.rule === IMMUTABILITY)) return undefined
  const others = fresh.length - 1
  const more = others > 0 ? `, and ${others} more ${others === 1 ? 'rule fails' : 'rules fail'}` : ''
  return `Tag moved: ${shortName({ ...subject, tags: [tag] })}${more}`
}

function titleOf(telling: Telling, { fails, unknowns, excepted, gone }: Told): string {
  const { subject, change } = telling
  const name = shortName(subject)
  const moved = movedTitle(telling, fails.filter(isNew))
  if (moved) return moved
  const caused = change ? causedBy(change, fails) : []
  const who = change && caused.length > 0 ? by(change) : ''
  if (who !== '' && change?.call !== CREATION) return `Drift in ${name}: ${failing(caused)}${who}`
  if (fails.length > 1) return `${fails.length} rules fail in ${name}${who}`
  if (fails[0]) return `1 rule fails in ${name}: ${fails[0].verdict.rule}${who}`
  if (unknowns.length > 0) return `Could not be judged: ${name}`
  return gone.length > 0 ? `Fixed in ${name}: ${rulesOf(gone)}` : `Excepted in ${name}: ${rulesOf(excepted)}`
}

const severitiesOf = (items: readonly PolicyItem[]): Severity[] => items.map(({ verdict }) => verdict.severity)

const some = (count: number, what: string): string[] => (count > 0 ? [`${count} ${what}`] : [])

/** What the title does not say yet of the only rule that there is to speak of. */
function summaryOfOne(item: PolicyItem, { change }: Telling): string {
  const { verdict } = item
  if (verdict.outcome === 'unknown') return `It is unknown whether the rule ${verdict.rule} holds.`
  const isDrift = change && change.call !== CREATION && causedBy(change, [item]).length > 0
  return isDrift && isShort(verdict) ? `The rule ${verdict.rule} no longer holds.` : verdict.reason
}

function summaryOf(telling: Telling, { fails, unknowns, excepted, gone }: Told): string {
  const [only, ...others] = [...fails, ...unknowns, ...excepted, ...gone]
  if (only && others.length === 0 && isNew(only) && isOpen(only.verdict)) return summaryOfOne(only, telling)
  const known = fails.filter((item) => !isNew(item)).length
  const isUpdate = known + gone.length > 0
  return [
    ...(isUpdate ? some(fails.length - known, 'new') : [inWords(tally(severitiesOf(fails)))].filter(Boolean)),
    ...some(known, 'known'),
    ...some(unknowns.length, 'could not be judged'),
    ...some(excepted.length, 'excepted'),
    ...some(gone.length, 'fixed'),
  ].join(', ')
}

/** The only rule that fails; where none does, the only one that is unknown. Its fix is what to do. */
function onlyFix({ fails, unknowns }: Told): Verdict['fix'] {
  const [only, ...others] = fails.length > 0 ? fails : unknowns
  return others.length > 0 ? undefined : only?.verdict.fix
}

const UNJUDGED = 'mend what stands in the way, then check again.'

/** Exceptions are about repositories and images: the registry has none. */
function todoOf({ subject }: Telling, told: Told): string {
  const { fails, unknowns } = told
  if (fails.length + unknowns.length === 0) return 'Nothing has to be done.'
  const fix = onlyFix(told)?.text
  if (fails.length === 0) return fix ?? `Not judged is not passed: ${UNJUDGED}`
  const orElse = subject.repository === undefined ? '' : ', or agree on an exception in steward.yaml'
  const mend = fix ?? `Mend each as shown with it${orElse}.`
  return unknowns.length > 0 ? `${mend} For what could not be judged: ${UNJUDGED}` : mend
}

const worst = ({ fails, unknowns }: Told): Severity =>
  severitiesOf(fails).toSorted(bySeverity)[0] ?? (unknowns.length > 0 ? 'UNDEFINED' : 'INFORMATIONAL')

/**
 * The alert on what rules say of an image, a repository or the registry: what fails, what could not be judged, what is
 * excepted, and what is fixed. Verdicts that pass are left out, unless they are `gone`.
 */
export function composePolicy(telling: Telling, items: readonly PolicyItem[]): Alert {
  const told = sort(items)
  const { quarantine } = telling
  const { notices = [], ...parts } = quarantine ? quarantineParts(quarantine, telling.subject) : {}
  const content = {
    kind: 'policy',
    severity: worst(told),
    title: titleOf(telling, told),
    summary: summaryOf(telling, told),
    items: toItems(items, telling.subject),
    omitted: 0,
    todo: todoOf(telling, told),
    command: onlyFix(told)?.command,
    ...parts,
  } as const
  return envelope({ ...telling, notices: [...telling.notices, ...notices] }, content, [
    telling.events,
    items.map(({ verdict, change }) => [verdict.rule, verdict.outcome, change]),
    ...(quarantine ? [[quarantine.moved, quarantine.passes]] : []),
  ])
}
