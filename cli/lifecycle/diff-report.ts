import { roughBytes } from '../../functions/domain/bytes.ts'
import { standardCost } from '../../functions/domain/cost.ts'
import { grouped } from '../../functions/domain/counted.ts'
import type { Missing } from '../check/subjects.ts'
import type { Io } from '../io.ts'
import { type Row, tabbed, tableLines } from '../table.ts'
import { columnsOf, oneLine, painter, wrap } from '../terminal.ts'
import { type Change, type Compared, changesOf } from './changes.ts'
import { amountText, COLOURS, dayText, doneText, imagesText, type Look, nameText } from './look.ts'
import { sumsOf } from './sums.ts'
import { writeParts } from './write-parts.ts'

/** Where comparisons go, one after another. */
export type DiffReport = {
  add(compared: Compared): Promise<void>
  end(missing: readonly Missing[]): void
}

/** Images of a kind of change that are listed, the newest of them. */
const MOST_LISTED = 20

const kindOf = ({ before, after }: Change): string => `${before.action} → ${after.action}`

/** What is lost comes first. */
const KINDS = [
  ...['keep → expire', 'archive → expire', 'keep → archive'],
  ...['expire → archive', 'archive → keep', 'expire → keep'],
]

function kindLines(changes: readonly Change[], { paint, width }: Look): readonly string[] {
  const [first] = changes
  if (!first) return []
  const bytes = changes.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
  const head = `${kindOf(first)}: ${imagesText(changes.length)}, at most ${amountText(bytes, standardCost(bytes))}`
  const shown = changes.toSorted((a, b) => b.pushedAt - a.pushedAt).slice(0, MOST_LISTED)
  const rows = shown.map(
    ({ digest, tags, pushedAt, sizeBytes, after }): Row => [
      { text: nameText(digest, tags), format: COLOURS[after.action] },
      { text: dayText(pushedAt) },
      { text: roughBytes(sizeBytes) },
      { text: after.reason, format: 'dim' },
    ],
  )
  const more = changes.length - shown.length
  return [
    paint(['bold', COLOURS[first.after.action]], head),
    ...tableLines(rows, width - 2, paint).map((line) => `  ${line}`),
    ...(more > 0 ? [`  … and ${imagesText(more)} more: --json has all`] : []),
    '',
  ]
}

/** What changes for which image, for people. */
function diffText(compared: Compared, look: Look): string {
  const { evaluated, policies, now } = compared
  const byKind = Map.groupBy(changesOf(compared), kindOf)
  const of = evaluated.ref.repository === undefined ? '' : `${evaluated.ref.repository}, `
  const [before, after] = policies
  const [old, next] = evaluated.verdicts
  const total =
    byKind.size === 0
      ? 'Nothing changes for any image.'
      : `${grouped([...byKind.values()].flat().length)} of ${imagesText(old.size)} ${old.size === 1 ? 'changes' : 'change'}.`
  const expiry = `By ${before.name} ${doneText(sumsOf(old).expire.images, 'expire')}, by ${after.name} ${grouped(sumsOf(next).expire.images)}.`
  const lines = [
    look.paint('dim', oneLine(`${of}from ${before.name} to ${after.name}, as of ${now.toISOString()}`)),
    '',
    ...KINDS.flatMap((kind) => kindLines(byKind.get(kind) ?? [], look)),
    ...wrap(`${total} ${expiry}`, look.width).map((line) => look.paint('bold', line)),
  ]
  return `${lines.join('\n')}\n`
}

function* tabs(compared: Compared): Generator<string> {
  const { repository = '' } = compared.evaluated.ref
  for (const { digest, tags, before, after, sizeBytes } of changesOf(compared)) {
    const fields = [before.action, after.action, repository, digest, tags.join(',')]
    const rules = [String(before.rule ?? ''), String(after.rule ?? '')]
    yield `${tabbed([...fields, ...rules, String(sizeBytes), after.reason])}\n`
  }
}

/** The fields of one repository, without the brackets around them. */
function* jsonFields(compared: Compared): Generator<string> {
  yield '"changes":['
  let [between, changed] = ['\n', 0]
  for (const { pushedAt: _, ...change } of changesOf(compared)) {
    yield between + JSON.stringify(change)
    between = ',\n'
    changed += 1
  }
  const [before, after] = compared.evaluated.verdicts
  const sums = { images: before.size, changed, before: sumsOf(before), after: sumsOf(after) }
  yield `\n],"summary":${JSON.stringify({ at: compared.now.toISOString(), ...sums })}`
}

function jsonReport({ stdout }: Io, isOne: boolean): DiffReport {
  let before = isOne ? '{' : '{"repositories":['
  return {
    async add(compared) {
      const { repository, account, region } = compared.evaluated.ref
      stdout.write(isOne ? before : `${before}\n${JSON.stringify({ repository, account, region }).slice(0, -1)},`)
      await writeParts(stdout, jsonFields(compared))
      stdout.write(isOne ? '}\n' : '}')
      before = ','
    },
    end(missing) {
      if (!isOne) stdout.write(`${before === ',' ? '' : before}\n],"missing":${JSON.stringify(missing)}}\n`)
    },
  }
}

/** @param isOne whether one repository, or files, were asked for: JSON has another shape for several */
export function diffReport(io: Io, json: boolean, isOne: boolean): DiffReport {
  const { stdout } = io
  if (json) return jsonReport(io, isOne)
  if (!stdout.isTTY) return { add: (compared) => writeParts(stdout, tabs(compared)), end: () => {} }
  const look = { paint: painter(stdout), width: columnsOf(stdout) }
  let between = ''
  return {
    async add(compared) {
      stdout.write(between + diffText(compared, look))
      between = '\n'
    },
    end: () => {},
  }
}
