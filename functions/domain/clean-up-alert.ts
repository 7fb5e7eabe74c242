import type { Alert, AlertItem } from './alert.ts'
import { roughBytes } from './bytes.ts'
import { cleanUpCommand } from './clean-up/command.ts'
import type { ApplyReport } from './clean-up/outcome.ts'
import type { Plan } from './clean-up/plan.ts'
import { envelope, minute, type Telling } from './compose.ts'
import { monthly } from './cost.ts'
import { counted } from './counted.ts'
import { listed } from './listed.ts'
import { shortName } from './registry.ts'
import { bySeverity, type Severity } from './severity.ts'

/** A plan, and what was done of it where it was applied. */
export type CleanUp = {
  readonly plan: Plan
  /** Of the store that holds the plan: `s3://bucket/clean-up/123456789012/eu-central-1`. */
  readonly store: string
  readonly applied?: ApplyReport | undefined
}

/** Repositories, and images that failed, that a message carries; more are counted, not listed. */
const ITEMS = 100
/** Reasons why something is blocked that a message carries. */
const REASONS = 20

const images = (count: number): string => counted(count, 'image')

const some = (count: number, what: string): string[] => (count > 0 ? [`${count} ${what}`] : [])

/** Layers that images share are counted with each of them. */
const size = (bytes: number, dollars: number): string => `at most ${roughBytes(bytes)}, ${monthly(dollars)}`

/** What was freed costs as much a month as its part of the plan. */
function freed(
  {
    totals: {
      delete: { bytes, dollarsPerMonth },
    },
  }: Plan,
  { freedBytes }: ApplyReport,
): string {
  return size(freedBytes, bytes === 0 ? 0 : (dollarsPerMonth * freedBytes) / bytes)
}

const STOPS: Readonly<Record<NonNullable<ApplyReport['stopped']>['by'], Severity>> = {
  'at-most': 'INFORMATIONAL',
  'stop-switch': 'LOW',
  time: 'INFORMATIONAL',
  interrupted: 'INFORMATIONAL',
  'lease-lost': 'LOW',
  inventory: 'MEDIUM',
  'not-read': 'MEDIUM',
  bug: 'HIGH',
}

/** Of the worst that a reader has to see to. */
function severityOf({ plan, applied }: CleanUp): Severity {
  const found: Severity[] = [
    ...(plan.blocked.length > 0 ? (['MEDIUM'] as const) : []),
    ...(applied && applied.failed.length > 0 ? (['MEDIUM'] as const) : []),
    ...(applied?.stopped ? [STOPS[applied.stopped.by]] : []),
  ]
  return found.toSorted(bySeverity)[0] ?? 'INFORMATIONAL'
}

function did(plan: Plan, applied: ApplyReport): string {
  const { deleted, archived } = applied
  if (archived === 0) return `Removed ${images(deleted)}: ${freed(plan, applied)}`
  if (deleted === 0) return `Archived ${images(archived)}`
  return `Removed ${images(deleted)} and archived ${archived}: ${freed(plan, applied)}`
}

function titleOf({ plan, applied }: CleanUp): string {
  if (applied?.stopped?.by === 'bug') return `Clean-up stopped: a fault of its own after ${images(applied.deleted)}`
  if (applied && applied.failed.length > 0) return `Clean-up: ${images(applied.failed.length)} could not be removed`
  if (applied && applied.deleted + applied.archived > 0) return did(plan, applied)
  if (applied?.stopped) return 'Clean-up stopped: nothing was removed'
  if (plan.items.length === 0 && plan.blocked.length > 0) return 'Clean-up is blocked: nothing is removed'
  if (applied || plan.items.length === 0) return 'Clean-up: nothing was removed'
  const { delete: removal, archive } = plan.totals
  if (removal.images === 0) return `Clean-up in dry-run: ${images(archive.images)} can be archived`
  return `Clean-up in dry-run: ${images(removal.images)} can go, ${size(removal.bytes, removal.dollarsPerMonth)}`
}

const heldBack = ({ heldBack: waiting }: Plan): number => waiting.reduce((sum, { images: count }) => sum + count, 0)

function summaryOf({ plan, applied }: CleanUp): string {
  const parts = [
    ...(applied
      ? [
          ...some(applied.deleted, 'removed'),
          ...some(applied.archived, 'archived'),
          ...some(applied.alreadyGone, 'gone already'),
          ...some(applied.failed.length, 'failed'),
          ...some(applied.kept.length, 'kept, since they changed or came into use after the plan'),
          ...some(applied.left, 'left'),
        ]
      : some(plan.totals.archive.images, 'to be archived')),
    ...some(plan.protected.length, 'that a rule names stay'),
    ...some(heldBack(plan), 'wait for the next plan'),
    ...some(plan.blocked.length, plan.blocked.length === 1 ? 'thing stands in the way' : 'things stand in the way'),
  ]
  const stop = applied?.stopped ? ` Stopped: ${applied.stopped.why}.` : ''
  return `${parts.join(', ') || 'Nothing stands in the way'}.${stop}`.replace('..', '.')
}

/** Whom a reader would ask, most images first. */
function stayFact({ protected: kept }: Plan): Alert['facts'] {
  const by = [...Map.groupBy(kept, ({ by }) => by.slice(0, 1).join())].map(([who, those]) => ({
    who,
    count: those.length,
  }))
  const names = by
    .toSorted((a, b) => b.count - a.count)
    .map(({ who, count }) => (count > 1 ? `${who} (${count})` : who))
  return kept.length === 0 ? [] : [{ name: 'Stay', value: `${images(kept.length)}, by ${listed(names, 4)}` }]
}

/** By at-most, or since nothing may go. */
const heldBackFact = ({ heldBack: waiting }: Plan): Alert['facts'] =>
  [...Map.groupBy(waiting, ({ why }) => why)].slice(0, 2).map(([why, those]) => ({
    name: 'Held back',
    value: `${images(those.reduce((sum, { images: count }) => sum + count, 0))}: ${why}`,
  }))

function factsOf({ plan }: CleanUp): Alert['facts'] {
  const counts = Object.values(plan.population)
  const looked = counts.reduce((sum, count) => sum + count, 0)
  return [
    { name: 'Plan', value: plan.id },
    { name: 'Looked at', value: `${images(looked)} in ${counted(counts.length, 'repository', 'repositories')}` },
    ...stayFact(plan),
    ...heldBackFact(plan),
    { name: 'Expires', value: minute(plan.expiresAt) },
  ]
}

/** Of one repository: what goes, what stays, what waits. */
function repositoryItem({ plan, applied }: CleanUp, repository: string, items: Plan['items']): AlertItem {
  const isHere = (one: { readonly repository: string }): boolean => one.repository === repository
  const untouched = new Set(
    [...(applied?.kept ?? []), ...(applied?.failed ?? [])].filter(isHere).map(({ digest }) => digest),
  )
  const gone = items.filter(({ digest }) => !untouched.has(digest))
  const waiting = plan.heldBack.filter(isHere).reduce((sum, { images: count }) => sum + count, 0)
  return {
    id: repository,
    severity: 'INFORMATIONAL',
    change: applied ? 'gone' : 'new',
    subject: repository,
    text: `${images(gone.length)} of ${plan.population[repository] ?? gone.length}, ${roughBytes(gone.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0))}`,
    notes: [
      ...(applied && applied.left > 0 ? ['planned, not all done'] : []),
      ...some(untouched.size, 'not touched'),
      ...some(plan.protected.filter(isHere).length, 'stay'),
      ...some(waiting, 'held back'),
    ],
  }
}

const repositoryItems = (cleanUp: CleanUp): AlertItem[] =>
  [...Map.groupBy(cleanUp.plan.items, ({ repository }) => repository)]
    .map(([repository, items]) => ({
      item: repositoryItem(cleanUp, repository, items),
      bytes: items.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
    }))
    .toSorted((a, b) => b.bytes - a.bytes)
    .map(({ item }) => item)

const failedItem = ({ repository, digest, why }: ApplyReport['failed'][number]): AlertItem => ({
  id: shortName({ account: '', region: '', repository, digest, tags: [] }),
  severity: 'MEDIUM',
  change: 'new',
  subject: repository,
  text: why,
  notes: [],
})

type Advice = Pick<Alert, 'todo'> & { readonly command?: string }

const BUG =
  'Do not apply again: keep the journal, and report it. What was removed is in the journal, and can be taken back:'
const TAKE_BACK =
  'Nothing. If something is missed, take it back soon: ECR keeps the layers of a removed image for a while only.'

/** What stands in the way comes first: as long as it does, nothing of it is removed. */
function adviceOn({ plan, store, applied }: CleanUp): Advice {
  const [block] = plan.blocked
  const command = (verb: 'apply' | 'undo') => cleanUpCommand(verb, { ...plan, store })
  if (applied?.stopped?.by === 'bug') return { todo: BUG, command: command('undo') }
  if (applied && applied.failed.length > 0)
    return { todo: 'Mend the cause; the next plan tries them again.', command: command('undo') }
  if (applied && applied.deleted > 0) return { todo: TAKE_BACK, command: command('undo') }
  if (block && plan.items.length === 0) return { todo: 'Mend what is noted above: until then nothing is removed.' }
  if (applied) return { todo: 'Nothing: the next run makes a new plan.' }
  const until = `until ${minute(plan.expiresAt)}`
  return {
    todo: `Look at the plan, and apply it ${until} if it is right. Once plans are right as they come, set mode: apply.`,
    command: command('apply'),
  }
}

const blockedNotices = ({ blocked }: Plan): string[] => [
  ...blocked.slice(0, REASONS).map(({ repository, why }) => `${repository ?? 'All repositories'}: ${why}`),
  ...(blocked.length > REASONS ? [`… and ${blocked.length - REASONS} more reasons, in the plan.`] : []),
]

/** The digest of one run of the clean-up: what can go or is gone, what stays and by whom, what stands in the way. */
export function composeCleanUp(telling: Telling, cleanUp: CleanUp): Alert {
  const { plan, applied } = cleanUp
  const items = [...(applied?.failed.map(failedItem) ?? []), ...repositoryItems(cleanUp)]
  const content = {
    kind: 'clean-up',
    severity: severityOf(cleanUp),
    title: titleOf(cleanUp),
    summary: summaryOf(cleanUp),
    items: items.slice(0, ITEMS),
    omitted: Math.max(0, items.length - ITEMS),
    facts: factsOf(cleanUp),
    ...adviceOn(cleanUp),
  } as const
  const notices = [...blockedNotices(plan), ...telling.notices]
  return envelope({ ...telling, notices }, content, [plan.id])
}
