import { counted } from '../../functions/domain/counted.ts'
import { Gone, Unreadable } from '../../functions/faults.ts'
import { inOrder } from '../../functions/judging/in-order.ts'
import { isListed } from '../../functions/judging/subject.ts'
import type { AWS_OPTIONS } from '../aws/aws-options.ts'
import { type Part, partsOf } from '../check/parts.ts'
import { tellUnjudged } from '../check/rest.ts'
import { nearName } from '../check/run.ts'
import type { Missing } from '../check/subjects.ts'
import type { Exit } from '../exit.ts'
import type { Io } from '../io.ts'
import { exitWith } from '../lifecycle/end.ts'
import type { Values } from '../option.ts'
import { showProgress } from '../progress.ts'
import { type RepositorySubject, repositoriesIn, repositoryTarget } from '../repositories.ts'
import { scanningOf } from './found.ts'
import { listReport } from './list-report.ts'
import { type ListRow, listRow } from './list-row.ts'

export type ListOptions = Values<typeof AWS_OPTIONS> & {
  readonly quick: boolean
  readonly images: boolean
  readonly json: boolean
}

/** Repositories that are read side by side. */
const AT_ONCE = 10

type OnMissing = (missing: Missing) => void

/** Rows in the order of the registry. What is gone since it was listed is left out. */
async function* rowsIn(part: Part, options: ListOptions, onMissing: OnMissing): AsyncGenerator<ListRow> {
  const { session, targets } = part
  const scanning = await scanningOf(session, session.aws)
  if (scanning === undefined)
    onMissing({ name: 'scanning', problem: 'the scanning rules of the registry cannot be read' })
  const one = async (subject: RepositorySubject): Promise<ListRow | undefined> => {
    const { repository: name } = subject.ref
    try {
      return await listRow(subject, { session, scanning, ...options })
    } catch (error) {
      if (error instanceof Unreadable) onMissing({ name, problem: error.message })
      else if (!(error instanceof Gone)) throw error
      else if (!isListed(subject)) onMissing({ name, problem: error.message + (await nearName(session, name)) })
      return undefined
    }
  }
  const atOnce = options.concurrency ?? AT_ONCE
  for await (const row of inOrder(repositoriesIn(session, targets, onMissing), atOnce, one)) if (row) yield row
}

/** Each reason once, however many repositories it is about. */
function problemsOf(counts: ReadonlyMap<string, number>): readonly Missing[] {
  return [...counts].map(([problem, count]) => ({ name: counted(count, 'repository', 'repositories'), problem }))
}

/** Lists repositories. It ends with a pass whatever they are, where all of it could be read. */
export async function listRepositories(words: readonly string[], options: ListOptions, io: Io): Promise<Exit> {
  const targets = words.map((word) =>
    repositoryTarget(word, 'repositories are listed; `ecr-steward images` lists images'),
  )
  const parts = await partsOf(targets, options, io)
  const missing: Missing[] = []
  const problems = new Map<string, number>()
  const report = listReport(options.json, io)
  let count = 0
  const read = (): string => counted(count, 'repository', 'repositories')
  const endProgress = options.verbose ? () => {} : showProgress(io.stderr, () => `${read()} read`)
  try {
    for (const part of parts)
      for await (const row of rowsIn(part, options, (one) => void missing.push(one))) {
        count += 1
        for (const problem of row.problems) problems.set(problem, (problems.get(problem) ?? 0) + 1)
        await report.add(row)
      }
  } finally {
    endProgress()
  }
  const unread = [...missing, ...problemsOf(problems)]
  const outcome = exitWith(false, unread, parts)
  report.end({ missing: unread, outcome })
  tellUnjudged(unread, parts, io)
  io.stderr.write(`${read()}.\n`)
  return outcome
}
