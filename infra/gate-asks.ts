import type { StewardConfig } from '../config/load.ts'
import { DEFAULT_LIMITS, type Limits } from '../functions/domain/gate/limits.ts'
import { vulnerabilities } from '../functions/domain/rules/vulnerabilities.ts'
import type { Asks } from '../functions/gate/contract.ts'

type Given = { readonly limits?: Limits; readonly fixableOnly?: boolean; readonly config?: string }

type Parameters = { readonly limits: Limits; readonly fixableOnly: boolean }

const EVERY = ['**']

/**
 * What a gate asks of images: its own limits; without, those of the rule `vulnerabilities`, entry by entry as `steward.yaml` has it.
 * @param path of the gate, as it is named to people
 */
export function gateAsks(
  path: string,
  given: Given,
  config: Pick<StewardConfig, 'policy'> | undefined,
): readonly Asks[] {
  const { limits, fixableOnly = false, config: file } = given
  if (limits) return [{ repositories: EVERY, limits, limitsFrom: `limits of ${path}`, fixableOnly }]
  const otherwise = { limits: DEFAULT_LIMITS, limitsFrom: 'default', fixableOnly }
  const ofPolicy = (config?.policy ?? []).flatMap(({ repositories, rules }) =>
    rules
      .filter(({ rule }) => rule === 'vulnerabilities')
      .map(({ mode, parameters, line, severity = vulnerabilities.severity }): Asks => {
        if (mode === 'off') return { ...otherwise, repositories }
        const asked = parameters as Parameters
        const limitsFrom = `${String(file).split(/[\\/]/).at(-1)} line ${line}`
        return {
          ...{ repositories, limits: asked.limits, limitsFrom, limitsRule: { severity, line } },
          fixableOnly: given.fixableOnly ?? asked.fixableOnly,
        }
      }),
  )
  return [...ofPolicy, { ...otherwise, repositories: EVERY }]
}
