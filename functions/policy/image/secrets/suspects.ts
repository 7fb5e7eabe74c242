import type { Suspect } from '../../../domain/facts/image-facts.ts'
import { unreadable } from '../json.ts'
import { formsIn } from './forms.ts'
import { assignmentsIn, isLiteral, sensitiveWord } from './names.ts'
import { secretlintIn } from './secretlint.ts'

/** Characters that are looked through, and texts that they may be in; builders' labels have some hundred thousand. */
const LIMIT = 2 * 1_048_576
const TEXTS = 10_000

/** Texts of an image's configuration, in the order in which they lie there. */
export type Texts = {
  /** `NAME=value` */
  readonly env: readonly string[]
  readonly labels: Readonly<Record<string, string>>
  /** Commands. */
  readonly history: readonly string[]
}

type Said = Pick<Suspect, 'name' | 'what'>

/** A text that somebody wrote in one place. */
type Piece = {
  readonly place: 'ENV' | 'label' | 'history'
  /** In its list, from 1. */
  readonly number: number
  readonly name?: string
  readonly text: string
  /** What names alone say of it. */
  readonly said: readonly Said[]
}

/** Nothing that a secret has in it, and nothing that ties two texts together. */
const BETWEEN = '\n\0\n'

/** Names that may be repeated. */
const NAME = /^[A-Za-z_][\w./-]{0,99}$/

const saidOf = (name: string, value: string): Said[] => {
  const word = isLiteral(value) ? sensitiveWord(name) : undefined
  return word ? [{ name, what: `a name that says ${word}` }] : []
}

function named(place: 'ENV' | 'label', number: number, name: string, value: string): Piece {
  return { place, number, name, text: `${name}=${value}`, said: saidOf(name, value) }
}

function piecesOf({ env, labels, history }: Texts): Piece[] {
  if (env.length + Object.keys(labels).length + history.length > TEXTS)
    throw unreadable(`its configuration holds more than ${TEXTS} variables, labels and steps`)
  const variables = env.map((entry, index) => {
    const [name = ''] = entry.split('=', 1)
    return named('ENV', index + 1, name, entry.slice(name.length + 1))
  })
  const notes = Object.entries(labels).map(([name, value], index) => named('label', index + 1, name, value))
  const commands = history.map((text, index): Piece => {
    const said = assignmentsIn(text).flatMap(({ name, value }) => saidOf(name, value))
    return { place: 'history', number: index + 1, text, said }
  })
  return [...variables, ...notes, ...commands]
}

/** Where each text begins in all of them joined. */
function startsOf(texts: readonly string[]): readonly number[] {
  let at = 0
  return texts.map((text) => {
    const start = at
    at += text.length + BETWEEN.length
    return start
  })
}

/** What was found in each text. */
async function formsOf(texts: readonly string[]): Promise<readonly (readonly string[])[]> {
  if (texts.reduce((sum, { length }) => sum + length, 0) > LIMIT)
    throw unreadable('its configuration holds more text than is looked through for secrets')
  const all = texts.join(BETWEEN)
  const starts = startsOf(texts)
  const found = texts.map(() => new Set<string>())
  for (const { start, what } of [...formsIn(all), ...(await secretlintIn(all))])
    found[starts.findLastIndex((one) => one <= start)]?.add(what)
  return found.map((whats) => [...whats])
}

/** The form says more than the name. */
function suspectsIn(piece: Piece, forms: readonly string[], mayTell: boolean): Suspect[] {
  const told = (name: string | undefined) => (mayTell && NAME.test(name ?? '') ? name : undefined)
  const said = forms.length > 0 ? forms.map((what): Said => ({ name: piece.name, what })) : piece.said
  const where = `${piece.place} ${told(piece.name) ?? piece.number}`
  return said.map(({ name, what }) => ({ where, name: told(name), what }))
}

/** What the history tells of a variable or a label, it has told by its own place. */
const isRepeated = ({ place, text }: Piece, told: ReadonlySet<string>): boolean =>
  place === 'history' &&
  /^(?:\/bin\/sh -c #\(nop\) +)?(?:ENV|LABEL) /.test(text) &&
  assignmentsIn(text).some(({ name }) => told.has(name))

/**
 * What looks like a secret in the configuration of an image: by the form of a value, or by a name that holds a literal one.
 * @returns where and what, never the secret; a label whose name is not told by its number, as `label 3`
 * @throws {Unreadable} where it is too much to look through
 */
export async function suspectsOf(texts: Texts): Promise<readonly Suspect[]> {
  const pieces = piecesOf(texts)
  const forms = await formsOf(pieces.map(({ text }) => text))
  const isSuspect = (index: number): boolean => Boolean(forms[index]?.length)
  // A name may be the secret itself.
  const secretNames = await formsOf(pieces.map(({ name = '' }, index) => (isSuspect(index) ? name : '')))
  const found: Suspect[] = []
  const told = new Set<string>()
  for (const [index, piece] of pieces.entries()) {
    const suspects = suspectsIn(piece, forms[index] ?? [], secretNames[index]?.length === 0)
    if (suspects.length === 0 || isRepeated(piece, told)) continue
    found.push(...suspects)
    for (const { name } of suspects) if (name !== undefined) told.add(name)
  }
  return found
}
