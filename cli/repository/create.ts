import type { RepositoryRef } from '../../functions/domain/facts/repository-facts.ts'
import { type NewRepository, newRepository } from '../../functions/domain/new-repository/new-repository.ts'
import { partitionName } from '../../functions/domain/registry.ts'
import { Unreadable } from '../../functions/faults.ts'
import type { AWS_OPTIONS } from '../aws/aws-options.ts'
import { openSession, type Session } from '../aws/session.ts'
import { permissionLines } from '../check/rest.ts'
import { CommandError } from '../command-error.ts'
import type { Exit } from '../exit.ts'
import type { Io } from '../io.ts'
import type { Values } from '../option.ts'
import { type Call, callsFor } from './calls.ts'
import { createLine } from './create-line.ts'
import { type Created, reportCreated, type State } from './create-report.ts'
import { differencesOf, type Existing } from './differences.ts'
import { findExisting, scanningOf } from './found.ts'
import { type Done, makeAll, Raced } from './make.ts'
import { flagCounts, scanningWords } from './scanning.ts'
import { configurationNear, verdictsOn } from './verdicts.ts'
import { type Asked, wantedFrom } from './wanted.ts'

export type CreateOptions = Asked &
  Pick<Values<typeof AWS_OPTIONS>, 'region' | 'profile' | 'verbose'> & {
    readonly config: string | undefined
    readonly dryRun: boolean
    readonly json: boolean
  }

/** @throws {CommandError} where AWS does not answer: nothing was made then */
async function reading<T>(work: Promise<T>, session: Session, { repository }: RepositoryRef): Promise<T> {
  try {
    return await work
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error
    const exit = session.denials.length > 0 ? 'access' : 'unknown'
    const what = `Whether there is a repository ${repository} could not be read, so nothing was made`
    throw new CommandError(exit, `${what}: ${error.message}.`, ...permissionLines(session))
  }
}

/** @throws {CommandError} where it is otherwise than asked */
function checkDifferences(ref: RepositoryRef, made: NewRepository, existing: Existing, ownFlag: boolean): void {
  const differences = differencesOf({ ref, made, existing }, ownFlag)
  if (differences.length === 0) return
  const steps = [...new Set(differences.map(({ next }) => next))]
  throw new CommandError(
    'usage',
    `${ref.repository} is there already, and is otherwise than asked. It is left as it is:`,
    ...differences.map(({ what, is, asked }) => `${what}: ${is}; asked: ${asked}`),
    ...['What changes it:', ...steps.map((step) => `  ${step}`)],
    `What the policy says of it: ecr-steward check ${ref.repository}`,
  )
}

type Creating = {
  readonly session: Session
  readonly ref: RepositoryRef
  readonly made: NewRepository
  readonly dryRun: boolean
  /** Whether the repository's own scan on push has a say. */
  readonly ownFlag: boolean
}

/** What is to be done, as the registry is now. @throws {CommandError} */
async function planFor(creating: Creating): Promise<readonly Call[]> {
  const { session, ref, made, ownFlag } = creating
  const existing = await reading(findExisting(session, ref), session, ref)
  if (existing) checkDifferences(ref, made, existing, ownFlag)
  return callsFor(made, existing)
}

/** Whoever comes second finds what the first one made: looked at once more, it is as asked, or refused. */
async function carryOut(creating: Creating): Promise<readonly Done[]> {
  const calls = await planFor(creating)
  if (creating.dryRun) return calls.map((call) => ({ call }))
  try {
    return await makeAll(calls, creating)
  } catch (error) {
    if (!(error instanceof Raced)) throw error
    return makeAll(await planFor(creating), creating)
  }
}

function stateOf(calls: readonly Done[], { dryRun }: Creating): State {
  if (calls.length === 0) return 'unchanged'
  if (dryRun) return 'planned'
  if (calls.some(({ failed }) => failed !== undefined)) return 'incomplete'
  return calls[0]?.call.brings === 'repository' ? 'created' : 'completed'
}

/** What failed, what is lacking, and what finishes it. */
function failure({ calls, ref }: Created, session: Session, again: string): CommandError {
  const exit = session.denials.length > 0 ? 'access' : 'unknown'
  const failed = calls.flatMap((done) => (done.failed === undefined ? [] : [done]))
  const why = failed.map((done) => done.failed)
  const isMade = failed.every(({ call }) => call.brings !== 'repository')
  const lacking = failed.map(({ call }) => call.brings).join(' and ')
  const message = isMade
    ? `${ref.repository} is made, and lacks its ${lacking}: ${why.join('; ')}.`
    : `${ref.repository} was not made: ${why.join('; ')}.`
  return new CommandError(
    exit,
    message,
    ...permissionLines(session),
    `The same command ${isMade ? 'finishes' : 'makes'} it: ${again}`,
  )
}

const END: Readonly<Partial<Record<State, string>>> = {
  planned: 'Nothing was made. To make it: ',
  unchanged: 'It is as asked already: nothing was done.',
}

/** Makes a repository as the rules want it, or shows the calls that would. */
export async function createRepository(name: string, options: CreateOptions, io: Io): Promise<Exit> {
  const wanted = wantedFrom(name, options, io)
  const configuration = configurationNear(options.config, io)
  const session = await openSession({ ...options, rate: undefined }, io)
  const ref = { ...session.registry, repository: name }
  const made = newRepository(wanted, { partition: partitionName(ref.region) })
  const scanning = await scanningOf(session)
  const creating = { session, ref, made, dryRun: options.dryRun, ownFlag: flagCounts(scanning) }
  const calls = await carryOut(creating)
  const state = stateOf(calls, creating)
  const again = createLine(name, options)
  const isThere = state === 'created' || state === 'completed' || state === 'unchanged'
  const created: Created = {
    ...{ ref, state, calls, scanning: scanningWords(scanning, ref, wanted.scanOnPush ?? true) },
    verdicts: isThere && configuration ? await verdictsOn(ref, configuration, session, io) : undefined,
  }
  if (state === 'incomplete') {
    if (options.json) reportCreated(created, true, io)
    throw failure(created, session, again)
  }
  reportCreated(created, options.json, io)
  if (END[state]) io.stderr.write(`${END[state]}${state === 'planned' ? again : ''}\n`)
  return 'pass'
}
