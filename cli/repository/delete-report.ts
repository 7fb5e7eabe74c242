import { roughBytes } from '../../functions/domain/bytes.ts'
import { archiveCost, monthly, standardCost } from '../../functions/domain/cost.ts'
import { counted } from '../../functions/domain/counted.ts'
import type { Missing } from '../check/subjects.ts'
import type { Exit } from '../exit.ts'
import { ageText } from '../images/words.ts'
import type { Io } from '../io.ts'
import { hanging, INDENT } from '../sections.ts'
import { tabbed } from '../table.ts'
import { columnsOf, oneLine, type Paint, painter, wrap } from '../terminal.ts'
import type { Doomed, Held, Reason } from './doomed.ts'
import { type Elsewhere, elsewhereWords } from './elsewhere.ts'

/** What became of a repository. `left`: its name was not typed. */
export type Outcome =
  | { readonly state: 'planned' | 'refused' }
  | { readonly state: 'left' | 'failed'; readonly why: string }
  /** With the line that makes it again. */
  | { readonly state: 'deleted'; readonly undo: string }

export type Ended = { readonly doomed: Doomed; readonly outcome: Outcome }

const costOf = ({ bytes, archivedBytes }: Held): number => standardCost(bytes) + archiveCost(archivedBytes)

/** `12 images with 30 tags, 3.4 GB, $0.34 a month at most; last pushed 3 days ago, last pulled 2 hours ago`. */
function heldWords(held: Held, now: Date): string {
  const { images, tags, bytes, archivedBytes, pushedAt, pulledAt } = held
  if (images === 0) return 'It is empty.'
  const ago = (at: number): string => {
    const age = ageText(new Date(at).toISOString(), now)
    return age === 'just now' ? age : `${age} ago`
  }
  const times = [
    ...(pushedAt === undefined ? [] : [`last pushed ${ago(pushedAt)}`]),
    pulledAt === undefined ? 'never pulled' : `last pulled ${ago(pulledAt)}`,
  ]
  const size = `${roughBytes(bytes + archivedBytes)}, ${monthly(costOf(held))} at most`
  return `${counted(images, 'image')} with ${counted(tags, 'tag')}, ${size}; ${times.join(', ')}.`
}

type Look = { readonly paint: Paint; readonly width: number }

const reasonLines = ({ why, next }: Reason, { paint, width }: Look): readonly string[] => [
  ...wrap(why, width - INDENT.length).map((line) => INDENT + paint('red', line)),
  ...hanging(`${INDENT}${INDENT}→ `, next, { width }),
]

/** What would go with a repository, and what speaks against it. */
function lookLines({ ref, held, reasons }: Doomed, elsewhere: Elsewhere, now: Date, look: Look): readonly string[] {
  const { paint, width } = look
  const state = reasons.length > 0 ? paint('red', 'refused') : paint('yellow', 'would be deleted')
  return [
    `${paint('bold', ref.repository)}  ${state}`,
    ...[heldWords(held, now), ...elsewhereWords(elsewhere, ref.repository)].flatMap((text) =>
      hanging(INDENT, text, { width }),
    ),
    ...reasons.flatMap((reason) => reasonLines(reason, look)),
  ]
}

/** For people, before anything is deleted: on a terminal as the result, otherwise beside it. */
export function showDoomed(
  doomed: readonly Doomed[],
  elsewhere: Elsewhere,
  stream: NodeJS.WriteStream,
  now: Date,
): void {
  const look = { paint: painter(stream), width: columnsOf(stream) }
  const lines = doomed.flatMap((one) => lookLines(one, elsewhere, now, look))
  stream.write([...lines, ''].join('\n'))
}

const whyOf = ({ doomed, outcome }: Ended): string => {
  if (outcome.state === 'left' || outcome.state === 'failed') return outcome.why
  return outcome.state === 'refused' ? doomed.reasons.map(({ why }) => why).join('; ') : ''
}

const jsonOf = ({ doomed, outcome }: Ended, elsewhere: Elsewhere) => {
  const { ref, held, reasons } = doomed
  const { pushedAt, pulledAt, ...counts } = held
  const instant = (at: number | undefined) => (at === undefined ? null : new Date(at).toISOString())
  return {
    ...{ ...ref, state: outcome.state, ...counts, dollarsPerMonth: costOf(held) },
    ...{
      pushedAt: instant(pushedAt),
      pulledAt: instant(pulledAt),
      elsewhere: elsewhereWords(elsewhere, ref.repository),
    },
    ...{ reasons, why: 'why' in outcome ? outcome.why : null, undo: 'undo' in outcome ? outcome.undo : null },
  }
}

export type Report = {
  readonly ended: readonly Ended[]
  readonly elsewhere: Elsewhere
  readonly missing: readonly Missing[]
  readonly outcome: Exit
}

const COLOURS = { deleted: 'green', failed: 'red', left: 'yellow' } as const

/** On a terminal, what is planned or refused was shown before. */
function terminalLines(ended: readonly Ended[], paint: Paint): readonly string[] {
  return ended.flatMap((one) => {
    const { state } = one.outcome
    if (state === 'planned' || state === 'refused') return []
    const why = whyOf(one)
    return [
      `${paint('bold', one.doomed.ref.repository)}  ${paint(COLOURS[state], state)}${why === '' ? '' : `: ${oneLine(why)}`}`,
    ]
  })
}

/** `deleted`, name, images, tags, bytes, why not: separated by tabs. */
function tabLine(one: Ended): string {
  const { ref, held } = one.doomed
  const { images, tags, bytes, archivedBytes } = held
  return tabbed([one.outcome.state, ref.repository, ...[images, tags, bytes + archivedBytes].map(String), whyOf(one)])
}

function tellRest(ended: readonly Ended[], { stdout, stderr }: Io): void {
  const label = painter(stderr)('red', 'refused:')
  if (!stdout.isTTY)
    for (const { doomed, outcome } of ended)
      for (const { why, next } of outcome.state === 'refused' ? doomed.reasons : [])
        stderr.write(`${label} ${oneLine(`${doomed.ref.repository}: ${why}`)}\n  ${oneLine(next)}\n`)
  const undo = ended.flatMap(({ outcome }) => (outcome.state === 'deleted' ? [outcome.undo] : []))
  if (undo.length > 0)
    stderr.write(
      `Settings and policies are saved. To make it again, without its images:\n${undo.map((line) => `  ${oneLine(line)}\n`).join('')}`,
    )
}

/** What became of the repositories. */
export function reportDeleted({ ended, elsewhere, missing, outcome }: Report, json: boolean, io: Io): void {
  const { stdout } = io
  if (json) {
    const repositories = ended.map((one) => jsonOf(one, elsewhere))
    stdout.write(`${JSON.stringify({ schemaVersion: 1, repositories, missing, outcome }, null, 2)}\n`)
  } else {
    const lines = stdout.isTTY ? terminalLines(ended, painter(stdout)) : ended.map(tabLine)
    stdout.write(lines.map((line) => `${line}\n`).join(''))
  }
  tellRest(ended, io)
}
