import { exceptionKey } from '../../functions/domain/exception.ts'
import { ruleOf } from '../../functions/domain/rulebook.ts'
import type { Path } from '../fault.ts'
import { MOST_EXCEPTIONS } from '../schema/exceptions.ts'
import type { PathFault } from '../shape.ts'
import { isMapping, items, member } from './walk.ts'

type Written = Readonly<Record<string, unknown>>

const has = (exception: Written, key: string): boolean => Object.hasOwn(exception, key)

const atKey = (path: Path, message: string): PathFault[] => [{ path, at: 'key', message }]

function subjectFaults(exception: Written, path: Path): PathFault[] {
  const [hasRule, hasFinding] = [has(exception, 'rule'), has(exception, 'finding')]
  if (hasRule && hasFinding)
    return atKey([...path, 'finding'], 'found beside rule, expected one of the two: make it two exceptions')
  if (!hasRule && !hasFinding && has(exception, 'package'))
    return atKey([...path, 'package'], 'found without finding, expected finding: CVE-2026-1234 beside it')
  if (!hasRule && !hasFinding) {
    const message = 'found neither rule nor finding, expected one: rule: tag-immutability, or finding: CVE-2026-1234'
    return [{ path, at: 'value', message }]
  }
  if (hasRule && has(exception, 'package'))
    return atKey([...path, 'package'], 'found beside rule, expected finding beside it: a rule has no packages')
  return []
}

/** An exception with tags or a digest is about images: a rule on repositories would never meet it. */
function scopeFaults(exception: Written, path: Path): PathFault[] {
  const { rule } = exception
  if (typeof rule !== 'string' || ruleOf(rule)?.about !== 'repository') return []
  return ['tags', 'digest']
    .filter((key) => has(exception, key))
    .flatMap((key) =>
      atKey([...path, key], `found beside ${rule}, which is on repositories: it would never match. Leave it out`),
    )
}

const word = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)

const words = (value: unknown): string[] => items(value).flatMap((item) => word(item) ?? [])

const keyOf = (exception: Written): string =>
  exceptionKey({
    ...Object.fromEntries(['rule', 'finding', 'package', 'digest'].map((key) => [key, word(exception[key])])),
    repositories: words(exception.repositories),
    tags: words(exception.tags),
  })

/** Exceptions on the same thing as an earlier one: which of the two ends would hold? */
function repeated(exceptions: readonly unknown[]): PathFault[] {
  const first = new Map<string, number>()
  return exceptions.flatMap((exception, index) => {
    if (!isMapping(exception)) return []
    const key = keyOf(exception)
    const earlier = first.get(key)
    first.set(key, earlier ?? index)
    if (earlier === undefined) return []
    const message = `found again what exceptions[${earlier}] is about, expected it once: which end would hold?`
    return [{ path: ['exceptions', index], at: 'value', message }]
  })
}

/** What is wrong with exceptions beyond the shape of each key. */
export function exceptionFaults(file: unknown): PathFault[] {
  const exceptions = items(member(file, 'exceptions'), MOST_EXCEPTIONS)
  const own = exceptions.flatMap((exception, index) => {
    if (!isMapping(exception)) return []
    const path = ['exceptions', index]
    return [...subjectFaults(exception, path), ...scopeFaults(exception, path)]
  })
  return [...own, ...repeated(exceptions)]
}
