import { once } from 'node:events'
import { roughBytes } from '../../functions/domain/bytes.ts'
import { grouped } from '../../functions/domain/counted.ts'
import { repositoryArn, repositoryUri } from '../../functions/domain/registry.ts'
import type { Missing } from '../check/subjects.ts'
import type { Exit } from '../exit.ts'
import { NOTHING } from '../images/words.ts'
import type { Io } from '../io.ts'
import { type Cell, tabbed, writeTable } from '../table.ts'
import type { ListRow } from './list-row.ts'

const UNREAD = '?'

/** What is asked for, said; a dash where it is not asked for or there is none, a question mark where it could not be read. */
const said = <T>(
  row: ListRow,
  name: keyof ListRow,
  read: { readonly value: T } | undefined,
  inWords: (value: T) => string,
) => {
  if (!(name in row)) return NOTHING
  return read ? inWords(read.value) : UNREAD
}

const yesNo = (is: boolean): string => (is ? 'yes' : 'no')

const textsOf = (row: ListRow) => ({
  scan: row.scan ?? UNREAD,
  lifecycle: said(row, 'hasLifecycle', row.hasLifecycle, yesNo),
  owner: said(row, 'owner', row.owner, (owner) => owner || NOTHING),
  images: said(row, 'images', row.images, ({ count }) => String(count)),
  bytes: said(row, 'images', row.images, ({ bytes }) => String(bytes)),
})

/** One repository, its fields separated by tabs. */
function tabLine(row: ListRow): string {
  const { ref, settings } = row
  const { scan, lifecycle, owner, images, bytes } = textsOf(row)
  return tabbed([
    ...[ref.repository, repositoryUri(ref), settings.tagMutability, scan, settings.encryption.type, lifecycle, owner],
    ...[settings.createdAt ?? NOTHING, images, bytes],
  ])
}

const jsonOf = (row: ListRow) => {
  const { ref, settings } = row
  const { tagMutability, exclusions, scanOnPush, encryption, createdAt = null } = settings
  return {
    ...{ ...ref, uri: repositoryUri(ref), arn: repositoryArn(ref), tagMutability, exclusions, scanOnPush },
    ...{ scan: row.scan ?? null, encryption, createdAt },
    ...('hasLifecycle' in row && { lifecyclePolicy: row.hasLifecycle?.value ?? null }),
    ...('owner' in row && { owner: row.owner?.value ?? null }),
    ...('images' in row && { images: row.images?.value.count ?? null, bytes: row.images?.value.bytes ?? null }),
    problems: row.problems,
  }
}

/** `immutable`, `immutable but latest, dev-*`. */
const mutabilityWords = ({ settings: { tagMutability, exclusions } }: ListRow): string =>
  [
    tagMutability.toLowerCase().replace(/_.*/, ''),
    ...(exclusions.length > 0 ? [`but ${exclusions.join(', ')}`] : []),
  ].join(' ')

const warnIf = (text: string, isBad: boolean): Cell => ({ text, ...(isBad && { format: 'yellow' as const }) })

/** Columns that nothing was asked for are left out; when it was made is for programs, and would break the lines of a narrow terminal. */
function cellsOf(row: ListRow): readonly (readonly [title: string, cell: Cell])[] {
  const { ref, settings } = row
  const { scan, lifecycle, owner } = textsOf(row)
  return [
    ['REPOSITORY', { text: ref.repository, format: 'bold' }],
    ['TAGS', warnIf(mutabilityWords(row), settings.tagMutability.startsWith('MUTABLE'))],
    ['SCAN', warnIf(scan, scan === 'no')],
    ['ENCRYPTION', { text: settings.encryption.type }],
    ...('hasLifecycle' in row ? ([['LIFECYCLE', warnIf(lifecycle, lifecycle === 'no')]] as const) : []),
    ...('owner' in row ? ([['OWNER', warnIf(owner, owner === NOTHING)]] as const) : []),
    ...('images' in row
      ? ([
          ['IMAGES', { text: row.images ? grouped(row.images.value.count) : UNREAD }],
          ['SIZE', { text: row.images ? roughBytes(row.images.value.bytes) : UNREAD }],
        ] as const)
      : []),
  ]
}

export type ListReport = {
  /** Resolves when the reader has taken what it was given. */
  add(row: ListRow): Promise<void>
  end(rest: { readonly missing: readonly Missing[]; readonly outcome: Exit }): void
}

const writer = (stdout: NodeJS.WriteStream) => async (text: string) => {
  if (!stdout.write(text)) await once(stdout, 'drain')
}

/** Each repository as it comes, on a line of its own, in a list of JSON. */
function jsonReport({ stdout }: Io): ListReport {
  const write = writer(stdout)
  let before = '{"schemaVersion":1,"repositories":[\n'
  return {
    async add(row) {
      await write(before + JSON.stringify(jsonOf(row)))
      before = ',\n'
    },
    end: (rest) => void stdout.write(`${before === ',\n' ? '' : before}\n],${JSON.stringify(rest).slice(1)}\n`),
  }
}

/** A table needs all of its rows, so that its columns fit. */
function tableReport({ stdout }: Io): ListReport {
  const rows: (readonly (readonly [string, Cell])[])[] = []
  return {
    add: async (row) => void rows.push(cellsOf(row)),
    end() {
      const titles = rows[0]?.map(([title]) => title)
      if (titles)
        writeTable(
          stdout,
          titles,
          rows.map((cells) => cells.map(([, cell]) => cell)),
        )
    },
  }
}

export function listReport(json: boolean, io: Io): ListReport {
  if (json) return jsonReport(io)
  if (io.stdout.isTTY) return tableReport(io)
  const write = writer(io.stdout)
  return { add: (row) => write(`${tabLine(row)}\n`), end: () => {} }
}
