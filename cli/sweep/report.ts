import { resolve } from 'node:path'
import { minute } from '../../functions/domain/compose.ts'
import { grouped } from '../../functions/domain/counted.ts'
import { Unreadable } from '../../functions/faults.ts'
import type { AWS_OPTIONS } from '../aws/aws-options.ts'
import { openSession } from '../aws/session.ts'
import { CommandError } from '../command-error.ts'
import { nearPath } from '../configuration.ts'
import type { Exit } from '../exit.ts'
import type { Io } from '../io.ts'
import type { Values } from '../option.ts'
import { oneLine, painter } from '../terminal.ts'
import { allSweeps, latestSweep, type Sweep, sweepNamed } from './find-sweep.ts'
import { writeSweeps } from './list.ts'
import { openFile } from './open-file.ts'
import type { Format } from './options.ts'
import { reportFile, reportText, writeReportFile } from './report-file.ts'
import { FOLDER, storesAt } from './stores.ts'
import { VERDICT_FORMATS } from './verdict-format.ts'

export type ReportOptions = Pick<Values<typeof AWS_OPTIONS>, 'region' | 'profile'> & {
  readonly store: string | undefined
  readonly id: string
  readonly format: Format
  readonly output: string | undefined
  readonly list: boolean
  readonly open: boolean
}

/** What a store that cannot be used is for the person at the terminal. */
export function asStoreFault(error: unknown): unknown {
  if (!(error instanceof Unreadable)) return error
  const exit = /AccessDenied|HTTP 403|EACCES|EPERM/.test(error.message) ? 'access' : 'unknown'
  const next = /NoSuchBucket/.test(error.message)
    ? 'Name the bucket as the stack has it in its outputs.'
    : exit === 'access'
      ? 'It takes s3:GetObject and s3:ListBucket for a bucket, and to be allowed to read a folder.'
      : 'Check --store, --region, and the network.'
  return new CommandError(exit, `The store cannot be read: ${error.message}.`, next)
}

/** What the sweep comes to, on stderr: the result is the report. */
function tellSweep({ id, ended }: Sweep, { stderr }: Io): void {
  if (!ended) return
  const { verdict, score, listed, judged, endedAt } = ended
  const word = painter(stderr)(VERDICT_FORMATS[verdict], verdict.toUpperCase())
  const judgedOf = `judged ${grouped(judged)} of ${grouped(listed)}, score ${Math.round(score)} of 100`
  stderr.write(`${word} sweep ${oneLine(id)}, ended ${minute(endedAt)}: ${judgedOf}\n`)
}

/** Puts the report where it is wanted. @returns the file, absolute; undefined for standard output */
async function put(sweep: Sweep, { format, output, open }: ReportOptions, io: Io): Promise<string | undefined> {
  if (output === '-' || (output === undefined && format !== 'html' && !open)) {
    io.stdout.write(await reportText(sweep, format))
    return undefined
  }
  if (output === undefined) return reportFile(sweep, format, io)
  const path = resolve(io.cwd, output)
  await writeReportFile(path, await reportText(sweep, format))
  return path
}

async function reported(options: ReportOptions, io: Io): Promise<Exit> {
  const place = options.store ?? FOLDER
  const session = () => openSession({ ...options, rate: undefined, verbose: false }, io)
  const stores = await storesAt(options.store, session, io)
  const find = (): Promise<Sweep> =>
    options.id === 'latest' ? latestSweep(stores, place) : sweepNamed(options.id, stores, place)
  if (options.list) {
    const sweeps = await allSweeps(stores)
    if (sweeps.length > 0) writeSweeps(sweeps, io)
    else await find()
    return 'pass'
  }
  const sweep = await find()
  const path = await put(sweep, options, io)
  tellSweep(sweep, io)
  if (path === undefined) return 'pass'
  io.stdout.write(`${oneLine(nearPath(path, io))}\n`)
  if (options.open) await openFile(path, io)
  return 'pass'
}

/** Shows where the report of a sweep is, writes it, or opens it. Its verdict is not the exit code: that is for `sweep`. */
export async function report(options: ReportOptions, io: Io): Promise<Exit> {
  if (options.open && options.output === '-')
    throw new CommandError('usage', 'What is written to standard output cannot be opened.', 'Leave out --open or -.')
  try {
    return await reported(options, io)
  } catch (error) {
    throw asStoreFault(error)
  }
}
