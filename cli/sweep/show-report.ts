import type { SweepReport } from '../../functions/domain/sweep/report.ts'
import { nearPath } from '../configuration.ts'
import type { Io } from '../io.ts'
import { columnsOf, oneLine, painter } from '../terminal.ts'
import { sameStore } from './again.ts'
import { openFile } from './open-file.ts'
import { reportFile, reportText } from './report-file.ts'
import type { SweepStore } from './stores.ts'
import { summaryLines } from './summary-lines.ts'

type Options = {
  readonly output: 'table' | 'json'
  readonly open: boolean
  readonly store: string | undefined
  readonly region: string | undefined
  readonly profile: string | undefined
}

export type Showing = { readonly at: SweepStore; readonly options: Options; readonly io: Io }

/** Where the whole of it is: in a folder its path, of a bucket what shows it. */
function whereLines(
  sweep: { readonly id: string; readonly at: SweepStore },
  path: string,
  { at, options, io }: Showing,
): readonly string[] {
  const paint = painter(io.stdout)
  if (at.folder !== undefined) return [`Report: ${paint('cyan', oneLine(nearPath(path, io)))}`]
  const { store, region, profile } = options
  const command = sameStore(`report --id ${sweep.id} --open`, { store, region, profile })
  return [`Report: ${oneLine(at.store.name)}/${sweep.id}/report.html`, `${paint('dim', '$')} ${paint('cyan', command)}`]
}

/**
 * The end of a sweep on standard output: a summary for people, or the whole report as JSON.
 * @throws {Unreadable} where the store cannot be reached
 */
export async function showReport(report: SweepReport, showing: Showing): Promise<void> {
  const { at, options, io } = showing
  const sweep = { id: report.id, at }
  const isFile = at.folder !== undefined || options.open
  const path = isFile ? await reportFile(sweep, 'html', io) : ''
  if (options.output === 'json') io.stdout.write(await reportText(sweep, 'json'))
  else {
    const look = { paint: painter(io.stdout), width: columnsOf(io.stdout) }
    const lines = [...summaryLines(report, look), '', ...whereLines(sweep, path, showing)]
    io.stdout.write(`${lines.join('\n')}\n`)
  }
  if (options.open) await openFile(path, io)
}
