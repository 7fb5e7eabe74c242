import { show } from '../../config/fault.ts'
import { NotAnIndex } from '../../functions/domain/supply-chain/package-index/read.ts'
import { createSearch } from '../../functions/domain/supply-chain/package-index/search.ts'
import { matchesQuery, type PackageQuery, packageQuery } from '../../functions/domain/supply-chain/package-query.ts'
import { CommandError } from '../command-error.ts'
import type { Exit } from '../exit.ts'
import type { Io } from '../io.ts'
import { showProgress } from '../progress.ts'
import { asStoreFault } from '../sweep/report.ts'
import { resultOf } from './resulting.ts'
import { openSource, type Source, type SourceOptions } from './sources.ts'
import { type Written, writeFound } from './write.ts'

export type FindOptions = SourceOptions & Written & { readonly ecosystem: string | undefined; readonly inUse: boolean }

const NEXT = 'They look like log4j-core, "log4j-core@<2.17.1" or "npm/@babel/core >=7 <7.26".'

const noEcosystem = (text: string): CommandError =>
  new CommandError(
    'usage',
    `${show(text, 60)} is no ecosystem.`,
    'They are types of package URLs: npm, maven, pypi, deb.',
  )

/** The query, and the words that it is called by; undefined where none is given. */
function queryOf(
  words: readonly string[],
  { ecosystem }: FindOptions,
): { text: string; query: PackageQuery } | undefined {
  const text = words.join(' ').trim()
  if (text === '') return undefined
  if (ecosystem !== undefined && !/^[\w.+-]+$/.test(ecosystem)) throw noEcosystem(ecosystem)
  const whole = ecosystem === undefined ? text : `${ecosystem}/${text}`
  const query = packageQuery(whole)
  if ('fault' in query) throw new CommandError('usage', `${show(whole, 120)}: ${query.fault}.`, NEXT)
  if (ecosystem === undefined || query.ecosystem === ecosystem.toLowerCase()) return { text: whole, query }
  throw noEcosystem(ecosystem)
}

/** What is not known to be unused. */
const mayBeUsed = ({ users }: { readonly users?: readonly string[] | undefined }): boolean =>
  users === undefined || users.length > 0

async function searched({ texts }: Source, query: PackageQuery | undefined, inUse: boolean, { stderr }: Io) {
  const search = createSearch((one) => (query ? matchesQuery(query, one) : 'no'), inUse ? mayBeUsed : undefined)
  let read = 0
  const end = showProgress(stderr, () => `reading the index of packages${read > 0 ? `, part ${read + 1}` : ''}`)
  try {
    for await (const text of texts) {
      search.add(text)
      read += 1
    }
  } finally {
    end()
  }
  return search.end()
}

function asFault(error: unknown, { index }: FindOptions): unknown {
  if (!(error instanceof NotAnIndex)) return asStoreFault(error)
  return index.length === 0
    ? new CommandError('unknown', `The index cannot be read: ${error.message}.`, 'The next sweep makes a new one.')
    : new CommandError(
        'unknown',
        `${show(index.join(', '), 200)} cannot be read as an index: ${error.message}.`,
        'Name files that the sweep wrote: packages under sweep, docs/find.md.',
      )
}

/** Shows which images have a package, of those that the sweep knows. */
export async function find(words: readonly string[], options: FindOptions, io: Io): Promise<Exit> {
  const asked = queryOf(words, options)
  if (!asked && !options.missing) throw new CommandError('usage', 'No package is named.', NEXT)
  try {
    const source = await openSource(options, io)
    const answer = await searched(source, asked?.query, options.inUse, io)
    const result = resultOf(answer, asked?.text ?? null, source.unread)
    writeFound(result, options, io)
    return options.missing ? 'pass' : result.outcome
  } catch (error) {
    throw asFault(error, options)
  }
}
