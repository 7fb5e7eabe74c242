import { roughBytes } from '../../functions/domain/bytes.ts'
import { standardCost } from '../../functions/domain/cost.ts'
import { grouped } from '../../functions/domain/counted.ts'
import { parsePolicy } from '../../functions/domain/lifecycle/parse-policy.ts'
import type { Missing } from '../check/subjects.ts'
import type { Io } from '../io.ts'
import { type Row, tabbed, tableLines } from '../table.ts'
import { columnsOf, oneLine, painter, wrap } from '../terminal.ts'
import { isToWrite, type Planned, type Step } from './apply-plan.ts'
import type { Said } from './linted.ts'
import { dollarsText } from './look.ts'
import { type Look, ruleChangeLines } from './rule-change.ts'
import { lintedLines } from './said-lines.ts'
import type { Written } from './write-policy.ts'

/** A repository, with what became of it where something was written. */
export type Applied = Planned & { readonly written?: Written | undefined }

export type Application = {
  readonly file: string
  readonly said: readonly Said[]
  readonly applied: readonly Applied[]
  readonly missing: readonly Missing[]
  /** The policy has errors: it is put nowhere. */
  readonly isWrong: boolean
  readonly isWritten: boolean
}

const STEPS: Readonly<Record<Step, string>> = {
  ...{ put: 'gets it', replace: 'gets it instead', merge: 'gets it added' },
  ...{ same: 'has it', refused: 'left' },
}

/** What became of it: `done`, `failed`, or what is meant to. */
const stateOf = ({ step, written }: Applied): string => written?.state ?? step

const wordOf = ({ step, written }: Applied): string =>
  written ? { done: 'written', failed: 'failed' }[written.state] : STEPS[step]

const whyOf = ({ why = '', written }: Applied): string => (written?.state === 'failed' ? written.why : why)

const numbersOf = ({ impact: { images, expire, archive, expireBytes } }: Planned): readonly string[] => [
  ...[images, images - expire - archive, expire, archive].map(grouped),
  ...[roughBytes(expireBytes), dollarsText(standardCost(expireBytes))],
]

const HEAD = ['REPOSITORY', 'POLICY', 'IMAGES', 'KEEP', 'EXPIRE', 'ARCHIVE', 'FREED', 'A MONTH']

function rowsOf(applied: readonly Applied[]): readonly Row[] {
  const numbers = [HEAD.slice(2), ...applied.map(numbersOf)]
  const widths = HEAD.slice(2).map((_, at) => Math.max(...numbers.map((row) => row[at]?.length ?? 0)))
  const right = (row: readonly string[] = []): Row => row.map((text, at) => ({ text: text.padStart(widths[at] ?? 0) }))
  const titles = [...HEAD.slice(0, 2), ...right(numbers[0]).map(({ text }) => text)]
  const head: Row = [...titles.map((text) => ({ text, format: 'dim' as const })), { text: '' }]
  return [
    head,
    ...applied.map((one, at): Row => {
      const isBad = one.step === 'refused' || one.written?.state === 'failed'
      const format = isBad ? 'red' : one.step === 'same' ? 'dim' : 'green'
      return [
        { text: one.ref.repository, format: 'bold' },
        { text: wordOf(one), format },
        ...right(numbers[at + 1]),
        { text: whyOf(one) },
      ]
    }),
  ]
}

/** Repositories that are shown; of more, those that something happens to, most that expires first. */
const MOST_ROWS = 40

function tableOf(applied: readonly Applied[], { paint, width }: Look): readonly string[] {
  if (applied.length === 0) return []
  if (applied.length <= MOST_ROWS) return tableLines(rowsOf(applied), width, paint)
  const told = applied
    .filter(({ step }) => step !== 'same')
    .toSorted((a, b) => b.impact.expire - a.impact.expire)
    .slice(0, MOST_ROWS)
  const more = `… and ${applied.length - told.length} more; --json has all`
  return [...tableLines(rowsOf(told), width, paint), paint('dim', more)]
}

/** Changes of policies that are shown; repositories with the same one share it. */
const MOST_CHANGES = 5

const UNKNOWN = 'It has another form than is known here: ecr-steward lifecycle show --json has its text.'

function changeOf({ before = '', after }: Planned, look: Look): readonly string[] {
  const [{ rules: old }, { rules = [] }] = [parsePolicy(before), parsePolicy(after)]
  return old ? ruleChangeLines(old, rules, look) : wrap(UNKNOWN, look.width)
}

function namesOf(all: readonly Applied[], { paint, width }: Look): readonly string[] {
  const names = all.map(({ ref }) => ref.repository).join(', ')
  const note = all.some(({ step }) => step === 'refused') ? ', with --replace' : ''
  return wrap(names + note, width).map((line) => paint('bold', line))
}

/** What another policy becomes, or would become. */
function changesOf(applied: readonly Applied[], look: Look): readonly string[] {
  const changed = applied.filter(({ before, step }) => before !== undefined && step !== 'same')
  const groups = [...Map.groupBy(changed, ({ before = '', after }) => JSON.stringify([before, after])).values()]
  const lines = groups
    .slice(0, MOST_CHANGES)
    .flatMap((all) => ['', ...namesOf(all, look), ...all.slice(0, 1).flatMap((one) => changeOf(one, look))])
  const more = groups.length - MOST_CHANGES
  return more > 0 ? [...lines, '', `… and ${more} other changes; --json has all`] : lines
}

/** `3 repositories get it, 1 has it, 1 is left; of 230 images 40 expire within a day: 12 GB, at most $1.20 a month` */
export function totalsOf({ applied, isWritten }: Pick<Application, 'applied' | 'isWritten'>): string {
  const counts = [...Map.groupBy(applied, wordOf)].map(([word, all]) => `${all.length} ${word}`)
  const changed = applied.filter((one) => (isWritten ? one.written?.state === 'done' : isToWrite(one)))
  const sum = (of: (one: Planned) => number): number => changed.reduce((total, one) => total + of(one), 0)
  const bytes = sum(({ impact }) => impact.expireBytes)
  const [images, expire] = [sum(({ impact }) => impact.images), sum(({ impact }) => impact.expire)]
  const head = `${applied.length} ${applied.length === 1 ? 'repository' : 'repositories'}: ${counts.join(', ') || 'nothing to do'}`
  if (changed.length === 0) return `${head}.`
  const verb = isWritten ? 'expire' : 'would expire'
  return `${head}. Of ${grouped(images)} images ${grouped(expire)} ${verb} within a day: at most ${roughBytes(bytes)} and ${dollarsText(standardCost(bytes))} a month.`
}

function toTerminal({ file, said, isWrong, ...all }: Application, { stdout }: Io): void {
  const look = { paint: painter(stdout), width: columnsOf(stdout) }
  const { applied } = all
  const undo = applied.flatMap(({ written }) => (written?.undo ? [`  ${oneLine(written.undo)}`] : []))
  const lints =
    said.length > 0 ? [...lintedLines({ name: file, rules: undefined, said, mended: undefined }, look), ''] : []
  const closing = isWrong
    ? 'The policy has errors, so it is put nowhere. Mend it: ecr-steward lifecycle lint'
    : totalsOf(all)
  const lines = [
    ...lints,
    ...tableOf(applied, look),
    ...changesOf(applied, look),
    '',
    ...wrap(isWrong ? `${closing} ${file}` : closing, look.width).map((line) => look.paint('bold', line)),
    ...(undo.length > 0 ? ['', 'What was there before is saved. To put it back:', ...undo] : []),
  ]
  stdout.write(`${lines.join('\n')}\n`)
}

function toPipe({ said, applied, isWrong, ...all }: Application, { stdout, stderr }: Io): void {
  for (const one of applied) {
    const { images, expire, archive, expireBytes } = one.impact
    const numbers = [images, images - expire - archive, expire, archive, expireBytes].map(String)
    stdout.write(`${tabbed([stateOf(one), one.ref.repository, ...numbers, whyOf(one), one.written?.undo ?? ''])}\n`)
  }
  for (const { level, rule, code, problem } of said)
    stderr.write(`${oneLine(`${level}: rule ${rule}: ${problem} (${code})`)}\n`)
  stderr.write(`${isWrong ? 'The policy has errors, so it is put nowhere.' : totalsOf({ applied, ...all })}\n`)
}

const toJson = ({ file, said, applied, missing, isWritten }: Application) => ({
  ...{ schemaVersion: 1, policy: file, isWritten, findings: said },
  repositories: applied.map((one) => ({
    ...{ ...one.ref, state: stateOf(one), why: whyOf(one) || null, undo: one.written?.undo ?? null },
    ...{ before: one.before ?? null, after: one.after },
    ...{ ...one.impact, dollarsPerMonth: standardCost(one.impact.expireBytes) },
  })),
  missing,
})

/** Shows what a policy does, or did, to repositories. */
export function reportApply(application: Application, json: boolean, io: Io): void {
  if (json) io.stdout.write(`${JSON.stringify(toJson(application), null, 2)}\n`)
  else if (io.stdout.isTTY) toTerminal(application, io)
  else toPipe(application, io)
}
