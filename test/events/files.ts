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

/** The table of `events/README.md`. */
export const ROWS: readonly Row[] = readFileSync(new URL('README.md', FOLDER), 'utf8')
  .split('\n')
  .flatMap((line) => {
    const [, link, , source = '', outcome = ''] = line.split(' | ').length === 4 ? [line, ...line.split(' | ')] : []
    const file = /^\| \[([a-z0-9-]+\.json)\]\(\1\)$/.exec(link ?? '')?.[1]
    return file ? [{ file, source, outcome: outcome.replace(/ \|$/, '') }] : []
  })
