import { readdirSync, readFileSync } from 'node:fs'
import { peek } from '../../functions/events/fields.ts'

const FOLDER = new URL('../../events/', import.meta.url)

/** One event of one file of `events/`. */
export type Sample = { readonly file: string; readonly event: unknown; readonly id: string; readonly time: string }

const read = (file: string): unknown => JSON.parse(readFileSync(new URL(file, FOLDER), 'utf8'))

export const FILES: readonly string[] = readdirSync(FOLDER)
  .filter((name) => name.endsWith('.json'))
  .sort()

/** Every event of every file, in the order of the story. */
export const SAMPLES: readonly Sample[] = FILES.flatMap((file) =>
  [read(file)].flat().map((event) => ({
    file,
    event,
    id: String(peek(event, 'id')),
    time: String(peek(event, 'time')),
  })),
).sort((a, b) => Date.parse(a.time) - Date.parse(b.time) || (a.file < b.file ? -1 : Number(a.file > b.file)))

export type Row = { readonly file: string; readonly source: string; readonly outcome: string }

const README = readFileSync(new URL('README.md', FOLDER), 'utf8')

/** Links of `events/README.md` by the name that the table uses. */
export const LINKS: ReadonlyMap<string, string> = new Map(
  [...README.matchAll(/^\[([^\]]+)\]: (\S+)$/gm)].map(([, name = '', url = '']) => [name, url]),
)

/** The table of `events/README.md`. */
export const ROWS: readonly Row[] = README.split('\n').flatMap((line) => {
  const [, name = '', , source = '', outcome = ''] = line.split('|').map((cell) => cell.trim())
  const file = /^`([a-z0-9-]+\.json)`$/.exec(name)?.[1]
  return file ? [{ file, source, outcome }] : []
})
