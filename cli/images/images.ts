import { show } from '../../config/fault.ts'
import { repositoryImages } from '../../functions/adapters/repository-images.ts'
import type { RepositoryRef } from '../../functions/domain/facts/repository-facts.ts'
import { Gone, Unreadable } from '../../functions/faults.ts'
import { type Policy, policyOf } from '../../functions/judging/policy.ts'
import type { ListedImage } from '../../functions/judging/repository-images.ts'
import type { AWS_OPTIONS } from '../aws/aws-options.ts'
import { openSession, type Session } from '../aws/session.ts'
import { readersOf } from '../check/readers.ts'
import { permissionLines } from '../check/rest.ts'
import { AT_ONCE, nearName } from '../check/run.ts'
import type { Target } from '../check/target.ts'
import { CommandError } from '../command-error.ts'
import { type Configuration, findConfiguration, readConfiguration } from '../configuration.ts'
import type { Exit } from '../exit.ts'
import type { Io } from '../io.ts'
import type { Values } from '../option.ts'
import { repositoryTarget } from '../repositories.ts'
import { newestOf } from './newest.ts'
import { type ListingProgress, listingProgress } from './progress.ts'
import { listedRow, type Reading, readRows } from './read-rows.ts'
import { type Listed, writeImages } from './write.ts'

export type ImagesOptions = Values<typeof AWS_OPTIONS> & {
  readonly config: string | undefined
  readonly tagged: boolean
  readonly untagged: boolean
  readonly limit: number | undefined
  readonly quick: boolean
  readonly json: boolean
}

/** Images that are shown unless told otherwise. */
const LIMIT = 50

/** Without a configuration nothing is asked. */
const NO_POLICY: Policy = { rulesOn: () => [], asksOfImages: () => false, bases: [] }

/** The one repository that is listed. @throws {CommandError} for a pattern or an image */
function targetOf(word = ''): Extract<Target, { readonly kind: 'repository' }> {
  const target = repositoryTarget(word, 'the images of a whole repository are listed')
  if (target.kind === 'repository') return target
  throw new CommandError(
    'usage',
    `${show(word, 100)} is a pattern, and the images of one repository are listed.`,
    'Name one. ecr-steward check judges those of many.',
  )
}

/** @throws {CommandError} for options that leave nothing */
function checkOptions({ tagged, untagged }: ImagesOptions): void {
  if (tagged && untagged)
    throw new CommandError('usage', '--tagged and --untagged together leave no image.', 'Leave both out for all.')
}

/** Undefined where none is wanted, named or near. @throws {ConfigError} */
const configurationOf = ({ quick, config }: ImagesOptions, io: Io): Configuration | undefined =>
  quick || findConfiguration(config, io) === undefined ? undefined : readConfiguration(config, io)

/** Why nothing is listed. */
async function refusal(
  error: Gone | Unreadable,
  { repository }: RepositoryRef,
  session: Session,
): Promise<CommandError> {
  const isGone = error instanceof Gone
  const message = `${repository}: ${error.message}${isGone ? await nearName(session, repository) : ''}`
  const exit = session.denials.length > 0 ? 'access' : 'unknown'
  return new CommandError(exit, message, ...permissionLines(session))
}

type Listing = {
  readonly ref: RepositoryRef
  readonly session: Session
  readonly configuration: Configuration | undefined
  readonly options: ImagesOptions
  readonly io: Io
  readonly progress: ListingProgress
}

const isWanted =
  ({ tagged, untagged }: ImagesOptions) =>
  ({ stored: { tags } }: ListedImage): boolean =>
    tags.length > 0 ? !untagged : !tagged

/** @throws {Unreadable} @throws {Gone} */
async function list({ ref, session, configuration, options, io, progress }: Listing): Promise<Listed> {
  const { aws, endpoint, registry } = session
  const policy = configuration ? policyOf(configuration.config, []) : NO_POLICY
  const images = repositoryImages(aws, { region: registry.region, endpoint, bases: policy.bases })(ref, false)
  const newest = await newestOf(images.pages(), options.limit ?? LIMIT, isWanted(options), progress.onListed)
  const { total } = newest
  if (options.quick) return { total, rows: newest.images.map(listedRow) }
  progress.onRead(newest.images.length)
  const reading: Reading = {
    ...{
      images,
      hasPolicy: configuration !== undefined,
      atOnce: options.concurrency ?? AT_ONCE,
      onRow: progress.onRow,
    },
    opensAll: policy.asksOfImages(ref.repository),
    judging: {
      ...{ readers: readersOf(session, policy), policy, now: io.now() },
      exceptions: configuration?.config.exceptions ?? [],
    },
  }
  return { total, rows: await readRows(newest.images, reading) }
}

/** Shows the images of a repository, the newest first. */
export async function images(words: readonly string[], options: ImagesOptions, io: Io): Promise<Exit> {
  checkOptions(options)
  const { account, region = options.region, repository } = targetOf(words[0])
  const configuration = configurationOf(options, io)
  const session = await openSession({ ...options, account, region }, io)
  const ref = { ...session.registry, repository }
  const progress = listingProgress(io, options.verbose)
  try {
    const listed = await list({ ref, session, configuration, options, io, progress })
    progress.end()
    return writeImages(listed, { ref, session, configuration, json: options.json, quick: options.quick }, io)
  } catch (error) {
    if (error instanceof Gone || error instanceof Unreadable) throw await refusal(error, ref, session)
    throw error
  } finally {
    progress.end()
  }
}
