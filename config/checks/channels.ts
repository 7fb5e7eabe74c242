import { type Path, show } from '../fault.ts'
import type { PathFault } from '../shape.ts'
import { didYouMean, oneOf } from '../suggest.ts'
import { channelNames, items, member } from './walk.ts'

type Target = { readonly path: Path; readonly channel: string }

const targetsIn = (to: unknown, path: Path): readonly Target[] =>
  items(to).flatMap((target, place) =>
    typeof target === 'string' && target.startsWith('slack:')
      ? [{ path: [...path, place], channel: target.slice('slack:'.length) }]
      : [],
  )

const targetsOf = (file: unknown): readonly Target[] => [
  ...items(member(file, 'alerts')).flatMap((entry, index) => targetsIn(member(entry, 'to'), ['alerts', index, 'to'])),
  ...targetsIn(member(member(file, 'registry'), 'to'), ['registry', 'to']),
  ...targetsIn(member(member(file, 'clean-up'), 'to'), ['clean-up', 'to']),
  ...targetsIn(member(member(file, 'sweep'), 'to'), ['sweep', 'to']),
  ...items(member(member(file, 'sweep'), 'watch-for')).flatMap((entry, index) =>
    targetsIn(member(entry, 'to'), ['sweep', 'watch-for', index, 'to']),
  ),
]

/** Messages to a channel that `channels` does not have. */
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
