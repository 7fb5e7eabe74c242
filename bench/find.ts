import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import type { IndexedPackage } from '../functions/domain/supply-chain/package-index/entry.ts'
import { createSearch } from '../functions/domain/supply-chain/package-index/search.ts'
import { createIndexWriter, type IndexWriter } from '../functions/domain/supply-chain/package-index/write.ts'
import { matchesQuery, type PackageQuery, packageQuery } from '../functions/domain/supply-chain/package-query.ts'
import { packed, unpacked } from '../functions/sweep/packed.ts'

/** 5,000 images with 300 packages each. */
const [REPOSITORIES, IMAGES, OF_BASE, OF_APP] = [500, 10, 110, 190] as const
const QUERY = 'maven/artifact-3 <3'

/** The same numbers in every run. */
function numbers(): (below: number) => number {
  let seed = 7
  return (below) => {
    seed = (seed * 1_103_515_245 + 12_345) & 0x7fffffff
    return Math.floor((seed / 0x7fffffff) * below)
  }
}

const version = (below: ReturnType<typeof numbers>): string => `${1 + below(5)}.${below(12)}.${below(8)}`

/** Images stand on some of forty bases, and from one to the next a few of their own packages are raised. */
function* images(): Generator<{
  readonly repository: string
  readonly n: number
  readonly packages: IndexedPackage[]
}> {
  const below = numbers()
  const bases = Array.from({ length: 40 }, () => {
    const from = below(400)
    return Array.from({ length: OF_BASE }, (_, n) => ({
      ...{ ecosystem: 'deb', name: `library-${from + n}`, version: `${1 + below(3)}.${below(20)}-${below(5)}` },
    }))
  })
  for (let r = 0; r < REPOSITORIES; r++) {
    const [ecosystem, most] = r % 5 < 3 ? (['npm', 6_000] as const) : (['maven', 4_000] as const)
    const first = below(most - OF_APP)
    // Whatever is popular is nearly everywhere.
    const own = Array.from({ length: OF_APP }, (_, n) => ({
      ...{ ecosystem, name: `org.acme/artifact-${n % 3 === 0 ? n : first + n}`, version: version(below) },
    }))
    for (let i = 0; i < IMAGES; i++) {
      for (let k = 0; k < 6; k++) {
        const at = below(OF_APP)
        own[at] = { ...(own[at] as IndexedPackage & { ecosystem: 'npm' }), version: version(below) }
      }
      yield {
        repository: `team-${r % 40}/app-${r}`,
        n: r * IMAGES + i,
        packages: [...(bases[(r + below(3)) % 40] ?? []), ...own],
      }
    }
  }
}

const digestOf = (n: number): string => `sha256:${n.toString(16).padStart(64, '0')}`
const REGISTRY = { account: '123456789012', region: 'eu-central-1' }

function addImage(writer: IndexWriter, { n, packages }: { readonly n: number; readonly packages: IndexedPackage[] }) {
  const image = { digest: digestOf(n), tags: [`1.${n}.0`], pushedAt: '2026-11-20T08:00:00.000Z', users: [] }
  writer.image(image, { numbers: packages.map(writer.numberOf) })
}

/** Writes the index, packed as the sweep does, and the plain rows, gzipped. @returns rows, and bytes of both */
function write(folder: string) {
  const [writer, rows] = [createIndexWriter(), [] as string[]]
  let [last, count] = ['', 0]
  for (const { repository, n, packages } of images()) {
    if (repository !== last)
      writer.repository({ ...REGISTRY, repository, owner: 'team', at: '2026-11-24T21:00:00.000Z' })
    last = repository
    addImage(writer, { n, packages })
    for (const { ecosystem, name, version: of } of packages)
      rows.push(`${repository}\t${digestOf(n)}\t${ecosystem}\t${name}\t${of}\n`)
    count += packages.length
  }
  const [index, plain] = [packed(writer.text()), gzipSync(rows.join(''), { level: 1 })]
  writeFileSync(join(folder, 'index'), index)
  writeFileSync(join(folder, 'rows'), plain)
  return { rows: count, index: index.length, plain: plain.length }
}

const query = (): PackageQuery => packageQuery(QUERY) as PackageQuery

function byIndex(folder: string): number {
  const asked = query()
  const search = createSearch((one) => matchesQuery(asked, one))
  search.add(unpacked(readFileSync(join(folder, 'index'), 'utf8')))
  return search.end().found.length
}

/** Row by row, each asked whether it is meant. */
function byRows(folder: string): number {
  const asked = query()
  const found = new Set<string>()
  for (const line of gunzipSync(readFileSync(join(folder, 'rows')))
    .toString('utf8')
    .split('\n')) {
    const [repository, digest, ecosystem, name = '', of] = line.split('\t')
    if (matchesQuery(asked, { name, version: of, ecosystem }) !== 'no') found.add(`${repository}@${digest}`)
  }
  return found.size
}

type Asked = { readonly found: number; readonly seconds: number; readonly megabytes: number }

/** In a process of its own: what it needs is its own then. */
function ask(how: 'index' | 'rows', folder: string): Asked {
  const { stdout, status } = spawnSync(process.execPath, [import.meta.filename, how, folder], {
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(`${how} ended with ${status}`)
  return JSON.parse(stdout) as Asked
}

/** What a question of `find` takes from a local copy, reading and unpacking included, beside a scan of the plain rows. */
export function findLines(): readonly string[] {
  const folder = mkdtempSync(join(tmpdir(), 'steward-find-'))
  try {
    const { rows, index, plain } = write(folder)
    const [one, other] = [ask('index', folder), ask('rows', folder)]
    if (one.found !== other.found || one.found === 0)
      throw new Error(`the index finds ${one.found} images, the rows ${other.found}`)
    const inMb = (bytes: number): string => (bytes / 1e6).toFixed(1)
    return [
      `find: ${one.found} of ${REPOSITORIES * IMAGES} images by ${rows} rows, from a local index of ${inMb(index)} MB (rows, gzipped: ${inMb(plain)} MB)`,
      `  ${one.seconds.toFixed(2)} s and ${one.megabytes} MB (goals ≤ 2 s, ≤ 512 MB); a scan of the rows ${other.seconds.toFixed(2)} s and ${other.megabytes} MB`,
    ]
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function measured(how: string, folder: string): Asked {
  const from = performance.now()
  const found = how === 'index' ? byIndex(folder) : byRows(folder)
  const seconds = (performance.now() - from) / 1_000
  return { found, seconds, megabytes: Math.round((process.resourceUsage().maxRSS * 1_024) / 1_000_000) }
}

if (import.meta.main) {
  const [, , how, folder = ''] = process.argv
  console.log(how === undefined ? findLines().join('\n') : JSON.stringify(measured(how, folder)))
}
