import { counted, grouped } from '../../functions/domain/counted.ts'
import type { RepositoryRef } from '../../functions/domain/facts/repository-facts.ts'
import type { Session } from '../aws/session.ts'
import { permissionLines } from '../check/rest.ts'
import { STATES } from '../check/tally.ts'
import { type Configuration, nearPath } from '../configuration.ts'
import type { Io } from '../io.ts'
import { columnsOf, oneLine, painter, wrap } from '../terminal.ts'
import type { ImageRow, ImagesResult } from './result.ts'
import { tabLine } from './tab-list.ts'
import { listLines } from './terminal-list.ts'
import { NOTHING, stateText } from './words.ts'

/** What is shown, and how many images there are. */
export type Listed = { readonly rows: readonly ImageRow[]; readonly total: number }

export type Around = {
  readonly ref: RepositoryRef
  readonly session: Session
  readonly configuration: Configuration | undefined
  readonly json: boolean
  readonly quick: boolean
}

type Outcome = ImagesResult['outcome']

/** A list is no judgement: it is only asked whether it is whole. */
function outcomeOf(rows: readonly ImageRow[], { denials }: Session): Outcome {
  if (rows.every(({ problems }) => problems.length === 0)) return 'pass'
  return denials.length > 0 ? 'access' : 'unknown'
}

/** `3 fail, 46 pass`: what the verdicts are, worst first. */
const verdictsText = (rows: readonly ImageRow[]): string =>
  STATES.flatMap((state) => {
    const count = rows.filter(({ verdict }) => verdict?.state === state).length
    return count > 0 && stateText(state) !== NOTHING ? [`${grouped(count)} ${state}`] : []
  }).join(', ')

/** `50 of 1,234 images, the newest: 3 fail, 46 pass. --limit shows more.` */
function closingText({ rows, total }: Listed, { ref, configuration, quick }: Around): string {
  const isWhole = rows.length >= total
  const images = isWhole
    ? counted(rows.length, 'image')
    : `The newest ${grouped(rows.length)} of ${counted(total, 'image')}`
  const verdicts = verdictsText(rows)
  const isJudged = quick || configuration !== undefined
  return [
    `${images} in ${ref.repository}${verdicts === '' ? '' : `: ${verdicts}`}.`,
    ...(isWhole ? [] : ['--limit shows more.']),
    ...(isJudged ? [] : ['There is no steward.yaml here: nothing is judged.']),
  ].join(' ')
}

function jsonText({ rows, total }: Listed, { ref, configuration }: Around, outcome: Outcome, io: Io): string {
  const result: ImagesResult = {
    ...{ schemaVersion: 1, readAt: io.now().toISOString(), ...ref },
    ...(configuration && { config: nearPath(configuration.path, io) }),
    ...{ total, images: [...rows], outcome },
  }
  return `${JSON.stringify(result, null, 2)}\n`
}

/** What could not be read, each reason once with how many images it is about, and the permissions that would help. */
function tellProblems(rows: readonly ImageRow[], session: Session, { stderr }: Io): void {
  const label = painter(stderr)('red', 'not read:')
  const images = new Map<string, number>()
  for (const problem of rows.flatMap(({ problems }) => problems)) images.set(problem, (images.get(problem) ?? 0) + 1)
  for (const [problem, count] of images) stderr.write(`${label} ${counted(count, 'image')}: ${oneLine(problem)}\n`)
  for (const line of permissionLines(session)) stderr.write(`${oneLine(line)}\n`)
}

/** Writes the list. @returns how the command ends */
export function writeImages(listed: Listed, around: Around, io: Io): Outcome {
  const { stdout, stderr, now } = io
  const { rows } = listed
  const outcome = outcomeOf(rows, around.session)
  const [width, paint] = [columnsOf(stdout), painter(stdout)]
  const closing = wrap(closingText(listed, around), width)
  if (around.json) stdout.write(jsonText(listed, around, outcome, io))
  else if (stdout.isTTY) {
    const table = rows.length > 0 ? [...listLines(rows, now(), width, paint), ''] : []
    stdout.write(`${[...table, ...closing.map((line) => paint('bold', line))].join('\n')}\n`)
  } else {
    for (const row of rows) stdout.write(`${tabLine(row)}\n`)
    stderr.write(`${closing.join('\n')}\n`)
  }
  tellProblems(rows, around.session, io)
  return outcome
}
