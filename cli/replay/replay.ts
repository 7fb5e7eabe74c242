import type { StewardConfig } from '../../config/load.ts'
import { openSession } from '../aws/session.ts'
import { readConfiguration } from '../configuration.ts'
import type { Exit } from '../exit.ts'
import type { Io } from '../io.ts'
import { showProgress } from '../progress.ts'
import { tellDenied } from '../sweep/access.ts'
import { batchesOf } from './batches.ts'
import { recorded } from './calls.ts'
import { type Home, homeOf } from './home.ts'
import { liveCalls } from './live.ts'
import { type Input, readInputs } from './read-inputs.ts'
import { inWords, jsonReport, type Report, tabReport } from './report.ts'
import type { Replayed } from './result.ts'
import { type Replaying, replayer } from './run.ts'
import { storyReport } from './story.ts'

export type ReplayOptions = {
  readonly config: string | undefined
  readonly home: string | undefined
  readonly live: boolean
  readonly json: boolean
  readonly region: string | undefined
  readonly profile: string | undefined
  readonly verbose: boolean
}

/** Where what is told comes from, and what happens after each batch and at the end. */
type World = Pick<Replaying, 'home' | 'isLive' | 'callsOf' | 'endpoint'> & {
  readonly about: readonly string[]
  check(): void
  isDenied(): boolean
}

const NEWS = 'What was told before is not known: everything counts as news.'

function offline(home: Home): World {
  const where = `registry ${home.account} in ${home.region}`
  return {
    ...{ home, isLive: false, callsOf: (note) => (registry) => recorded(note, registry) },
    about: [
      `Told from the events alone: no account is asked, nothing is written or sent. ${NEWS} --live reads what ECR says now.`,
      ...(home.isGuess ? [`Taken for the stack's own: ${where}. --home ACCOUNT/REGION says otherwise.`] : []),
    ],
    check: () => {},
    isDenied: () => false,
  }
}

async function live(options: ReplayOptions, home: Home, io: Io): Promise<World> {
  const given = home.isGuess ? undefined : home
  const opening = { ...options, rate: undefined, region: options.region ?? given?.region, account: given?.account }
  const session = await openSession(opening, io)
  const { callsOf, denied, check } = liveCalls(session, options, io)
  return {
    ...{ home: session.registry, isLive: true, callsOf, endpoint: session.endpoint, check },
    about: [`Told by what ECR says now. Nothing is written or sent. ${NEWS}`],
    isDenied() {
      tellDenied(denied, session.registry, io)
      return denied.some(({ denials }) => denials.length > 0)
    },
  }
}

function reportTo({ stdout }: Io, json: boolean): Report {
  if (json) return jsonReport(stdout)
  return stdout.isTTY ? storyReport(stdout) : tabReport(stdout)
}

/** Replays one batch after the other, and reports each as soon as it is known. */
async function replayAll(inputs: readonly Input[], config: StewardConfig, world: World, io: Io, report: Report) {
  const replay = replayer({ ...world, config, now: io.now })
  const all: Replayed[] = []
  for (const batch of batchesOf(inputs)) {
    const end = showProgress(io.stderr, () => `${batch[0]?.name} (${all.length + 1} of ${inputs.length})`)
    const replayed = await replay(batch).finally(end)
    world.check()
    report(replayed)
    all.push(...replayed)
  }
  return all
}

const exitOf = (all: readonly Replayed[], world: World): Exit => {
  if (world.isDenied()) return 'access'
  return all.some(({ outcome }) => outcome === 'invalid') ? 'unknown' : 'pass'
}

/** Tells what the stack would do about events. */
export async function replay(words: readonly string[], options: ReplayOptions, io: Io): Promise<Exit> {
  const { config } = readConfiguration(options.config, io)
  const inputs = await readInputs(words, io)
  const home = homeOf(options.home, inputs, config)
  const world = options.live ? await live(options, home, io) : offline(home)
  const all = await replayAll(inputs, config, world, io, reportTo(io, options.json))
  for (const line of [inWords(all), ...world.about]) io.stderr.write(`${line}\n`)
  return exitOf(all, world)
}
