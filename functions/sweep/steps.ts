import type { AlertSender } from '../alert-sender.ts'
import type { RegistryRef } from '../domain/facts/registry-facts.ts'
import { createProtection, type Protection } from '../domain/in-use/protection.ts'
import type { Inventory } from '../domain/in-use/use.ts'
import { composePackageFound } from '../domain/package-found-alert.ts'
import { objectUrl } from '../domain/registry.ts'
import { composeDigest } from '../domain/sweep/digest-alert.ts'
import type { FirstLook } from '../domain/sweep/first-look.ts'
import type { SweepReport } from '../domain/sweep/report.ts'
import { kept } from '../kept.ts'
import { type Metrics, writeMetrics } from '../metrics.ts'
import { logOutcome, type Outcome } from '../outcome.ts'
import type { Store } from '../planning/store.ts'
import { askForSboms, collectBare, settleExport } from './ask-for-sboms.ts'
import { beginSweep } from './begin.ts'
import {
  type Begun,
  type BegunSweep,
  CONCURRENCY,
  type JudgedBatch,
  KEYS,
  type Listed,
  METRICS,
  SWEEP_PREFIX,
  type SweepConfig,
  type SweepEvent,
} from './contract.ts'
import { exportedSboms } from './exported-sboms.ts'
import { createHub, type Hub, withReport } from './hub.ts'
import { type JudgeDeps, judgeBatch } from './judge.ts'
import { judgeRegistry } from './judge-registry.ts'
import { judgeRepositories } from './judge-repositories.ts'
import type { SweepDeps } from './judging.ts'
import { orReason, readJson } from './kept.ts'
import { type ListDeps, listRegistry } from './list.ts'
import { indexing, type NotIndexed } from './package-index.ts'
import type { OpenRegistry, Queues, SbomText, SecurityHub } from './ports.ts'
import { endedOf, type ReportDeps, writeReport } from './report.ts'
import { sendChanged } from './send-events.ts'
import { sweepMetrics } from './sweep-metrics.ts'
import { isUntold, tellingOf } from './untold.ts'
import { watchingFor } from './watch-for.ts'

/** What all steps work with. */
export type SweepWorld = {
  readonly config: SweepConfig
  /** Account and region of whoever sweeps. */
  readonly home: RegistryRef
  readonly store: Store
  readonly open: OpenRegistry
  readonly now: () => Date
  /** Reads what Inspector has exported; undefined where it is not asked. */
  readonly readSbom?: SbomText | undefined
}

export type StepDeps = SweepWorld & {
  readonly queues: Queues
  readonly alerts: AlertSender
  /** Where a person finds the report of a sweep. */
  readonly reportUrl: (id: string) => string
  /** Sent to where `security-hub` says so. */
  readonly securityHub: SecurityHub
}

/** What the steps share beside that. */
type Steps = StepDeps & {
  /** Undefined where Security Hub is not switched on. */
  readonly hub: Hub | undefined
  /** How a sweep began, by its key: that does not change. */
  readonly begunAt: (key: string) => Promise<BegunSweep | undefined>
}

/** What a step answers the machine, and what is told of it. */
export type Ran = {
  readonly answer: Begun | Listed | JudgedBatch | ReturnType<typeof endedOf>
  readonly outcome: Outcome
  readonly metrics?: Metrics
}

/** Says what became of a step. @returns what the machine is answered */
export function tellRan({ answer, outcome, metrics }: Ran, now: Date): Ran['answer'] {
  if (metrics) writeMetrics(metrics, now)
  logOutcome(outcome)
  return answer
}

/** Of the calls per second that are asked of a registry, those of one of the batches that are judged at once. */
export const shareOf = (rate: number | undefined): number | undefined => rate && rate / CONCURRENCY

/** Where the report of a sweep is found in the console. */
export const reportIn = (bucket: string, { region }: RegistryRef): StepDeps['reportUrl'] => {
  return (id) => objectUrl(region, bucket, `${SWEEP_PREFIX}/${KEYS.report(id, 'html')}`)
}

/** What lists registries, and judges them as such. */
export const listing = ({ config, store, open, now }: SweepWorld): ListDeps => ({
  ...{ store, open },
  judgeRegistry: (registry, { readers }) => judgeRegistry(registry, { config, readers, now: now() }),
})

/** What a sweep has written does not change: registries and sweeps of which it is kept. */
const BY_KEY = { keyOf: (key: string): string => key, most: 100 }

/** What is in use, read once for each registry, however many batches ask. */
function protections({ config, store }: SweepWorld) {
  const read = kept(BY_KEY, async (key): Promise<Protection | undefined> => {
    const inventory = config.cleanUp && (await readJson<Inventory>(store, key))
    return inventory && createProtection(inventory, config.cleanUp?.inUse.pins ?? [])
  })
  return (id: string, target: RegistryRef): Promise<Protection | undefined> => read(KEYS.inventory(id, target))
}

/**
 * Judges batches as the configuration asks for. Ages count from when the sweep began.
 * @param atOnce of a batch, otherwise as a function does
 */
export function judging(world: SweepWorld, atOnce?: SweepDeps['atOnce']): JudgeDeps['judge'] {
  const { config, store, open, now, readSbom } = world
  const protectionOf = protections(world)
  return async function* judge(repositories, { id, target }) {
    const [protection, begun] = await Promise.all([
      protectionOf(id, target),
      readJson<BegunSweep>(store, KEYS.begun(id)),
    ])
    const at = begun ? new Date(begun.at) : now()
    const { readers } = open(target, id)
    const exported = readSbom && exportedSboms(target, { store, read: readSbom, now: at })
    const deps = { config, store, protection, readers, now: at, exported }
    yield* judgeRepositories(repositories, { ...deps, ...(atOnce && { atOnce }) })
  }
}

async function begin(
  { scheduledTime, execution }: Extract<SweepEvent, { step: 'begin' }>,
  deps: StepDeps,
): Promise<Ran> {
  const at = new Date(scheduledTime)
  if (Number.isNaN(at.getTime()))
    throw new Error(`scheduledTime is ${JSON.stringify(scheduledTime)}, expected 2026-11-28T21:00:00Z`)
  const answer = await beginSweep({ at, execution }, { ...deps, sweep: deps.config.sweep })
  const skipped = { [METRICS.skipped]: { value: answer.begun ? 0 : 1, unit: 'Count' } } as const
  const [outcome, reason] = answer.begun
    ? ['begun', `registries to sweep: ${answer.targets.length}`]
    : ['skipped', answer.why]
  return { answer, outcome: { outcome, reason, event: answer.id }, metrics: skipped }
}

async function list({ id, target }: Extract<SweepEvent, { step: 'list' }>, deps: StepDeps): Promise<Ran> {
  const { exporter } = deps.open(target, id)
  // Before the batches read what it has exported.
  if (exporter) await settleExport(deps.store, target, exporter)
  const { problem, ...answer } = await listRegistry(id, target, listing(deps))
  const facts = { ...target, listed: answer.listed }
  return problem === null
    ? { answer, outcome: { outcome: 'listed', reason: 'all repositories are listed', event: id, ...facts } }
    : { answer, outcome: { outcome: 'not-listed', reason: problem, event: id, ...facts } }
}

function digestOf(report: SweepReport, look: FirstLook | undefined, { config, store, home, now, reportUrl }: StepDeps) {
  const { id } = report
  const { slack } = config.sweep
  const telling = { subject: { ...home, tags: [] }, slack, facts: [], notices: [], events: [id], now: now() }
  const command = `ecr-steward report --store ${store.name} --id ${id} --region ${home.region}`
  return composeDigest(telling, report, { url: reportUrl(id), command, look })
}

/** Says which indexes stay as they were, and tells of packages that are watched for. */
async function tellPackages(
  left: readonly NotIndexed[],
  watched: ReturnType<typeof watchingFor>,
  id: string,
  { home, now, store, alerts }: StepDeps,
): Promise<void> {
  for (const { why, ...registry } of left) logOutcome({ outcome: 'index-left', reason: why, event: id, ...registry })
  const telling = { subject: { ...home, tags: [] }, facts: [], notices: [], events: [id], now: now() }
  await watched.tell(left, async (watch, found, uncovered) => {
    const index = { uncovered, store: store.name }
    await alerts.publish(composePackageFound({ ...telling, slack: watch.slack }, watch, found, index))
  })
}

/** Has Inspector asked, in every registry, for SBOMs of images that carry none. What it refuses stops nothing. */
async function askInspector(
  bare: ReturnType<typeof collectBare>,
  targets: readonly RegistryRef[],
  id: string,
  { store, open, now }: StepDeps,
): Promise<void> {
  for (const { account, region } of targets) {
    const registry = { account, region }
    const asking = { store, access: open(registry, id), now: now() }
    const reason = await orReason(askForSboms(registry, bare.of(registry), asking))
    if (reason !== undefined) logOutcome({ outcome: 'sboms', reason, event: id, ...registry })
  }
}

async function report({ id }: Extract<SweepEvent, { step: 'report' }>, deps: Steps): Promise<Ran> {
  const { config, store, now, hub, begunAt } = deps
  const toHub = hub && withReport(hub, id)
  const untold = tellingOf(store, await begunAt(KEYS.begun(id)), config.alerts)
  const watched = watchingFor(config.sweep.watchFor ?? [], store)
  const bare = collectBare()
  const onShard = (text: string): void => {
    watched.onShard(text)
    if (deps.readSbom) bare.onShard(text)
  }
  const packages = config.sweep.packages && indexing(store, { id, now, onShard })
  const tell: ReportDeps['tell'] = async (made) => {
    await toHub?.end(made)
    if (packages) await tellPackages(await packages.end(made.targets), watched, id, deps)
    await askInspector(bare, made.targets, id, deps)
    await deps.alerts.publish(digestOf(made, untold.look(), deps))
    await untold.told(made)
  }
  const onRecord: ReportDeps['onRecord'] = async (record) => {
    untold.add(record)
    packages?.add(record)
    await toHub?.onRecord(record)
  }
  const { exceptions, sweep } = config
  const written = await writeReport(store, id, { sweep, exceptions, now, tell, onRecord })
  const answer = endedOf(written.report)
  const { verdict, listed, judged } = answer
  if (!written.isNew) return { answer, outcome: { outcome: 'known', reason: 'this sweep has ended before', event: id } }
  const outcome = { outcome: 'alerted', reason: `${judged} of ${listed} repositories judged: ${verdict}`, event: id }
  return { answer, outcome: { ...outcome, listed, judged }, metrics: sweepMetrics(written.report) }
}

/** All steps of one function. What is kept between batches is kept as long as it is. */
export function createSteps(deps: StepDeps, judge = judging(deps)): (event: SweepEvent) => Promise<Ran> {
  const { config, queues, store, now } = deps
  const begunAt = kept(BY_KEY, (key) => readJson<BegunSweep>(store, key))
  const hub = config.sweep.securityHub ? createHub(deps.securityHub, deps) : undefined
  const tell: JudgeDeps['tell'] = async (record, id) => {
    const begun = await begunAt(KEYS.begun(id))
    const sending = { id, at: begun?.at ?? now().toISOString(), isUntold: isUntold(begun, record) }
    await sendChanged(record, { ...sending, store, queues, alerts: config.alerts })
    await hub?.import(record, id)
  }
  return async (event) => {
    if (event.step === 'begin') return begin(event, deps)
    if (event.step === 'list') return list(event, deps)
    if (event.step === 'report') return report(event, { ...deps, hub, begunAt })
    if (event.step !== 'judge') throw new Error(`no such step: ${JSON.stringify(event)}`)
    const answer = await judgeBatch(event.batch, { store, judge, tell })
    const { id, target } = event.batch.BatchInput
    const reason = `${answer.repositories - answer.notJudged} of ${answer.repositories} repositories judged`
    return { answer, outcome: { outcome: 'judged', reason, event: id, ...target, ...answer } }
  }
}
