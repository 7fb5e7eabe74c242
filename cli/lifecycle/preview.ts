import { nativePreview } from '../../functions/adapters/native-preview.ts'
import type { Holdings } from '../../functions/planning/ports.ts'
import type { AWS_OPTIONS } from '../aws/aws-options.ts'
import { CommandError } from '../command-error.ts'
import type { Exit } from '../exit.ts'
import type { Io } from '../io.ts'
import type { Values } from '../option.ts'
import { exitWith } from './end.ts'
import { evaluateAll } from './evaluated.ts'
import { differencesOf } from './native.ts'
import { nowOf } from './now.ts'
import { policyFile } from './policy-file.ts'
import { previewReport } from './preview-report.ts'
import type { Previewed } from './previewed.ts'
import type { Repository } from './repositories.ts'
import { rulesOf } from './rules-of.ts'
import { checkWhich, fileImages, heldImages, tellUnknown } from './sources.ts'
import { type Found, isOneRepository, type Reading, tellMissing, walk } from './walk.ts'

export type PreviewOptions = Values<typeof AWS_OPTIONS> & {
  readonly policy: string | undefined
  readonly images: readonly string[]
  readonly now: string | undefined
  readonly native: boolean
  readonly json: boolean
}

/** How long ECR's own preview of one repository may take. Milliseconds. */
const NATIVE_MOST = 5 * 60_000

/** @throws {CommandError} for options that do not go together */
function checkOptions({ policy, images, native, now }: PreviewOptions, words: readonly string[]): void {
  checkWhich(images, words)
  if (images.length > 0 && policy === undefined)
    throw new CommandError('usage', 'Files have images, and no policy.', 'Give one with --policy FILE.')
  if (native && (images.length > 0 || now !== undefined))
    throw new CommandError(
      'usage',
      `--native asks ECR, which knows ${images.length > 0 ? 'its own images alone' : 'no other time than now'}.`,
      `Leave out ${images.length > 0 ? '--images, and name the repository' : '--now'}.`,
    )
}

/** A policy as it is given, or the one of a repository. */
type Policy = { readonly name: string; readonly text: string }

async function policyFor(
  { ref }: Repository,
  holdings: Holdings,
  given: Policy | undefined,
): Promise<Policy | undefined> {
  if (given) return given
  const text = await holdings.lifecyclePolicy(ref)
  return text === undefined ? undefined : { name: `${ref.repository} itself`, text }
}

type Asking = { readonly options: PreviewOptions; readonly given: Policy | undefined; readonly io: Io }

async function withNative(found: Previewed, text: string, { repository, part, onStep }: Reading, io: Io) {
  const [verdicts] = found.evaluated.verdicts
  const { aws, registry } = part.session
  const { ref } = repository
  const onWait = (what: string): void => onStep(`${ref.repository}: ${what}`)
  const marks = await nativePreview(aws, registry.region)(ref, text, { most: NATIVE_MOST, now: Date.now, onWait })
  return { ...found, differences: differencesOf(verdicts, marks, { from: found.now, to: io.now() }) }
}

async function previewOf(reading: Reading, { options, given, io }: Asking): Promise<Found<Previewed>> {
  const { repository, holdings, onStep } = reading
  const policy = await policyFor(repository, holdings, given)
  if (!policy) return { problem: 'it has no lifecycle policy: give one with --policy FILE' }
  const rules = rulesOf(policy.name, policy.text)
  const now = nowOf(options.now, io)
  onStep(`reading ${repository.ref.repository}`)
  const evaluated = await evaluateAll(heldImages(repository.ref, holdings), [rules], now)
  const value: Previewed = { evaluated, rules, policy: policy.name, now }
  return { value: options.native ? await withNative(value, policy.text, reading, io) : value }
}

async function previewRepositories(words: readonly string[], asking: Asking): Promise<Exit> {
  const { options, io } = asking
  const report = previewReport(io, options.json, isOneRepository(words))
  let differences = 0
  const walked = await walk(words, options, io, {
    read: (reading) => previewOf(reading, asking),
    async take(found) {
      await report.add(found)
      tellUnknown(found.evaluated, io)
      differences += found.differences?.length ?? 0
    },
  })
  report.end(walked.missing)
  tellMissing(walked, io)
  return exitWith(differences > 0, walked.missing, walked.parts)
}

/** Shows what a lifecycle policy would do to images of files, or of repositories. */
export async function preview(words: readonly string[], options: PreviewOptions, io: Io): Promise<Exit> {
  checkOptions(options, words)
  const now = nowOf(options.now, io)
  const { policy: name } = options
  const given = name === undefined ? undefined : { name, text: policyFile(name, io) }
  const rules = given && rulesOf(given.name, given.text)
  if (!given || !rules || options.images.length === 0) return previewRepositories(words, { options, given, io })
  const evaluated = await evaluateAll(fileImages(options.images, io), [rules], now)
  await previewReport(io, options.json, true).add({ evaluated, rules, policy: given.name, now })
  tellUnknown(evaluated, io)
  return 'pass'
}
