import type { AWS_OPTIONS } from '../aws/aws-options.ts'
import { CommandError } from '../command-error.ts'
import type { Exit } from '../exit.ts'
import type { Io } from '../io.ts'
import type { Values } from '../option.ts'
import type { Compared, Named } from './changes.ts'
import { diffReport } from './diff-report.ts'
import { exitWith } from './end.ts'
import { evaluateAll } from './evaluated.ts'
import { nowOf } from './now.ts'
import { policyFile } from './policy-file.ts'
import { rulesOf } from './rules-of.ts'
import { checkWhich, fileImages, heldImages, tellUnknown } from './sources.ts'
import { isOneRepository, type Reading, tellMissing, walk } from './walk.ts'

export type DiffOptions = Values<typeof AWS_OPTIONS> & {
  readonly images: readonly string[]
  readonly now: string | undefined
  readonly json: boolean
}

/** Stands for the policy that a repository has. */
const OWN = '-'

/** A policy of a file; undefined for the one of the repository. */
const fromFile = (word: string, io: Io): Named | undefined =>
  word === OWN ? undefined : { name: word, rules: rulesOf(word, policyFile(word, io)) }

/** What the repository has: without a policy, every image stays. */
async function ownPolicy({ repository: { ref }, holdings }: Reading): Promise<Named> {
  const text = await holdings.lifecyclePolicy(ref)
  if (text === undefined) return { name: `no policy`, rules: [] }
  return { name: `the policy of ${ref.repository}`, rules: rulesOf(ref.repository, text) }
}

type Sides = readonly [old: Named | undefined, next: Named | undefined]

async function compareRepositories(words: readonly string[], [old, next]: Sides, options: DiffOptions, io: Io) {
  const report = diffReport(io, options.json, isOneRepository(words))
  const now = nowOf(options.now, io)
  const walked = await walk<Compared>(words, options, io, {
    async read(reading) {
      const { repository, holdings, onStep } = reading
      const own = old && next ? undefined : await ownPolicy(reading)
      const policies = [old ?? own, next ?? own] as [Named, Named]
      onStep(`reading ${repository.ref.repository}`)
      const source = heldImages(repository.ref, holdings)
      const evaluated = await evaluateAll(source, [policies[0].rules, policies[1].rules], now)
      return { value: { evaluated, policies, now } }
    },
    async take(compared) {
      await report.add(compared)
      tellUnknown(compared.evaluated, io)
    },
  })
  report.end(walked.missing)
  tellMissing(walked, io)
  return exitWith(false, walked.missing, walked.parts)
}

/** Shows for which images it matters which of two lifecycle policies holds. */
export async function diff(
  [before = '', after = '', ...words]: readonly string[],
  options: DiffOptions,
  io: Io,
): Promise<Exit> {
  checkWhich(options.images, words)
  if (before === OWN && after === OWN)
    throw new CommandError('usage', 'Both policies are that of the repository.', 'Name a file for one of them.')
  const [old, next] = [fromFile(before, io), fromFile(after, io)]
  if (words.length > 0) return compareRepositories(words, [old, next], options, io)
  if (!old || !next)
    throw new CommandError(
      'usage',
      `${OWN} stands for the policy of the repository, and images of files have none.`,
      'Name two files, or a repository.',
    )
  const now = nowOf(options.now, io)
  const evaluated = await evaluateAll(fileImages(options.images, io), [old.rules, next.rules], now)
  await diffReport(io, options.json, true).add({ evaluated, policies: [old, next], now })
  tellUnknown(evaluated, io)
  return 'pass'
}
