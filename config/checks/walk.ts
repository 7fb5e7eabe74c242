import { isChannelName } from '../schema/channels.ts'
import { MOST } from '../schema/words.ts'
import type { PathFault } from '../shape.ts'

export const isMapping = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export const member = (value: unknown, key: string): unknown =>
  isMapping(value) && Object.hasOwn(value, key) ? value[key] : undefined

/** As much of a list as a valid file may have: the checks also run on files with other faults. */
export const items = (value: unknown, most = MOST): readonly unknown[] =>
  Array.isArray(value) ? value.slice(0, most) : []

export const channelNames = (file: unknown): readonly string[] => {
  const channels = member(file, 'channels')
  return isMapping(channels) ? Object.keys(channels).filter(isChannelName).slice(0, MOST) : []
}

/** A pattern of a list `repositories`: of which entry of a section, and at which place. */
export type Pattern = { readonly entry: number; readonly place: number; readonly pattern: string }

/** Longest pattern that a file may have. */
const LONGEST = 256
/** Characters of all patterns of a section: comparing each with each takes their square. */
const MOST_CHARACTERS = 20_000

/** Where lists of entries with patterns are. */
export const SECTIONS = { alerts: ['alerts'], policy: ['policy'], cleanUp: ['clean-up', 'policies'] } as const

export type Section = keyof typeof SECTIONS

const allPatterns = (file: unknown, section: Section): readonly Pattern[] =>
  items(SECTIONS[section].reduce<unknown>(member, file)).flatMap((item, entry) =>
    items(member(item, 'repositories')).flatMap((pattern, place) =>
      typeof pattern === 'string' && pattern.length <= LONGEST ? [{ entry, place, pattern }] : [],
    ),
  )

const lengthOf = (patterns: readonly Pattern[]): number =>
  patterns.reduce((sum, { pattern }) => sum + pattern.length, 0)

/** The patterns of a section; none where they are more than can be compared. */
export function patternsOf(file: unknown, section: Section): readonly Pattern[] {
  const patterns = allPatterns(file, section)
  return lengthOf(patterns) > MOST_CHARACTERS ? [] : patterns
}

/** Sections with more patterns than can be compared. */
export const crowdedSections = (file: unknown): PathFault[] =>
  (Object.keys(SECTIONS) as Section[])
    .filter((section) => lengthOf(allPatterns(file, section)) > MOST_CHARACTERS)
    .map((section) => ({
      path: SECTIONS[section],
      at: 'key',
      message: `found patterns of more than ${MOST_CHARACTERS} characters in all, expected fewer: wildcards make them short`,
    }))
