import { applyPlan } from '../../functions/clean-up/apply.ts'
import { Halt } from '../../functions/clean-up/halt.ts'
import { readJournal } from '../../functions/clean-up/journal.ts'
import { checkJournal } from '../../functions/clean-up/refusal.ts'
import { type Rehearsal, rehearse } from '../../functions/clean-up/rehearse.ts'
import { readStopSwitch } from '../../functions/clean-up/stop-switch.ts'
import { cleanUpCommand } from '../../functions/domain/clean-up/command.ts'
import type { ApplyReport } from '../../functions/domain/clean-up/outcome.ts'
import type { Plan } from '../../functions/domain/clean-up/plan.ts'
import { planText } from '../../functions/domain/clean-up/seal.ts'
import { counted } from '../../functions/domain/counted.ts'
import { Unreadable } from '../../functions/faults.ts'
import type { Store } from '../../functions/planning/store.ts'
import type { AWS_OPTIONS } from '../aws/aws-options.ts'
import { openSession, type Session } from '../aws/session.ts'
import { CommandError } from '../command-error.ts'
import type { Exit } from '../exit.ts'
import type { Io } from '../io.ts'
import type { Values } from '../option.ts'
import { showProgress } from '../progress.ts'
import { columnsOf, oneLine, painter, wrap } from '../terminal.ts'
import { applyDeps, storeOf } from './apply-deps.ts'
import { applyLines, listLines } from './apply-report.ts'
import { inUsePolicy } from './clean-up-policy.ts'
import { asUsage, findPlan, namedPlan } from './find-plan.ts'
import type { Look } from './going-lines.ts'
import { watchInterruption } from './interruption.ts'
import { summaryLines } from './summary.ts'
import { exitOf, tellMissing } from './unread.ts'

export type ApplyOptions = Values<typeof AWS_OPTIONS> & {
  readonly config: string | undefined
  readonly store: string | undefined
  readonly yes: boolean
  readonly json: boolean
}

type Applying = {
  readonly plan: Plan
  readonly store: Store
  readonly session: Session
  readonly options: ApplyOptions
  readonly io: Io
}

const lookOf = ({ stdout }: Io): Look => ({ paint: painter(stdout), width: columnsOf(stdout) })

const isOfHere = (options: ApplyOptions): string => options.store ?? '.ecr-steward/clean-up'

const commandFor = (verb: 'apply' | 'undo', { plan, options }: Applying): string =>
  cleanUpCommand(verb, { id: plan.id, region: plan.region, store: isOfHere(options) })

/** The end of a command whose store or registry cannot be read. */
function asCommandFault(error: unknown): unknown {
  if (error instanceof Unreadable) return new CommandError('unknown', `${error.message}, so nothing is removed.`)
  if (error instanceof Halt)
    return new CommandError('unknown', error.message, 'Nothing is removed as long as that is so.')
  return asUsage(error)
}

function rehearsalLines({ goes, gone, kept }: Rehearsal, applying: Applying): readonly string[] {
  const look = lookOf(applying.io)
  const { paint, width } = look
  const images = kept.map(({ item, why }) => ({ repository: item.repository, digest: item.digest, why }))
  const others = gone.length > 0 ? `, ${counted(gone.length, 'image')} gone already` : ''
  return [
    '',
    paint('bold', 'AS OF NOW'),
    ...wrap(
      `${counted(goes.length, 'image')} would go, ${counted(kept.length, 'image')} would be kept${others}.`,
      width,
    ),
    ...listLines('WOULD BE KEPT', images, look),
    '',
    ...wrap('Nothing was removed: that takes --yes.', width),
    `${paint('dim', '$')} ${paint('cyan', oneLine(commandFor('apply', applying)))}`,
  ]
}

const policyOf = ({ config }: ApplyOptions, io: Io) => ({ inUse: inUsePolicy(config, io), config })

/** Shows what it would do. */
async function tried(applying: Applying): Promise<Exit> {
  const { plan, store, session, options, io } = applying
  const deps = await applyDeps(session, store, policyOf(options, io), io)
  checkJournal(plan, await readJournal(store, plan.id))
  const rehearsal = await rehearse(plan, deps)
  // Kept where the command that is shown finds it.
  await store.create(`plans/${plan.id}.json`, planText(plan))
  const stop = await readStopSwitch(store)
  const summary = summaryLines(plan, { ...lookOf(io), apply: commandFor('apply', applying), entries: [] })
  const lines = options.json ? [JSON.stringify(rehearsal)] : [...summary, ...rehearsalLines(rehearsal, applying)]
  io.stdout.write(`${lines.join('\n')}\n`)
  if (stop) io.stderr.write(`${oneLine(`The stop switch is on: ${stop.by} at ${stop.at}: ${stop.reason}`)}\n`)
  tellMissing([], session, io)
  return exitOf({ missing: [], reasons: [] }, session)
}

function exitOfReport({ stopped, failed }: ApplyReport, session: Session): Exit {
  if (stopped?.by === 'interrupted') return 'interrupted'
  const reasons = [...(stopped ? [stopped.why] : []), ...failed.map(({ why }) => why)]
  return exitOf({ missing: [], reasons }, session)
}

async function applied(applying: Applying): Promise<Exit> {
  const { plan, store, session, options, io } = applying
  const interruption = watchInterruption(io)
  let [at, settled] = ['', 0]
  const label = (): string =>
    `${settled} of ${counted(plan.items.length, 'image')} settled${at === '' ? '' : `, ${at}`}`
  const endProgress = options.verbose ? () => {} : showProgress(io.stderr, label)
  const deps = await applyDeps(session, store, policyOf(options, io), io)
  try {
    await store.create(`plans/${plan.id}.json`, planText(plan))
    const report = await applyPlan(plan, {
      ...{ ...deps, isInterrupted: interruption.wasAsked },
      onProgress(repository, count) {
        ;[at, settled] = [repository, count]
      },
    })
    endProgress()
    const commands = { again: commandFor('apply', applying), undo: commandFor('undo', applying) }
    const lines = options.json ? [JSON.stringify(report)] : applyLines(report, { ...lookOf(io), ...commands })
    io.stdout.write(`${lines.join('\n')}\n`)
    tellMissing([], session, io)
    return exitOfReport(report, session)
  } finally {
    endProgress()
    interruption.end()
  }
}

/** Carries out a plan, or shows what that would do: just that, image by image, each looked at again. */
export async function cleanUpApply([word = '']: readonly string[], options: ApplyOptions, io: Io): Promise<Exit> {
  const named = namedPlan(word, io)
  const session = await openSession(options, io)
  const place = options.store ?? ('place' in named ? named.place : undefined)
  const store = storeOf(place, session, io)
  try {
    const plan = await findPlan(named, store)
    return await (options.yes ? applied : tried)({ plan, store, session, options: { ...options, store: place }, io })
  } catch (error) {
    throw asCommandFault(error)
  }
}
