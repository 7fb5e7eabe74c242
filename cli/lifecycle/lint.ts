import { policyText } from '../../functions/domain/lifecycle/policy-text.ts'
import type { AWS_OPTIONS } from '../aws/aws-options.ts'
import type { Part } from '../check/parts.ts'
import { tellUnjudged } from '../check/rest.ts'
import type { Missing } from '../check/subjects.ts'
import type { Exit } from '../exit.ts'
import type { Io } from '../io.ts'
import type { Values } from '../option.ts'
import { showProgress } from '../progress.ts'
import { tabbed } from '../table.ts'
import { columnsOf, painter } from '../terminal.ts'
import { exitWith } from './end.ts'
import { isDoubtful, type Linted, linted } from './linted.ts'
import { isFile, policyFile } from './policy-file.ts'
import { evidenceOf, openRegistries, readIn } from './repositories.ts'
import { countsInWords, lintedLines } from './said-lines.ts'

export type LintOptions = Values<typeof AWS_OPTIONS> & { readonly json: boolean }

/** What is asked of a repository without a policy depends on whether it was named. */
type Read =
  | Linted
  | { readonly name: string; readonly isNamed: boolean; readonly rules?: undefined; readonly said?: undefined }

async function lintRepositories(parts: readonly Part[], options: LintOptions, io: Io) {
  const [found, missing]: [Linted[], Missing[]] = [[], []]
  const endProgress = options.verbose ? () => {} : showProgress(io.stderr, () => `${found.length} policies read`)
  const onMissing = (one: Missing): void => void missing.push(one)
  try {
    for (const part of parts) {
      const read = readIn<Read>(part, {
        ...{ atOnce: options.concurrency, onMissing },
        read: async ({ ref, isNamed }, holdings) => {
          const text = await holdings.lifecyclePolicy(ref)
          if (text === undefined) return { name: ref.repository, isNamed }
          return linted(ref.repository, text, ref, await evidenceOf(holdings, ref))
        },
      })
      for await (const one of read) {
        if (one.said) found.push(one)
        else if (one.isNamed) onMissing({ name: one.name, problem: 'it has no lifecycle policy' })
      }
    }
  } finally {
    endProgress()
  }
  return { found, missing }
}

const toJson = ({ name, registry, said, mended }: Linted) => ({
  ...{ name, account: registry?.account, region: registry?.region },
  findings: said,
  mended: mended ? JSON.parse(policyText(mended)) : null,
})

function toPipe(all: readonly Linted[], { stdout }: Io): void {
  for (const { name, said } of all)
    for (const { level, rule, field = '', code, problem, instead } of said)
      stdout.write(`${tabbed([level, name, String(rule ?? ''), field, code, problem, instead])}\n`)
}

function toTerminal(all: readonly Linted[], { stdout }: Io): void {
  const look = { paint: painter(stdout), width: columnsOf(stdout) }
  const sections = all.map((one) => lintedLines(one, look))
  const said = all.flatMap((one) => one.said)
  const colour = said.some(({ level }) => level === 'error') ? 'red' : said.some(isDoubtful) ? 'yellow' : 'green'
  const closing = look.paint(['bold', colour], `${all.length} policies: ${countsInWords(said)}`)
  if (all.length > 1) sections.push([closing])
  stdout.write(`${sections.map((lines) => lines.join('\n')).join('\n\n')}\n`)
}

/** Lints files and the policies of repositories. */
export async function lint(words: readonly string[], options: LintOptions, io: Io): Promise<Exit> {
  const files = words.filter((word) => isFile(word, io))
  const ofFiles = files.map((file) => linted(file, policyFile(file, io)))
  const named = words.filter((word) => !files.includes(word))
  const parts = named.length > 0 ? await openRegistries(named, options, io) : []
  const { found, missing } = await lintRepositories(parts, options, io)
  const all = [...ofFiles, ...found]
  const exit = exitWith(
    all.some(({ said }) => said.some(isDoubtful)),
    missing,
    parts,
  )
  if (options.json) {
    const policies = all.map(toJson)
    io.stdout.write(`${JSON.stringify({ schemaVersion: 1, policies, missing, outcome: exit }, null, 2)}\n`)
  } else if (io.stdout.isTTY) toTerminal(all, io)
  else toPipe(all, io)
  tellUnjudged(missing, parts, io)
  return exit
}
