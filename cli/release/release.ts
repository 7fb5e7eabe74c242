import { AwsError } from '../../functions/adapters/signed-aws.ts'
import { type ImageRef, shortDigest } from '../../functions/domain/image.ts'
import { NO_QUARANTINE } from '../../functions/domain/quarantine/quarantine.ts'
import { quarantineNames } from '../../functions/domain/quarantine/tags.ts'
import { shellWord } from '../../functions/domain/rule/aws-command.ts'
import { Gone, Later, Unreadable } from '../../functions/faults.ts'
import { planRelease, type ReleaseStep, release as releaseTags } from '../../functions/policy/quarantine/release.ts'
import { imageSubject } from '../../functions/push-check/image-state.ts'
import type { AWS_OPTIONS } from '../aws/aws-options.ts'
import { openSession, type Session } from '../aws/session.ts'
import { whoCalls } from '../clean-up/apply-deps.ts'
import { exitOf, tellMissing } from '../clean-up/unread.ts'
import { CommandError } from '../command-error.ts'
import type { Exit } from '../exit.ts'
import { type ImageTarget, imageTarget } from '../gate/image-target.ts'
import type { Io } from '../io.ts'
import type { Values } from '../option.ts'
import { progress } from '../terminal.ts'
import { type Opened, openRelease } from './open.ts'
import { reportRelease } from './report.ts'
import { stateTable } from './table.ts'

export type ReleaseOptions = Pick<Values<typeof AWS_OPTIONS>, 'region' | 'profile' | 'verbose'> & {
  readonly yes: boolean
  /** Tags as they were; empty: all. */
  readonly tag: readonly string[]
  readonly reason: string | undefined
  readonly table: string | undefined
  readonly json: boolean
  readonly config: string | undefined
}

/** Digest of the image that a tag named before it came into quarantine, or that has this tag now. */
async function digestOf(
  { repository, name }: ImageTarget,
  registry: Session['registry'],
  { hands }: Opened,
): Promise<string> {
  if ('digest' in name) return name.digest
  const { tag } = name
  const [inQuarantine] = quarantineNames(tag, `sha256:${'0'.repeat(64)}`)
  const names = await hands.tags.named({ ...registry, repository }, [inQuarantine, tag])
  const digest = names.get(inQuarantine) ?? names.get(tag)
  if (digest !== undefined) return digest
  throw new Gone(`${repository} has neither a tag ${inQuarantine} nor a tag ${tag}`)
}

async function imageOf(target: ImageTarget, registry: Session['registry'], opened: Opened): Promise<ImageRef> {
  const { repository } = target
  const digest = await digestOf(target, registry, opened)
  const [image] = await opened.holdings.describe({ ...registry, repository }, [digest])
  if (!image) throw new Gone(`there is no image ${digest} in ${repository}`)
  return { ...registry, repository, digest, tags: image.tags }
}

async function carriedOut(
  image: ImageRef,
  { tag: only, reason }: ReleaseOptions,
  { memory, hands }: Opened,
  { by, now }: { readonly by: string; readonly now: Date },
): Promise<readonly ReleaseStep[]> {
  const claim = await memory.claim(imageSubject(image))
  const state = claim.told ?? { told: {}, events: [] }
  try {
    const keep = (quarantine: NonNullable<typeof state.quarantine>) => claim.keep({ ...state, quarantine })
    const { steps, next } = await releaseTags({
      ...{ image, before: state.quarantine, only, by, reason, now, hands, keep },
    })
    if (next === NO_QUARANTINE) await claim.release()
    else await claim.mark({ ...state, quarantine: next })
    return steps
  } catch (error) {
    await claim.release()
    throw error
  }
}

function asCommandError(error: unknown, isDone: boolean): unknown {
  if (error instanceof Gone) return new CommandError('unknown', `Nothing was released: ${error.message}.`)
  if (error instanceof Later)
    return new CommandError('unknown', `Nothing was released: ${error.message}.`, 'Run it again in two minutes.')
  if (error instanceof Unreadable || error instanceof AwsError)
    return new CommandError(
      /AccessDenied/.test(error.message) ? 'access' : 'unknown',
      `It is not known what ${isDone ? 'was' : 'would be'} released: ${error.message}.`,
      isDone ? 'Run it again: what is done is left alone.' : 'Nothing was changed. Run it again.',
    )
  return error
}

const commandLine = (word: string, { region, profile, table, config, tag, reason }: ReleaseOptions): string =>
  [
    ...['ecr-steward release', shellWord(word)],
    ...tag.map((one) => `--tag ${shellWord(one)}`),
    ...Object.entries({ reason, table, config, region, profile }).flatMap(([name, value]) =>
      value ? [`--${name} ${shellWord(value)}`] : [],
    ),
    '--yes',
  ].join(' ')

const why = (image: ImageRef): CommandError =>
  new CommandError(
    'usage',
    `${image.repository}@${shortDigest(image.digest)} has nothing in quarantine that was asked for.`,
    `Its tags are ${image.tags.join(', ') || 'none'}.`,
  )

/** Gives an image in quarantine its tags back, or shows what that would do. */
export async function release(word: string, options: ReleaseOptions, io: Io): Promise<Exit> {
  const target = imageTarget(word)
  const { account, region = options.region } = target
  const session = await openSession({ ...options, rate: undefined, account, region }, io)
  const table = await stateTable(options.table, session)
  if (!table) io.stderr.write('No stack is deployed in this account and region: what it had is read from its tags.\n')
  const opened = openRelease(session, table, options.config, io)
  try {
    const image = await imageOf(target, session.registry, opened)
    const look = async () => {
      const state = await opened.peek(imageSubject(image))
      return planRelease(image, state?.quarantine ?? NO_QUARANTINE, options.tag, opened.hands.tags)
    }
    const who = async () => ({ by: await whoCalls(session), now: io.now() })
    const work = options.yes ? carriedOut(image, options, opened, await who()) : look()
    const steps = await progress('releasing', work, io.stderr)
    if (steps.length === 0) throw why(image)
    reportRelease(image, steps, options.json, io)
    tellMissing([], session, io)
    if (!options.yes && steps.some(({ state }) => state === 'planned'))
      io.stderr.write(`Nothing was changed. To release: ${commandLine(word, options)}\n`)
    return exitOf({ missing: [], reasons: steps.flatMap((step) => step.why ?? []) }, session)
  } catch (error) {
    throw asCommandError(error, options.yes)
  }
}
