import { standardCost } from '../../cost.ts'
import type { RepositoryReport } from '../report.ts'
import { total } from '../sentences.ts'

/** A repository as its row of the table shows it. Bytes, dollars a month. */
export type Row = {
  readonly name: string
  /** `123456789012 ap-northeast-1`. */
  readonly registry: string
  readonly owner: string
  readonly score: number
  readonly critical: number
  readonly high: number
  readonly medium: number
  readonly low: number
  readonly overdue: number
  readonly fails: number
  readonly unknowns: number
  readonly excepted: number
  readonly images: number
  readonly bytes: number
  readonly dollars: number
  readonly removableBytes: number
  readonly removableDollars: number
  readonly unread: readonly string[]
  readonly losses: RepositoryReport['losses']
}

export const toRow = (one: RepositoryReport): Row => ({
  name: one.repository,
  registry: `${one.account} ${one.region}`,
  owner: one.owner,
  score: one.score,
  critical: one.findings.CRITICAL ?? 0,
  high: one.findings.HIGH ?? 0,
  medium: one.findings.MEDIUM ?? 0,
  low: (one.findings.LOW ?? 0) + (one.findings.INFORMATIONAL ?? 0) + (one.findings.UNDEFINED ?? 0),
  overdue: total(one.overdue),
  fails: one.fails,
  unknowns: one.unknowns,
  excepted: one.excepted,
  images: one.images,
  bytes: one.bytes,
  dollars: one.dollarsPerMonth,
  removableBytes: one.removableBytes,
  removableDollars: standardCost(one.removableBytes),
  unread: one.unread,
  losses: one.losses,
})

const NUMBERS = [
  ...(['score', 'critical', 'high', 'medium', 'low', 'overdue', 'fails', 'unknowns', 'excepted', 'images'] as const),
  ...(['bytes', 'dollars', 'removableBytes', 'removableDollars'] as const),
]

/** A row without the names of its fields; texts that come again and again are numbers of a list. */
export type PackedRow = readonly [
  name: string,
  registry: number,
  owner: number,
  numbers: readonly number[],
  unread: readonly number[],
  losses: readonly (readonly [why: number, points: number])[],
]

export type PackedRows = { readonly numbers: readonly string[]; readonly texts: string[]; readonly rows: PackedRow[] }

/** What packs rows one by one; `packed` is what the page holds. */
export function packer(): { readonly packed: PackedRows; pack(row: Row): PackedRow } {
  const numbers = new Map<string, number>()
  const packed: PackedRows = { numbers: NUMBERS, texts: [], rows: [] }
  const number = (text: string): number => {
    const known = numbers.get(text)
    if (known !== undefined) return known
    numbers.set(text, packed.texts.length)
    return packed.texts.push(text) - 1
  }
  return {
    packed,
    pack(row) {
      const { name, registry, owner, unread, losses } = row
      const packedRow: PackedRow = [
        ...([name, number(registry), number(owner), NUMBERS.map((field) => row[field])] as const),
        ...([unread.map(number), losses.map(({ why, points }) => [number(why), points] as const)] as const),
      ]
      packed.rows.push(packedRow)
      return packedRow
    },
  }
}

/** The rows again. It also runs in the page, from its text: it may use nothing but what it is given. */
export function unpack({ numbers, texts, rows }: PackedRows): Row[] {
  const text = (n: number): string => texts[n] as string
  return rows.map(([name, registry, owner, values, unread, losses]) => ({
    ...(Object.fromEntries(numbers.map((field, n) => [field, values[n]])) as Pick<Row, (typeof NUMBERS)[number]>),
    name,
    registry: text(registry),
    owner: text(owner),
    unread: unread.map(text),
    losses: losses.map(([why, points]) => ({ why: text(why), points })),
  }))
}
