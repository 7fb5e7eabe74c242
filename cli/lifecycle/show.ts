import type { RepositoryRef } from '../../functions/domain/facts/repository-facts.ts'
import { ruleInWords } from '../../functions/domain/lifecycle/in-words.ts'
import { parsePolicy } from '../../functions/domain/lifecycle/parse-policy.ts'
import type { Rule } from '../../functions/domain/lifecycle/rule.ts'
import type { AWS_OPTIONS } from '../aws/aws-options.ts'
import { tellUnjudged } from '../check/rest.ts'
import type { Missing } from '../check/subjects.ts'
import type { Exit } from '../exit.ts'
import type { Io } from '../io.ts'
import type { Values } from '../option.ts'
import { type Row, tabbed, tableLines } from '../table.ts'
import { columnsOf, oneLine, type Paint, painter } from '../terminal.ts'
import { exitWith } from './end.ts'
import { openRegistries, readIn } from './repositories.ts'

export type ShowOptions = Values<typeof AWS_OPTIONS> & { readonly json: boolean }

/** A repository, with the text of its policy where it has one. */
type Shown = { readonly ref: RepositoryRef; readonly text: string | undefined }

const UNKNOWN = 'The policy has another form than is known here: --json has its text.'

const rowOf = ({ priority, description = '', ...rule }: Rule): Row => [
  { text: `rule ${priority}`, format: 'bold' },
  { text: ruleInWords({ priority, ...rule }) + (description ? ` (${description})` : '') },
]

function sectionOf({ ref, text }: Shown, paint: Paint, width: number): readonly string[] {
  const head = paint('bold', oneLine(ref.repository))
  if (text === undefined) return [`${head}  ${paint('dim', 'no lifecycle policy: nothing expires')}`]
  const { rules } = parsePolicy(text)
  if (!rules) return [head, `  ${UNKNOWN}`]
  return [head, ...tableLines(rules.map(rowOf), width - 2, paint).map((line) => `  ${line}`)]
}

function toPipe({ ref, text }: Shown, { stdout }: Io): void {
  const { rules = [] } = text === undefined ? {} : parsePolicy(text)
  for (const rule of rules)
    stdout.write(`${tabbed([ref.repository, String(rule.priority), ruleInWords(rule), rule.description ?? ''])}\n`)
}

/** Shows the policies of repositories. */
export async function show(words: readonly string[], options: ShowOptions, io: Io): Promise<Exit> {
  const parts = await openRegistries(words, options, io)
  const [shown, missing]: [Shown[], Missing[]] = [[], []]
  for (const part of parts) {
    const read = readIn<Shown>(part, {
      ...{ atOnce: options.concurrency, onMissing: (one) => missing.push(one) },
      read: async ({ ref }, holdings) => ({ ref, text: await holdings.lifecyclePolicy(ref) }),
    })
    for await (const one of read) shown.push(one)
  }
  if (options.json) {
    const repositories = shown.map(({ ref, text = null }) => ({ ...ref, text }))
    io.stdout.write(`${JSON.stringify({ schemaVersion: 1, repositories, missing }, null, 2)}\n`)
  } else if (io.stdout.isTTY) {
    const sections = shown.map((one) => sectionOf(one, painter(io.stdout), columnsOf(io.stdout)).join('\n'))
    io.stdout.write(`${sections.join('\n\n')}\n`)
  } else for (const one of shown) toPipe(one, io)
  tellUnjudged(missing, parts, io)
  return exitWith(false, missing, parts)
}
