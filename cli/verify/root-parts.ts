import { isRecord } from '../../functions/domain/record.ts'

/** An authority or a log of a trusted root. Instants as they stand there. */
export type RootPart = {
  readonly what: string
  readonly name: string
  readonly since: string
  readonly until?: string | undefined
}

/** Lists of a trusted root, and what they hold. */
const LISTS: Readonly<Record<string, string>> = {
  certificateAuthorities: 'certificate authority',
  ctlogs: 'certificate log',
  tlogs: 'transparency log',
  timestampAuthorities: 'timestamp authority',
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '')

function partOf(what: string, part: unknown): RootPart {
  const json = isRecord(part) ? part : {}
  const key = isRecord(json.publicKey) ? json.publicKey : json
  const validFor = isRecord(key.validFor) ? key.validFor : {}
  return {
    what,
    name: text(json.uri) || text(json.baseUrl),
    since: text(validFor.start),
    until: text(validFor.end) || undefined,
  }
}

/** What a root names, the newest first. */
export const rootParts = (root: object): readonly RootPart[] =>
  Object.entries(LISTS)
    .flatMap(([list, what]) => {
      const parts: unknown = (root as Readonly<Record<string, unknown>>)[list]
      return Array.isArray(parts) ? parts.map((part) => partOf(what, part)) : []
    })
    .toSorted((one, other) => other.since.localeCompare(one.since))
