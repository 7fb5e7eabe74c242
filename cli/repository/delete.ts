import pLimit from 'p-limit'
import { readInventory } from '../../functions/adapters/in-use.ts'
import { ecrRegistry } from '../../functions/adapters/registry-reader.ts'
import { createProtection } from '../../functions/domain/in-use/protection.ts'
import { shellWord } from '../../functions/domain/rule/aws-command.ts'
import { Gone, Unreadable } from '../../functions/faults.ts'
import { pulledByRegistry } from '../../functions/planning/pulled-by-registry.ts'
import type { AWS_OPTIONS } from '../aws/aws-options.ts'
import { openSession, type Session } from '../aws/session.ts'
import { tellUnjudged } from '../check/rest.ts'
import { nearName } from '../check/run.ts'
import type { Missing } from '../check/subjects.ts'
import type { Target } from '../check/target.ts'
import { inUsePolicy } from '../clean-up/clean-up-policy.ts'
import { sourcesFor } from '../clean-up/in-use-sources.ts'
import { oneRegistry } from '../clean-up/named-repositories.ts'
import { exitOf } from '../clean-up/unread.ts'
import { CommandError } from '../command-error.ts'
import type { Exit } from '../exit.ts'
import type { Io } from '../io.ts'
import type { Values } from '../option.ts'
import { showProgress } from '../progress.ts'
import { repositoryTarget } from '../repositories.ts'
import { askFor, isInteractive } from './confirm.ts'
import { type Ended, type Report, reportDeleted, showDoomed } from './delete-report.ts'
import { type Doomed, type Guard, guardOnce, type Looking, lookAt } from './doomed.ts'
import { readElsewhere } from './elsewhere.ts'
import { type Deleting, removeRepository } from './remove.ts'
import { savedRepositories } from './saved-repositories.ts'

export type DeleteOptions = Pick<Values<typeof AWS_OPTIONS>, 'region' | 'profile' | 'verbose'> & {
  readonly config: string | undefined
  readonly force: boolean
  readonly yes: boolean
  readonly dryRun: boolean
  readonly json: boolean
}

/** @throws {CommandError} for an image, and for a pattern: what is deleted is named */
function wholeTarget(word: string): Target & { readonly kind: 'repository' } {
  const target = repositoryTarget(word, 'repositories are deleted; clean-up removes images')
  if (target.kind === 'repository') return target
  throw new CommandError(
    'usage',
    'A pattern may match more than is meant, so each repository that is to go has to be named.',
    `Which it matches: ecr-steward repository list ${shellWord(word)} --quick`,
  )
}

const commandLine = (words: readonly string[], { region, profile, config, force }: DeleteOptions): string =>
  [
    ...['ecr-steward repository delete', ...words.map(shellWord)],
    ...Object.entries({ region, profile, config }).flatMap(([name, value]) =>
      value ? [`--${name} ${shellWord(value)}`] : [],
    ),
    ...(force ? ['--force'] : []),
  ].join(' ')

/** @throws {CommandError} where a name has to be typed, and nobody can */
function checkTyping(words: readonly string[], options: DeleteOptions, io: Io): void {
  if (!options.force || options.yes || options.dryRun || isInteractive(io)) return
  const line = commandLine(words, options)
  throw new CommandError(
    'usage',
    '--force deletes images for ever, so it has the name typed first, and there is nobody at a terminal.',
    `What would go: ${line} --dry-run`,
    `To delete it without being asked: ${line} --yes`,
  )
}

/** Reads anew what is in use, whenever it is asked to. */
function guardReader(
  session: Session,
  inUse: Looking['inUse'],
  { config }: DeleteOptions,
  io: Io,
): () => Promise<Guard> {
  const { aws, registry } = session
  const sources = sourcesFor(session, inUse, config, io)
  const registryPolicy = () => ecrRegistry(aws, registry.region).policy(registry)
  return async () => {
    const [inventory, byRegistry] = await Promise.all([
      readInventory(sources, io.now),
      pulledByRegistry({ registry, inUse, registryPolicy }),
    ])
    return { protection: createProtection(inventory, inUse.pins), byRegistry }
  }
}

/** Repositories that are read side by side. */
const AT_ONCE = 10

type Looked = { readonly doomed: readonly Doomed[]; readonly missing: readonly Missing[] }

async function lookAtAll(targets: readonly ReturnType<typeof wholeTarget>[], looking: Looking): Promise<Looked> {
  const { session } = looking
  const [limit, missing]: [ReturnType<typeof pLimit>, Missing[]] = [pLimit(AT_ONCE), []]
  const one = async (name: string): Promise<readonly Doomed[]> => {
    try {
      return [await lookAt({ ...session.registry, repository: name }, looking)]
    } catch (error) {
      if (error instanceof Unreadable) missing.push({ name, problem: error.message })
      else if (!(error instanceof Gone)) throw error
      else missing.push({ name, problem: error.message + (await nearName(session, name)) })
      return []
    }
  }
  const names = [...new Set(targets.map(({ repository }) => repository))]
  const doomed = await Promise.all(names.map((name) => limit(one, name)))
  return { doomed: doomed.flat(), missing }
}

/** Those whose names were not typed; undefined where it was interrupted. */
async function notTyped(
  doomed: readonly Doomed[],
  options: DeleteOptions,
  io: Io,
): Promise<ReadonlySet<Doomed> | undefined> {
  const left = new Set<Doomed>()
  const asked = options.yes ? [] : doomed.filter(({ held, reasons }) => held.images > 0 && reasons.length === 0)
  for (const one of asked) {
    const { repository } = one.ref
    const answer = await askFor(repository, `To delete ${repository} with its images for ever, type its name: `, io)
    if (answer === 'interrupted') return undefined
    if (answer === 'other') left.add(one)
  }
  return left
}

async function carryOut(
  doomed: readonly Doomed[],
  deleting: Deleting,
  left: ReadonlySet<Doomed>,
): Promise<readonly Ended[]> {
  const ended: Ended[] = []
  for (const one of doomed) {
    if (one.reasons.length > 0) ended.push({ doomed: one, outcome: { state: 'refused' } })
    else if (left.has(one)) ended.push({ doomed: one, outcome: { state: 'left', why: 'its name was not typed' } })
    else ended.push(await removeRepository(one, deleting))
  }
  return ended
}

const planned = (doomed: Doomed): Ended => ({
  doomed,
  outcome: { state: doomed.reasons.length > 0 ? 'refused' : 'planned' },
})

function endOf(ended: readonly Ended[], missing: readonly Missing[], session: Session): Exit {
  const reasons = ended.flatMap(({ doomed, outcome }) => (outcome.state === 'refused' ? doomed.reasons : []))
  if (reasons.some(({ kind }) => kind === 'in-use' || kind === 'managed')) return 'fail'
  const unknown = [
    ...reasons.flatMap(({ kind, why }) => (kind === 'unknown' ? [why] : [])),
    ...ended.flatMap(({ outcome }) => (outcome.state === 'failed' ? [outcome.why] : [])),
  ]
  if (missing.length + unknown.length > 0) return exitOf({ missing, reasons: unknown }, session)
  const isLeft = reasons.length > 0 || ended.some(({ outcome }) => outcome.state === 'left')
  return isLeft ? 'usage' : 'pass'
}

/** Where people see what would go before they answer; nowhere for other programs. */
function streamFor({ json, yes, force, dryRun }: DeleteOptions, io: Io): NodeJS.WriteStream | undefined {
  if (io.stdout.isTTY && !json) return io.stdout
  return force && !yes && !dryRun ? io.stderr : undefined
}

/** Deletes repositories that nobody uses, or shows what that would take away. */
export async function deleteRepositories(words: readonly string[], options: DeleteOptions, io: Io): Promise<Exit> {
  const targets = words.map(wholeTarget)
  checkTyping(words, options, io)
  const inUse = inUsePolicy(options.config, io)
  const session = await openSession({ ...options, rate: undefined, ...oneRegistry(targets) }, io)
  const readGuard = guardReader(session, inUse, options, io)
  const looking = { session, inUse, force: options.force }
  const label = () => 'reading what would go, and what is in use'
  const endProgress = options.verbose ? () => {} : showProgress(io.stderr, label)
  const [{ doomed, missing }, elsewhere] = await Promise.all([
    lookAtAll(targets, { ...looking, guard: guardOnce(readGuard) }),
    readElsewhere(session),
  ]).finally(endProgress)
  const stream = streamFor(options, io)
  if (stream && doomed.length > 0) showDoomed(doomed, elsewhere, stream, io.now())
  const left = options.dryRun ? new Set<Doomed>() : await notTyped(doomed, options, io)
  if (left === undefined) return 'interrupted'
  const deleting = { ...looking, readGuard, saved: savedRepositories(io) }
  const ended = options.dryRun ? doomed.map(planned) : await carryOut(doomed, deleting, left)
  const report: Report = { ended, elsewhere, missing, outcome: endOf(ended, missing, session) }
  reportDeleted(report, options.json, io)
  tellUnjudged(missing, [{ session, targets }], io)
  if (options.dryRun && ended.some(({ outcome }) => outcome.state === 'planned'))
    io.stderr.write(`Nothing was deleted. To delete: ${commandLine(words, options)}\n`)
  return report.outcome
}
