import { covers } from '../functions/domain/pattern.ts'
import { SEVERITIES } from '../functions/domain/severity.ts'
import { type Path, show } from './fault.ts'
import { isChannelName, isPattern, MOST } from './schema.ts'
import type { PathFault } from './shape.ts'
import { didYouMean, oneOf } from './suggest.ts'

const isMapping = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const member = (value: unknown, key: string): unknown =>
  isMapping(value) && Object.hasOwn(value, key) ? value[key] : undefined

/** As much of a list as a valid file may have: the checks also run on files with other faults. */
const items = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value.slice(0, MOST) : [])

const channelNames = (file: unknown): readonly string[] => {
  const channels = member(file, 'channels')
  return isMapping(channels) ? Object.keys(channels).filter(isChannelName).slice(0, MOST) : []
}

type Target = { readonly path: Path; readonly channel: string }

const targetsOf = (file: unknown): readonly Target[] =>
  items(member(file, 'alerts')).flatMap((entry, index) =>
    items(member(entry, 'to')).flatMap((target, place) =>
      typeof target === 'string' && target.startsWith('slack:')
        ? [{ path: ['alerts', index, 'to', place], channel: target.slice('slack:'.length) }]
        : [],
    ),
  )

/** Alerts to a channel that `channels` does not have. */
export function unknownChannels(file: unknown): PathFault[] {
  const names = channelNames(file)
  const known = names.length === 0 ? 'a channel under the key channels, which has none yet' : oneOf(names)
  return targetsOf(file)
    .filter(({ channel }) => !names.includes(channel))
    .map(({ path, channel }) => ({
      path,
      at: 'value',
      message: `found channel ${show(channel)}, expected ${known}${didYouMean(channel, names)}`,
    }))
}

type Rule = { readonly entry: number; readonly place: number; readonly pattern: string }

const patternsOf = (file: unknown): readonly Rule[] =>
  items(member(file, 'alerts')).flatMap((alert, entry) =>
    items(member(alert, 'repositories')).flatMap((pattern, place) =>
      typeof pattern === 'string' && pattern.length <= 256 ? [{ entry, place, pattern }] : [],
    ),
  )

/** Patterns that can never decide anything, because an earlier entry takes all that they match. */
export function shadowedPatterns(file: unknown): PathFault[] {
  const rules = patternsOf(file)
  return rules.flatMap(({ entry, place, pattern }) => {
    const earlier = rules.find((rule) => rule.entry < entry && covers(rule.pattern, pattern))
    if (!earlier) return []
    const message =
      `found ${show(pattern)}, which never applies: alerts[${earlier.entry}] takes all of it with ${show(earlier.pattern)}, ` +
      'and the first match wins. Move this entry before that one, or remove it'
    return [{ path: ['alerts', entry, 'repositories', place], at: 'value', message }]
  })
}

/** Channels that nothing is sent to. */
export function unusedChannels(file: unknown): PathFault[] {
  const used = new Set(targetsOf(file).map(({ channel }) => channel))
  return channelNames(file)
    .filter((name) => !used.has(name))
    .map((name) => ({
      path: ['channels', name],
      at: 'key',
      message: `no alert goes to it. Add slack:${name} to a list "to", or remove it`,
    }))
}

/** Repositories that no entry matches are never told about. */
export function uncovered(file: unknown): PathFault[] {
  if (patternsOf(file).some(({ pattern }) => covers(pattern, '**'))) return []
  const message = 'no alert for repositories that match no entry. To cover all, end the list with an entry for "**"'
  return [{ path: ['alerts'], at: 'key', message }]
}

/** A pattern in the one form that ECR's names allow: `Prod/` is `prod/**`. */
function mendedPattern(value: unknown): readonly string[] {
  const mended = typeof value === 'string' ? value.toLowerCase().replace(/\/$/, '/**').replace(/^\//, '') : ''
  return isPattern(mended) ? [mended] : []
}

/** What could have been meant by the value at a path. */
export function candidatesFor(file: unknown, path: Path, value: unknown): readonly string[] {
  const [top, , key, index] = path
  if (top !== 'alerts' || key === undefined) return []
  if (key === 'threshold') return SEVERITIES
  if (index === undefined) return []
  return key === 'to' ? ['sns', ...channelNames(file).map((name) => `slack:${name}`)] : mendedPattern(value)
}
