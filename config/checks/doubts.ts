import { type Exception, isExpired } from '../../functions/domain/exception.ts'
import { daysLeft, expiresSoon } from '../../functions/domain/exception-report.ts'
import { covers } from '../../functions/domain/pattern.ts'
import { show } from '../fault.ts'
import type { PathFault } from '../shape.ts'
import type { StewardConfig } from '../steward-config.ts'

/** Days for which an exception may hold everywhere without a word. */
const LONG = 90

const isEverywhere = ({ repositories, tags, digest, package: name }: Exception): boolean =>
  repositories.some((pattern) => covers(pattern, '**')) &&
  tags === undefined &&
  digest === undefined &&
  name === undefined

const inDays = (days: number): string => ['today', 'tomorrow'][days] ?? `in ${days} days`

function doubtOnEnd(exception: Exception, now: Date): string | undefined {
  const { expires, owner } = exception
  const left = daysLeft(exception, now)
  if (isExpired(exception, now))
    return `expired on ${expires}: what it excepted counts again. Ask ${show(owner)}, then renew or remove it`
  if (expiresSoon(exception, now))
    return `ends ${inDays(left)}: from then on what it excepts counts again. Ask ${show(owner)}, then mend or renew it`
  return isEverywhere(exception) && left > LONG
    ? `holds in every repository for more than ${LONG} days. Name repositories, tags or a package, or end it sooner`
    : undefined
}

const rulesInForce = ({ policy }: StewardConfig): ReadonlySet<string> =>
  new Set(policy.flatMap(({ rules }) => rules.filter(({ mode }) => mode !== 'off').map(({ rule }) => rule)))

/** Exceptions that are valid and yet need a look. */
export function doubtfulExceptions(config: StewardConfig, now: Date): PathFault[] {
  const inForce = rulesInForce(config)
  return config.exceptions.flatMap((exception, index): PathFault[] => {
    const doubt = (key: string, message: string): PathFault => ({
      path: ['exceptions', index, key],
      at: 'value',
      message,
    })
    const { rule } = exception
    const end = doubtOnEnd(exception, now)
    return [
      ...(end === undefined ? [] : [doubt('expires', end)]),
      ...(rule === undefined || inForce.has(rule)
        ? []
        : [doubt('rule', `no entry of policy has ${rule} in force, so there is nothing to except`)]),
    ]
  })
}
