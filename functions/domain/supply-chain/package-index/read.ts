import type { IndexEntry, IndexedImage, IndexedPackage, IndexedRepository, Without } from './entry.ts'

/** That a text is none that an index is written as. The message says which line it is. */
export class NotAnIndex extends Error {
  override readonly name = 'NotAnIndex'
}

type ImageLine = IndexedImage & (Without | { readonly packages: readonly number[] })
type Line = readonly unknown[] | IndexedRepository | ImageLine

/** What stands before a line. */
type Before = { known: number; repository?: IndexedRepository }

const isText = (value: unknown): value is string => typeof value === 'string'

const isTexts = (value: unknown): boolean => Array.isArray(value) && value.every(isText)

function packageOf(line: readonly unknown[]): IndexedPackage {
  const [ecosystem, name, version] = line
  if (!isText(name) || ![ecosystem, version].every((one) => one === null || isText(one)))
    throw new NotAnIndex('a package')
  return { name, ...(isText(ecosystem) && { ecosystem }), ...(isText(version) && { version }) }
}

/** @param known how many packages stand before it */
function numbersOf(gaps: readonly unknown[], known: number): readonly number[] {
  let number = 0
  return gaps.map((gap) => {
    number += gap as number
    if (!Number.isInteger(gap) || (gap as number) < 0 || number >= known)
      throw new NotAnIndex('the packages of an image')
    return number
  })
}

function repositoryOf({ account, region, repository, owner, at }: IndexedRepository): IndexedRepository {
  if (![account, region, repository, owner, at].every(isText)) throw new NotAnIndex('a repository')
  return { account, region, repository, owner, at }
}

function imageOf(line: ImageLine, { known, repository }: Before): IndexEntry {
  if (!repository) throw new NotAnIndex('a repository before an image')
  const { digest, manifest, platform, tags, pushedAt, users } = line
  const texts = [digest, pushedAt, manifest ?? '', platform ?? '']
  if (!texts.every(isText) || !isTexts(tags) || !isTexts(users ?? [])) throw new NotAnIndex('an image')
  const image = {
    ...{ digest, tags, pushedAt },
    ...(manifest !== undefined && { manifest }),
    ...(platform !== undefined && { platform }),
    ...(users !== undefined && { users }),
  }
  if ('packages' in line && Array.isArray(line.packages))
    return { kind: 'image', repository, image, contents: { numbers: numbersOf(line.packages, known) } }
  if ('without' in line && isText(line.without))
    return { kind: 'image', repository, image, contents: { without: line.without } }
  throw new NotAnIndex('an image')
}

function parsed(text: string): Line {
  const line: unknown = JSON.parse(text)
  if (typeof line === 'object' && line !== null) return line as Line
  throw new NotAnIndex('JSON of an index')
}

/** Lines of a text, without a copy of the whole. */
function* linesOf(text: string): Generator<string> {
  for (let from = 0; from < text.length; ) {
    const end = text.indexOf('\n', from)
    const to = end === -1 ? text.length : end
    yield text.slice(from, to)
    from = to + 1
  }
}

function entryOf(line: Line, before: Before): IndexEntry {
  if (Array.isArray(line)) return { kind: 'package', package: packageOf(line) }
  if ('repository' in line) return { kind: 'repository', repository: repositoryOf(line) }
  return imageOf(line as ImageLine, before)
}

/** @throws {NotAnIndex} naming the line: it is a long text */
function orRefused(text: string, number: number, before: Before): IndexEntry {
  try {
    return entryOf(parsed(text), before)
  } catch (error) {
    const what = error instanceof NotAnIndex ? error.message : 'JSON of an index'
    throw new NotAnIndex(`line ${number} is not ${what}`)
  }
}

/**
 * What an index says, line by line.
 * @throws {NotAnIndex} also in the midst of it
 */
export function* readIndex(text: string): Generator<IndexEntry> {
  const before: Before = { known: 0 }
  let number = 0
  for (const line of linesOf(text)) {
    number += 1
    const entry = orRefused(line, number, before)
    if (entry.kind === 'package') before.known += 1
    if (entry.kind === 'repository') before.repository = entry.repository
    yield entry
  }
}
