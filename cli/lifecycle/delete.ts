import type { RepositoryRef } from '../../functions/domain/facts/repository-facts.ts'
import { ruleInWords } from '../../functions/domain/lifecycle/in-words.ts'
import { parsePolicy } from '../../functions/domain/lifecycle/parse-policy.ts'
import type { AWS_OPTIONS } from '../aws/aws-options.ts'
import type { Part } from '../check/parts.ts'
import { tellUnjudged } from '../check/rest.ts'
import type { Missing } from '../check/subjects.ts'
import type { Exit } from '../exit.ts'
import type { Io } from '../io.ts'
import type { Values } from '../option.ts'
import { writeTable } from '../table.ts'
import { oneLine } from '../terminal.ts'
import { exitWith } from './end.ts'
import { openRegistries, readIn } from './repositories.ts'
import { sameCommand } from './same-command.ts'
import { savedPolicies } from './saved-policies.ts'
import { type Written, writePolicy } from './write-policy.ts'

export type DeleteOptions = Values<typeof AWS_OPTIONS> & { readonly yes: boolean; readonly json: boolean }

/** A repository with its policy, and what became of that. */
type Found = { readonly ref: RepositoryRef; readonly text: string; readonly written?: Written | undefined }

/** Repositories of a part that have a policy. */
async function findIn(part: Part, { concurrency }: DeleteOptions, missing: Missing[]): Promise<readonly Found[]> {
  const found: Found[] = []
  const read = readIn(part, {
    ...{ atOnce: concurrency, onMissing: (one) => void missing.push(one) },
    read: async ({ ref, isNamed }, holdings) => ({ ref, isNamed, text: await holdings.lifecyclePolicy(ref) }),
  })
  for await (const { ref, isNamed, text } of read) {
    if (text !== undefined) found.push({ ref, text })
    else if (isNamed) missing.push({ name: ref.repository, problem: 'it has no lifecycle policy' })
  }
  return found
}

const wordsOf = (text: string): string =>
  (parsePolicy(text).rules ?? []).map((rule) => `${rule.priority}: ${ruleInWords(rule)}`).join('; ')

const stateOf = ({ written }: Found): string =>
  written ? { done: 'deleted', failed: 'failed' }[written.state] : 'would be deleted'

function report(found: readonly Found[], { json }: DeleteOptions, { stdout, stderr }: Io): void {
  if (json) {
    const repositories = found.map((one) => {
      const { ref, text, written } = one
      const why = written?.state === 'failed' ? written.why : null
      return { ...ref, state: written?.state ?? 'planned', why, text, undo: written?.undo ?? null }
    })
    stdout.write(`${JSON.stringify({ schemaVersion: 1, repositories }, null, 2)}\n`)
    return
  }
  const rows = found.map((one) => [
    { text: one.ref.repository, format: 'bold' as const },
    { text: stateOf(one), format: one.written?.state === 'failed' ? ('red' as const) : ('yellow' as const) },
    { text: one.written?.state === 'failed' ? one.written.why : wordsOf(one.text) },
  ])
  if (rows.length > 0) writeTable(stdout, ['REPOSITORY', 'POLICY', ''], rows)
  const undo = found.flatMap(({ written }) => (written?.undo ? [written.undo] : []))
  if (undo.length > 0)
    stderr.write(`Each is saved. To put it back:\n${undo.map((line) => `  ${oneLine(line)}\n`).join('')}`)
}

/** Deletes the policies of repositories, or shows which. */
export async function deletePolicies(words: readonly string[], options: DeleteOptions, io: Io): Promise<Exit> {
  const parts = await openRegistries(words, options, io)
  const [found, missing, saved]: [Found[], Missing[], ReturnType<typeof savedPolicies>] = [[], [], savedPolicies(io)]
  for (const part of parts)
    for (const one of await findIn(part, options, missing)) {
      const change = { ref: one.ref, before: one.text, after: undefined }
      found.push(options.yes ? { ...one, written: await writePolicy(part.session, change, saved) } : one)
    }
  report(found, options, io)
  tellUnjudged(missing, parts, io)
  if (!options.yes && found.length > 0)
    io.stderr.write(`Nothing was deleted. To delete them: ${oneLine(sameCommand('delete', words, options))}\n`)
  const failed = found.flatMap(({ ref, written }) =>
    written?.state === 'failed' ? [{ name: ref.repository, problem: written.why }] : [],
  )
  return exitWith(false, [...missing, ...failed], parts)
}
