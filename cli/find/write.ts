import { csvLine } from '../../functions/domain/csv.ts'
import { imageKey, shortDigest } from '../../functions/domain/image.ts'
import { registryKey } from '../../functions/domain/registry.ts'
import type { Io } from '../io.ts'
import { type Cell, type Row, writeTable } from '../table.ts'
import { columnsOf, painter, wrap } from '../terminal.ts'
import type { FindResult } from './result.ts'
import { sentencesOf } from './words.ts'

export type Written = { readonly output: 'table' | 'json' | 'csv'; readonly missing: boolean }

type Found = FindResult['images'][number]
type Missing = FindResult['missing'][number]
type Image = Omit<Missing, 'why'>

/** Tags that are named; more are counted. */
const TAGS = 3

const tagsOf = ({ tags }: Image): string =>
  tags.length === 0 ? '(none)' : tags.slice(0, TAGS).join(', ') + (tags.length > TAGS ? ` +${tags.length - TAGS}` : '')

function useCell(those: readonly Image[]): Cell {
  const users = new Set(those.flatMap(({ usedBy }) => usedBy ?? []))
  if (users.size > 0) return { text: [...users].join(', '), format: 'red' }
  return those.some(({ usedBy }) => usedBy === null) ? { text: 'not known', format: 'magenta' } : { text: 'nobody' }
}

function versionText({ version, match }: Found['packages'][number]): string {
  if (version === undefined) return 'version not known'
  return match === 'unknown' ? `${version} (cannot be compared)` : version
}

/** With the names of the packages where they are several. */
const versionsOf = (those: readonly Found[], isOneName: boolean): string =>
  [
    ...new Set(
      those.flatMap(({ packages }) =>
        packages.map((one) => (isOneName ? versionText(one) : `${one.name} ${versionText(one)}`)),
      ),
    ),
  ].join(', ')

const WHERE = ['REPOSITORY', 'TAGS', 'DIGEST'] as const

function where(image: Image, isOneRegistry: boolean): Row {
  const { repository, digest } = image
  const name = isOneRegistry ? repository : `${registryKey(image)}/${repository}`
  return [
    { text: name, format: 'bold' },
    { text: tagsOf(image) },
    { text: shortDigest(digest).slice('sha256:'.length) },
  ]
}

/** A line for each image, whatever its platforms. */
function imageRows(images: readonly Found[], isOneRegistry: boolean): readonly Row[] {
  const isOneName = new Set(images.flatMap(({ packages }) => packages.map(({ name }) => name))).size === 1
  return [...Map.groupBy(images, imageKey).values()].map((those) => {
    const [first] = those as [Found, ...Found[]]
    const version: Cell = { text: versionsOf(those, isOneName), format: 'yellow' }
    return [...where(first, isOneRegistry), version, { text: first.owner }, useCell(those)]
  })
}

const missingRows = (images: readonly Missing[], isOneRegistry: boolean): readonly Row[] =>
  images.map((one) => {
    const { owner, platform, why } = one
    const reason = platform === undefined ? why : `${platform}: ${why}`
    return [...where(one, isOneRegistry), { text: owner }, useCell([one]), { text: reason }]
  })

const CSV_IMAGE = ['account', 'region', 'repository', 'owner', 'digest', 'platform', 'tags', 'pushed_at', 'used_by']

const csvOf = ({ account, region, repository, owner, digest, platform, tags, pushedAt, usedBy }: Image) => [
  ...[account, region, repository, owner, digest, platform ?? '', tags.join(' '), pushedAt],
  usedBy === null ? 'not known' : usedBy.join('; '),
]

function* csv({ images, missing }: FindResult, isMissing: boolean): Generator<string> {
  yield csvLine([...CSV_IMAGE, ...(isMissing ? ['why'] : ['ecosystem', 'package', 'version', 'match'])])
  if (isMissing) for (const one of missing) yield csvLine([...csvOf(one), one.why])
  else
    for (const one of images)
      for (const { ecosystem = '', name, version = '', match } of one.packages)
        yield csvLine([...csvOf(one), ecosystem, name, version, match])
}

function writeRows(result: FindResult, isMissing: boolean, { stdout }: Io): void {
  const { images, missing } = result
  const isOneRegistry = new Set([...images, ...missing].map(registryKey)).size === 1
  const rows = isMissing ? missingRows(missing, isOneRegistry) : imageRows(images, isOneRegistry)
  const rest = isMissing ? ['OWNER', 'IN USE BY', 'WHY'] : ['VERSION', 'OWNER', 'IN USE BY']
  if (rows.length > 0) writeTable(stdout, [...WHERE, ...rest], rows)
}

/** Writes what was found: sentences beside a table that is read by a person, on stderr beside all else. */
export function writeFound(result: FindResult, { output, missing: isMissing }: Written, io: Io): void {
  const { stdout, stderr } = io
  const stream = output === 'table' && stdout.isTTY ? stdout : stderr
  // Of what a person does not read, a sentence is a line.
  const width = stream.isTTY ? columnsOf(stream) : Number.POSITIVE_INFINITY
  const [first = '', ...rest] = sentencesOf(result, isMissing).map((text) => wrap(text, width).join('\n'))
  stream.write(`${painter(stream)('bold', first)}\n`)
  if (output === 'json') stdout.write(`${JSON.stringify(result, null, 2)}\n`)
  else if (output === 'csv') for (const line of csv(result, isMissing)) stdout.write(line)
  else writeRows(result, isMissing, io)
  for (const text of rest) stream.write(`${text}\n`)
}
