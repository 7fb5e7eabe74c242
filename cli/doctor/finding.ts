/** What is looked at, in the order in which it is told. */
export const AREAS = [
  ...(['tool', 'configuration', 'region', 'connection', 'credentials'] as const),
  ...(['permissions', 'scanning', 'stack', 'channels'] as const),
] as const

export type Area = (typeof AREAS)[number]

/**
 * `note`: there is nothing to mend. `unknown`: it could not be looked at, which is never `ok`.
 */
export const STATES = ['ok', 'note', 'warning', 'problem', 'unknown'] as const

export type State = (typeof STATES)[number]

/** What mends it: a sentence, a line to copy into a shell, or both. */
export type Fix = { readonly text?: string | undefined; readonly command?: string | undefined }

/** One thing that was looked at. Whatever comes from outside is escaped where it is shown. */
export type Finding = {
  readonly area: Area
  readonly state: State
  /** What was looked at: `clock`, `clean-up apply`. */
  readonly what: string
  /** What was found, in a sentence without its stop. */
  readonly found: string
  readonly fix: readonly Fix[]
}

/** Findings of an area in the making: each method is a state. */
export const findingsOf = (area: Area) => {
  const finding =
    (state: State) =>
    (what: string, found: string, ...fix: readonly Fix[]): Finding => ({ area, state, what, found, fix })
  return {
    ...{ ok: finding('ok'), note: finding('note'), warning: finding('warning') },
    ...{ problem: finding('problem'), unknown: finding('unknown') },
  }
}

type Outcome = 'access' | 'usage' | 'unknown'

/** How a problem of an area ends the command; the others bring none that count. */
const EXITS: Readonly<Record<Area, Outcome>> = {
  ...{ connection: 'access', credentials: 'access', permissions: 'access' },
  ...{ tool: 'usage', configuration: 'usage', region: 'usage', channels: 'usage' },
  ...{ scanning: 'unknown', stack: 'unknown' },
}

const ORDER: readonly Outcome[] = ['access', 'usage', 'unknown']

/** Without credentials or permissions nothing goes: they count first, then what is written wrong, then what is not known. */
export function exitOf(findings: readonly Finding[]): Outcome | 'pass' {
  const exits = findings.flatMap(({ state, area }): readonly Outcome[] => {
    if (state === 'unknown') return ['unknown']
    return state === 'problem' ? [EXITS[area]] : []
  })
  return ORDER.find((exit) => exits.includes(exit)) ?? 'pass'
}
