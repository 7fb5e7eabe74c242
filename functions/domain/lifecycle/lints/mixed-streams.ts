import { listed } from '../../listed.ts'
import { affairsOf, type Lint, type PolicyView, type Seen } from '../policy-view.ts'
import type { Rule } from '../rule.ts'
import { isMoving, streamOf } from '../streams.ts'
import { takesAnyTag } from './expires-latest.ts'

/** Images that make a stream: fewer may be anything. */
const LEAST = 3

/** Images of each stream, newest first. */
function streamsOf(affairs: readonly Seen[]): readonly (readonly [string, readonly Seen[]])[] {
  const streams = Map.groupBy(
    affairs.flatMap((one) => [...new Set(one.image.tags.map(streamOf))].map((stream) => ({ stream, one }))),
    ({ stream }) => stream,
  )
  return [...streams]
    .map(([stream, all]) => [stream, all.map(({ one }) => one)] as const)
    .filter(([stream, { length }]) => length >= LEAST || isMoving(stream))
}

const isKept = ({ action }: Seen): boolean => action === 'keep'

function problemOf(view: PolicyView, rule: Rule): Pick<Lint, 'level' | 'problem'> | undefined {
  if (!view.seen)
    return takesAnyTag(rule)
      ? { level: 'note', problem: 'Whatever is pushed counts: enough builds of one kind push the others out.' }
      : undefined
  const streams = streamsOf(affairsOf(view, rule))
  const share = ([stream, all]: (typeof streams)[number]): string =>
    `${all.filter(isKept).length} of ${all.length} ${stream}`
  const lost = streams.filter(([, all]) => !all.some(isKept))
  if (lost.length > 0)
    return {
      level: 'warning',
      problem: `Other images are newer and fill the count, so that none stays of ${listed(lost.map(([stream]) => stream))}. Of those that stay: ${listed(streams.filter((one) => !lost.includes(one)).map(share))}.`,
    }
  if (streams.filter(([stream]) => !isMoving(stream)).length < 2) return undefined
  return {
    level: 'note',
    problem: `Images of several kinds share the count. There stay ${listed(streams.map(share))}.`,
  }
}

function lintOf(view: PolicyView, rule: Rule): readonly Lint[] {
  if (rule.tagStatus === 'untagged' || rule.action !== 'expire' || rule.count.type !== 'imageCountMoreThan') return []
  const found = problemOf(view, rule)
  if (!found) return []
  return [
    {
      ...{ code: 'mixed-streams', rule: rule.priority, field: 'selection.countNumber', ...found },
      instead: 'Put a rule with a count of its own before it for each kind that has to stay, releases first.',
    },
  ]
}

/** A count over images of several kinds, of which the busy one pushes the others out. */
export const mixedStreams = (view: PolicyView): readonly Lint[] => view.rules.flatMap((rule) => lintOf(view, rule))
