import type { Exception } from '../domain/exception.ts'
import type { RegistryRef } from '../domain/facts/registry-facts.ts'
import { reportCsv } from '../domain/sweep/csv.ts'
import { type History, parseHistory } from '../domain/sweep/history.ts'
import { reportMarkdown } from '../domain/sweep/markdown.ts'
import { reportHtml } from '../domain/sweep/page/report-html.ts'
import type { SweepPolicy } from '../domain/sweep/policy.ts'
import type { SweepRecord } from '../domain/sweep/record.ts'
import type { SweepReport } from '../domain/sweep/report.ts'
import { parseReport, reportJson } from '../domain/sweep/report-json.ts'
import { createSummary } from '../domain/sweep/summary.ts'
import { Unreadable } from '../faults.ts'
import type { Store } from '../planning/store.ts'
import { type BegunSweep, type EndedSweep, KEYS, type ListedTarget } from './contract.ts'
import { put, readJson } from './kept.ts'
import { recordsOf } from './records.ts'

export type ReportDeps = {
  readonly sweep: Pick<SweepPolicy, 'sla'>
  readonly exceptions: readonly Exception[]
  readonly now: () => Date
  /** Told of every record on the way; what it throws ends the report. */
  readonly onRecord?: (record: SweepRecord, target: RegistryRef) => Promise<void>
  /** Tells people, before the sweep is over: where that fails, the report is made again. */
  readonly tell?: (report: SweepReport) => Promise<void>
}

/** @property isNew whether it was made now; false where the sweep was over before */
export type WrittenReport = { readonly report: SweepReport; readonly isNew: boolean }

/** Registries that a sweep goes through, with how their listing ended. */
async function targetsOf(store: Store, id: string, { targets }: BegunSweep): Promise<readonly ListedTarget[]> {
  return Promise.all(
    targets.map(async (target) => {
      const listed = await readJson<ListedTarget>(store, KEYS.target(id, target))
      return listed ?? { ...target, listed: 0, problem: 'its listing did not end' }
    }),
  )
}

type Made = { readonly report: SweepReport; readonly history: History }

async function make(store: Store, id: string, deps: ReportDeps): Promise<Made> {
  const begun = await readJson<BegunSweep>(store, KEYS.begun(id))
  if (!begun) throw new Unreadable(`no sweep ${id} was begun in ${store.name}`, true, undefined)
  const targets = await targetsOf(store, id, begun)
  const summary = createSummary({
    ...{ id, startedAt: new Date(begun.at), now: deps.now(), targets },
    ...{ policy: deps.sweep, exceptions: deps.exceptions },
    history: parseHistory((await store.read(KEYS.history))?.text),
  })
  for (const target of targets)
    for await (const record of recordsOf(store, id, target)) {
      summary.add(record)
      await deps.onRecord?.(record, target)
    }
  return summary.end(deps.now())
}

/** What a list of sweeps tells of it. */
export const endedOf = ({ endedAt, verdict, score, coverage }: SweepReport): EndedSweep => ({
  ...{ endedAt, verdict, score, listed: coverage.listed, judged: coverage.judged, complete: coverage.complete },
})

/** A store that does not take the report is told of by the name of what it did not take. */
async function write(store: Store, key: string, text: string): Promise<void> {
  try {
    await put(store, key, text)
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error
    const why = `${key} cannot be written to ${store.name}: ${error.message}. The sweep has not ended: what was judged is kept`
    throw new Unreadable(why, error.permanent, error)
  }
}

async function writeAll(store: Store, id: string, { report, history }: Made): Promise<void> {
  await write(store, KEYS.report(id, 'json'), reportJson(report))
  await write(store, KEYS.report(id, 'html'), reportHtml(report))
  await write(store, KEYS.report(id, 'md'), reportMarkdown(report))
  await write(store, KEYS.report(id, 'csv'), [...reportCsv(report)].join(''))
  await write(store, KEYS.history, JSON.stringify(history))
}

/**
 * Makes the report of a sweep from all that is recorded of it, in every format, has people told, and ends the sweep. A sweep
 * that has ended is left as it is.
 * @throws {Unreadable} where the store cannot be read or written: the sweep has not ended then
 */
export async function writeReport(store: Store, id: string, deps: ReportDeps): Promise<WrittenReport> {
  if (await store.read(KEYS.ended(id))) {
    const stored = await store.read(KEYS.report(id, 'json'))
    if (stored) return { report: parseReport(stored.text), isNew: false }
  }
  const made = await make(store, id, deps)
  await writeAll(store, id, made)
  await deps.tell?.(made.report)
  await write(store, KEYS.ended(id), JSON.stringify(endedOf(made.report)))
  return { report: made.report, isNew: true }
}
