import { readStoredSbom } from '../../functions/adapters/evidence-reading.ts'
import { minute } from '../../functions/domain/compose.ts'
import type { SweepReport } from '../../functions/domain/sweep/report.ts'
import { type SweepConfig, sweepConfig } from '../../functions/sweep/contract.ts'
import { indexing } from '../../functions/sweep/package-index.ts'
import { type ReportDeps, writeReport } from '../../functions/sweep/report.ts'
import type { AWS_OPTIONS } from '../aws/aws-options.ts'
import { openSession, type Session } from '../aws/session.ts'
import { AT_ONCE } from '../check/run.ts'
import { watchInterruption } from '../clean-up/interruption.ts'
import { CommandError } from '../command-error.ts'
import { readConfiguration } from '../configuration.ts'
import type { Exit } from '../exit.ts'
import type { Io } from '../io.ts'
import type { Values } from '../option.ts'
import { oneLine, painter } from '../terminal.ts'
import { openRegistries, type Registries, tellDenied } from './access.ts'
import { sameStore } from './again.ts'
import { type Begun, beginSweep, sweepToResume } from './begin.ts'
import { exitOf } from './exit-of.ts'
import { unendedSweep } from './find-sweep.ts'
import { boundGarbage } from './garbage.ts'
import { judgeAll } from './judge-all.ts'
import { sweepProgress } from './progress.ts'
import { asStoreFault } from './report.ts'
import { showReport } from './show-report.ts'
import { type SweepStore, storeFor } from './stores.ts'
import { sweepPolicy, wantedTargets } from './wanted.ts'

export type SweepOptions = Values<typeof AWS_OPTIONS> & {
  readonly accounts: readonly string[]
  readonly regions: readonly string[]
  readonly resume: boolean
  readonly output: 'table' | 'json'
  readonly open: boolean
  readonly store: string | undefined
  readonly config: string | undefined
}

type Surroundings = {
  readonly session: Session
  readonly store: SweepStore
  readonly config: SweepConfig
  readonly options: SweepOptions
  readonly io: Io
}

/** Says that there is one that could be gone on with. */
async function tellUnended({ store, options, io: { stderr } }: Surroundings): Promise<void> {
  const unended = await unendedSweep(store)
  if (!unended?.isNewest) return
  const label = painter(stderr)('yellow', 'note:')
  const resume = sameStore('sweep --resume', options)
  stderr.write(`${label} the sweep ${unended.id} did not end. What goes on with it, instead of a new one: ${resume}\n`)
}

/** @throws {CommandError} where there is nothing to go on with, or it would be another one */
async function begun(surroundings: Surroundings): Promise<Begun> {
  const { session, store, config, options, io } = surroundings
  if (!options.resume) {
    const targets = wantedTargets(session.registry, options, config.sweep, io)
    await tellUnended(surroundings)
    return beginSweep(store, targets, io.now())
  }
  if (options.accounts.length + options.regions.length > 0)
    throw new CommandError(
      'usage',
      'A sweep goes on with the accounts and regions that it began with.',
      'Leave out --accounts and --regions, or --resume.',
    )
  const resumed = await sweepToResume(store)
  io.stderr.write(`Going on with the sweep ${resumed.id}, which began at ${minute(resumed.at)}.\n`)
  return resumed
}

/** Keeps the index of packages, where steward.yaml asks for one. */
function withPackages(
  id: string,
  { store: { store }, config, io }: Surroundings,
): Partial<Pick<ReportDeps, 'onRecord' | 'tell'>> {
  if (config.sweep.packages === undefined) return {}
  const packages = indexing(store, { id, now: io.now })
  return {
    onRecord: async (record) => packages.add(record),
    async tell({ targets }) {
      for (const { account, region, why } of await packages.end(targets))
        io.stderr.write(`The index of packages of ${account} in ${region} stays as it was: ${oneLine(why)}\n`)
    },
  }
}

/** @returns the report; undefined where somebody had it stop */
async function swept(begun: Begun, { open }: Registries, surroundings: Surroundings): Promise<SweepReport | undefined> {
  const {
    session,
    store: { store },
    config,
    options,
    io,
  } = surroundings
  const resume = sameStore('sweep --resume', options)
  const interruption = watchInterruption(
    io,
    `It stops after the batches that are under way; Ctrl-C again ends it at once. To go on: ${resume}`,
  )
  const progress = sweepProgress(io, options.verbose)
  const readSbom = config.sweep.packages === 'attached-else-inspector' ? readStoredSbom : undefined
  const world = { config, home: session.registry, store, open, now: io.now, readSbom }
  const atOnce = options.concurrency ?? AT_ONCE
  const endGrowth = boundGarbage()
  try {
    if (!(await judgeAll({ begun, world, progress, atOnce, isInterrupted: interruption.wasAsked }))) return undefined
    endGrowth()
    return (await writeReport(store, begun.id, { ...config, now: io.now, ...withPackages(begun.id, surroundings) }))
      .report
  } finally {
    endGrowth()
    progress.end()
    interruption.end()
  }
}

/** What ends a sweep in its midst, with how to go on. */
const withResume = (error: unknown, options: SweepOptions): unknown =>
  error instanceof CommandError
    ? new CommandError(
        error.exit,
        error.message,
        ...error.next,
        `What was judged is kept. To go on: ${sameStore('sweep --resume', options)}`,
      )
    : error

async function run(surroundings: Surroundings): Promise<Exit> {
  const { session, store, config, options, io } = surroundings
  const sweep = await begun(surroundings)
  const registries = openRegistries(session, config, options, io)
  try {
    const report = await swept(sweep, registries, surroundings)
    if (!report) return 'interrupted'
    await showReport(report, { at: store, options, io })
    tellDenied(registries.denied, session.registry, io)
    return exitOf(report, registries)
  } catch (error) {
    throw withResume(asStoreFault(error), options)
  }
}

/** Judges all registries that are wanted, and shows what came of it. */
export async function sweep(options: SweepOptions, io: Io): Promise<Exit> {
  const { config } = readConfiguration(options.config, io)
  const session = await openSession(options, io)
  const store = storeFor(options.store, session, io)
  const wanted = sweepConfig({ ...config, sweep: sweepPolicy(config) })
  try {
    return await run({ session, store, config: wanted, options, io })
  } catch (error) {
    throw asStoreFault(error)
  }
}
