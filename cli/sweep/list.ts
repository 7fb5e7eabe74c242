import { minute } from '../../functions/domain/compose.ts'
import { grouped } from '../../functions/domain/counted.ts'
import { nearPath } from '../configuration.ts'
import type { Io } from '../io.ts'
import { type Cell, type Row, writeTable } from '../table.ts'
import type { Sweep } from './find-sweep.ts'
import { VERDICT_FORMATS } from './verdict-format.ts'

const HEAD = ['SWEEP', 'ENDED', 'VERDICT', 'JUDGED', 'SCORE', 'STORE']

function rowOf({ id, ended, at }: Sweep, io: Io): Row {
  const name = at.folder === undefined ? at.store.name : nearPath(at.folder, io)
  const store: Cell = { text: name, format: 'dim' }
  if (!ended) return [{ text: id }, { text: 'not ended', format: 'dim' }, ...Array(3).fill({ text: '-' }), store]
  const { endedAt, verdict, listed, judged, complete, score } = ended
  return [
    ...[{ text: id }, { text: minute(endedAt) }, { text: verdict, format: VERDICT_FORMATS[verdict] }],
    { text: `${grouped(judged)} of ${grouped(listed)}`, ...(!complete && { format: 'magenta' as const }) },
    ...[{ text: String(Math.round(score)) }, store],
  ]
}

/** The sweeps, newest first: a table on a terminal, fields separated by tabs in a pipe. */
export const writeSweeps = (sweeps: readonly Sweep[], io: Io): void =>
  writeTable(
    io.stdout,
    HEAD,
    sweeps.map((sweep) => rowOf(sweep, io)),
  )
