import pLimit from 'p-limit'
import type { AWS_OPTIONS } from '../aws/aws-options.ts'
import type { Part } from '../check/parts.ts'
import { tellUnjudged } from '../check/rest.ts'
import type { Missing } from '../check/subjects.ts'
import { CommandError } from '../command-error.ts'
import type { Exit } from '../exit.ts'
import type { Io } from '../io.ts'
import type { Values } from '../option.ts'
import { showProgress } from '../progress.ts'
import { oneLine, painter } from '../terminal.ts'
import { lintsOn } from './apply-lints.ts'
import { isToWrite, type Planned, planFor, type Wanted } from './apply-plan.ts'
import { type Applied, reportApply } from './apply-report.ts'
import { exitWith } from './end.ts'
import { linted } from './linted.ts'
import { policyFile } from './policy-file.ts'
import { openRegistries, readIn } from './repositories.ts'
import { lintedLines } from './said-lines.ts'
import { sameCommand } from './same-command.ts'
import { savedPolicies } from './saved-policies.ts'
import { writePolicy } from './write-policy.ts'

export type ApplyOptions = Values<typeof AWS_OPTIONS> & {
  readonly yes: boolean
  readonly replace: boolean
  readonly merge: boolean
  readonly json: boolean
}

/** @throws {CommandError} for what cannot be put anywhere */
function wantedFrom(file: string, { replace: mayReplace, merge: mayMerge }: ApplyOptions, io: Io): Wanted {
  if (mayReplace && mayMerge)
    throw new CommandError('usage', '--replace and --merge exclude each other.', 'Write one of them.')
  const text = policyFile(file, io)
  const read = linted(file, text)
  if (read.rules) return { text, rules: read.rules, mayReplace, mayMerge, now: io.now() }
  for (const line of lintedLines(read, { paint: painter(io.stderr), width: 120 })) io.stderr.write(`${line}\n`)
  throw new CommandError('usage', 'ECR would refuse the policy, so nothing is read or written.')
}

type Reading = { readonly planned: Planned[]; readonly missing: Missing[] }

async function planIn(part: Part, wanted: Wanted, { concurrency }: ApplyOptions, into: Reading): Promise<void> {
  const read = readIn<Planned>(part, {
    ...{ atOnce: concurrency, onMissing: (one) => void into.missing.push(one) },
    read: ({ ref }, holdings) => planFor(ref, holdings, wanted),
  })
  for await (const one of read) into.planned.push(one)
}

/** Repositories that are written side by side. */
const AT_ONCE = 10

/** Writes what is to be written; what became of each repository, in their order. */
async function write(parts: readonly Part[], planned: readonly Planned[], io: Io): Promise<readonly Applied[]> {
  const [saved, limit] = [savedPolicies(io), pLimit(AT_ONCE)]
  const sessions = new Map(
    parts.map(({ session }) => [`${session.registry.account} ${session.registry.region}`, session]),
  )
  return Promise.all(
    planned.map(async (one) => {
      const session = sessions.get(`${one.ref.account} ${one.ref.region}`)
      const written = session && isToWrite(one) ? await limit(writePolicy, session, one, saved) : undefined
      return { ...one, written }
    }),
  )
}

const flagOf = ({ replace, merge }: ApplyOptions): string => (replace ? '--replace' : merge ? '--merge' : '')

const isDone = ({ step, written }: Applied): boolean => step !== 'refused' && written?.state !== 'failed'

/** Puts a policy on repositories, or shows what that would do. */
export async function apply(file: string, words: readonly string[], options: ApplyOptions, io: Io): Promise<Exit> {
  const wanted = wantedFrom(file, options, io)
  const parts = await openRegistries(words, options, io)
  const reading: Reading = { planned: [], missing: [] }
  const { planned, missing } = reading
  const endProgress = options.verbose ? () => {} : showProgress(io.stderr, () => `${planned.length} repositories read`)
  try {
    for (const part of parts) await planIn(part, wanted, options, reading)
  } finally {
    endProgress()
  }
  const said = lintsOn(wanted, planned)
  const isWrong = said.some(({ level }) => level === 'error')
  const isWritten = options.yes && !isWrong
  const applied = isWritten ? await write(parts, planned, io) : planned
  reportApply({ file, said, applied, missing, isWrong, isWritten }, options.json, io)
  tellUnjudged(missing, parts, io)
  if (!isWritten && !isWrong && planned.some(isToWrite))
    io.stderr.write(
      `Nothing was written. To write it: ${oneLine(sameCommand('apply', [file, ...words], options, flagOf(options)))}\n`,
    )
  const left = applied
    .filter((one) => !isDone(one))
    .map(({ ref, why = '' }) => ({ name: ref.repository, problem: why }))
  return exitWith(isWrong, [...missing, ...left], parts)
}
