import { faultText } from '../../config/fault.ts'
import { parseConfig, type StewardConfig } from '../../config/load.ts'
import { Unreadable } from '../../functions/faults.ts'
import type { AWS_OPTIONS } from '../aws/aws-options.ts'
import { openSession, type Session } from '../aws/session.ts'
import { readersOf } from '../check/readers.ts'
import { permissionLines, tellUnjudged } from '../check/rest.ts'
import { AT_ONCE } from '../check/run.ts'
import { CommandError } from '../command-error.ts'
import type { Exit } from '../exit.ts'
import type { Io } from '../io.ts'
import type { Values } from '../option.ts'
import { oneLine, painter } from '../terminal.ts'
import { fileText } from './document.ts'
import { destinationOf, writeWhole } from './file.ts'
import { type Account, lookAt, unreadIn } from './look.ts'
import { lookProgress } from './progress.ts'
import { proposalFor } from './proposal.ts'
import { writeReport } from './report.ts'
import { todayOf } from './today.ts'

export type InitOptions = Values<typeof AWS_OPTIONS> & {
  readonly output: string | undefined
  readonly force: boolean
  readonly enforce: boolean
  readonly limit: number | undefined
}

/** Repositories whose newest image is judged, unless told otherwise: a few minutes at the rates of ECR. */
const MOST_IMAGES = 300

function refusal(error: Unreadable, session: Session): CommandError {
  const exit = session.denials.length > 0 ? 'access' : 'unknown'
  const message = `The repositories of ${session.registry.region} cannot be listed: ${error.message}. Nothing is written.`
  return new CommandError(
    exit,
    message,
    ...permissionLines(session),
    'All that it reads: ecr-steward doctor --for init',
  )
}

/** @throws {CommandError} where not even the repositories can be listed */
async function look(session: Session, options: InitOptions, io: Io): Promise<Account> {
  const progress = lookProgress(io, options.verbose)
  try {
    return await lookAt({
      ...{ registry: session.registry, readers: readersOf(session), now: io.now(), progress },
      ...{ atOnce: options.concurrency ?? AT_ONCE, mostImages: options.limit ?? MOST_IMAGES },
    })
  } catch (error) {
    throw error instanceof Unreadable ? refusal(error, session) : error
  } finally {
    progress.end()
  }
}

/** What was written, as it is read: a file that is not valid is a fault of ours, and is not written. */
function readBack(text: string, now: Date): StewardConfig {
  const parsed = parseConfig(text, 'steward.yaml', now)
  if ('config' in parsed) return parsed.config
  throw new Error(`The file would not be valid: ${parsed.faults.map(faultText).join('; ')}`)
}

/** Why anything could not be read, each reason once. */
const reasonsIn = ({ registry, repositories, images }: Account): readonly string[] => [
  ...new Set([
    ...[registry, ...repositories].flatMap(({ facts }) => unreadIn(facts)),
    ...images.flatMap(({ unread }) => unread),
  ]),
]

/** What could not be read, on stderr. @returns how the command ends */
function tellGaps(account: Account, session: Session, io: Io): Exit {
  const { missing, unlisted, cut } = account
  const label = painter(io.stderr)('yellow', 'not complete:')
  const note = (text: string): void => void io.stderr.write(`${label} ${oneLine(text)}\n`)
  const unread = reasonsIn(account)
  for (const text of unread) note(text)
  for (const name of cut)
    note(`${name} has too many images to look through: the newest may be another one than was judged`)
  const lists = unlisted === undefined ? [] : [{ name: 'the list of repositories', problem: unlisted }]
  tellUnjudged([...lists, ...missing], [{ session, targets: [] }], io)
  if (session.denials.length > 0) return 'access'
  return unread.length + missing.length + lists.length > 0 ? 'unknown' : 'pass'
}

/** Writes a `steward.yaml` for the account as it is, and shows what it would tell. */
export async function init(options: InitOptions, io: Io): Promise<Exit> {
  const destination = destinationOf(options.output, options.force, io)
  const session = await openSession(options, io)
  const account = await look(session, options, io)
  const proposal = proposalFor(account, options.enforce)
  const text = fileText(account, proposal)
  const today = todayOf(account, readBack(text, io.now()))
  if (destination === 'stdout') io.stdout.write(text)
  else await writeWhole(destination, text, options.force)
  writeReport({ account, proposal, today, destination }, destination === 'stdout' ? io.stderr : io.stdout)
  return tellGaps(account, session, io)
}
