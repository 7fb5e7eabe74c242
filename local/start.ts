import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { burstsOf } from '../cli/replay/bursts.ts'
import { type EventInput, timeOf } from '../cli/replay/event-input.ts'
import { columnsOf, painter, progress } from '../cli/terminal.ts'
import type { StewardConfig } from '../config/load.ts'
import type { Alert } from '../functions/domain/alert.ts'
import { approve } from './approve.ts'
import { ensureAssembly } from './assembly.ts'
import { localConfig } from './config.ts'
import { readEvents, sampleEvents } from './event-files.ts'
import { followCalls } from './live.ts'
import { portOf } from './port.ts'
import { type Replayed, replayer, replaySchedule } from './replay.ts'
import { closeRegistry } from './seed/registry.ts'
import { approvedLines, storyteller, summarise } from './story.ts'
import { explain, run, UserError, usageError } from './user-error.ts'
import { startWorld, type World } from './world.ts'

const HELP = `Runs the product on this machine: events in, Slack and SNS messages out, with the rules, queues and functions of the
synthesised stack and an emulated AWS on 127.0.0.1.

  npm start                      every sample of events/, in the order in which they happened, a clean-up and a sweep
  npm start -- FILE…             these EventBridge events: one per file, or an array of them
  npm start -- --json            one JSON object per event instead of the story
  npm start -- --serve           stay up, with a page that shows the Slack messages; what is then pushed or changed with
                                 the AWS CLI is told too
      --port N                   port of that page (default 3000)
      --help                     this text

Exit codes: 0 the run ended, whatever it found; 1 it could not run.
`

/** Why a run on schedule has something to remove. */
const CLOSED = `
          The registry policy has been closed meanwhile: while others may pull whom nobody looks at, nothing is removed.`

/** Schedules of the stack. */
const CLEAN_UP = 'clean-up/Schedule'
const SWEEP = 'sweep/Schedule'

const ROOT = join(import.meta.dirname, '..')
const CONFIG = join(ROOT, 'steward.yaml')

type Options = {
  readonly files: readonly string[]
  readonly json: boolean
  readonly serve: boolean
  readonly port: number
}

function readOptions(): Options | undefined {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        json: { type: 'boolean', default: false },
        serve: { type: 'boolean', default: false },
        port: { type: 'string', default: '3000' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    })
    if (values.help) return undefined
    return { files: positionals, json: values.json, serve: values.serve, port: portOf(values.port) }
  } catch (error) {
    if (error instanceof UserError) throw error
    throw usageError(error, 'npm start')
  }
}

const jsonLine = ({ input, detailType, rules, functions, outcome, reason, alerts }: Replayed): string =>
  JSON.stringify({ event: input.name, detailType, rules, functions, outcome, reason, alerts })

/** Somebody reads a message that was told, and runs its command. */
async function tellApproval(world: World, { alerts }: Replayed, kind: Alert['kind']): Promise<void> {
  const alert = alerts.find((one) => one.kind === kind)
  const approved = alert && (await progress('what it tells to do', approve(world, alert, CONFIG)))
  if (approved) console.log(approvedLines(approved, painter(process.stdout), columnsOf(process.stdout)))
}

/** Replays bursts and prints what became of them. */
function narrator(world: World, config: StewardConfig, { json }: Options) {
  const paint = painter(process.stdout)
  const columns = columnsOf(process.stdout)
  const story = storyteller(paint, columns)
  const replay = replayer(world, config)
  const tell = (told: Replayed): void => console.log(json ? jsonLine(told) : story.tell(told))
  /** Lets a schedule of the stack come, and follows its message. */
  async function replayNight(schedule: string, kind: Alert['kind']): Promise<Replayed> {
    const told = await progress(schedule, replaySchedule(world, schedule))
    tell(told)
    if (!json) await tellApproval(world, told, kind)
    return told
  }
  const nights = async (): Promise<Replayed[]> => {
    closeRegistry(world.aws)
    if (!json) console.log(CLOSED)
    return [await replayNight(CLEAN_UP, 'clean-up'), await replayNight(SWEEP, 'digest')]
  }
  return {
    /** @param night whether the schedules come after the events */
    async replayAll(inputs: readonly EventInput[], night: boolean): Promise<void> {
      const all: Replayed[] = []
      for (const burst of burstsOf(inputs)) {
        const told = await progress(`${burst[0]?.name} (${all.length + 1} of ${inputs.length})`, replay(burst))
        all.push(...told)
        told.forEach(tell)
      }
      if (night) all.push(...(await nights()))
      const sent = world.slack.received().filter(({ status }) => status === 200).length
      if (!json) console.log(summarise(all, sent, paint, columns))
    },
    follow: (): void => followCalls(world, replay, tell, (error) => console.error(explain(error) ?? error)),
  }
}

const tryIt = ({ aws }: World): string => `Change something, and see it told:
  AWS_ENDPOINT_URL=${aws.url} AWS_ACCESS_KEY_ID=alice AWS_SECRET_ACCESS_KEY=x \\
    aws ecr put-image-tag-mutability --region ${aws.region} --repository-name prod/api --image-tag-mutability MUTABLE`

const interrupted = (): Promise<void> =>
  new Promise((resolve) => {
    process.once('SIGINT', () => resolve())
    process.once('SIGTERM', () => resolve())
  })

async function main(): Promise<void> {
  const options = readOptions()
  if (!options) return console.log(HELP)
  const config = localConfig(ROOT)
  const inputs = options.files.length > 0 ? options.files.flatMap(readEvents) : sampleEvents(join(ROOT, 'events'))
  const { folder } = await progress('synthesising the stack', ensureAssembly(ROOT))
  const start = Math.min(...inputs.map(({ event }) => timeOf(event) ?? Date.now()), Date.now())
  const ports = { slack: options.serve ? options.port : 0 }
  const world = await progress('starting the local AWS', startWorld({ assembly: folder, config, start, ports }))
  try {
    const { replayAll, follow } = narrator(world, config, options)
    await replayAll(inputs, options.files.length === 0 && config.cleanUp !== undefined && config.sweep !== undefined)
    if (!options.serve) return
    follow()
    console.error(
      `\nThe messages: ${world.slack.url}   The report: ${world.slack.url}/report   The local AWS: ${world.aws.url}   Ctrl-C ends it.`,
    )
    console.error(tryIt(world))
    await interrupted()
  } finally {
    await world.close()
  }
}

await run(main)
