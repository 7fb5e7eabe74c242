import type { Fault } from '../../config/fault.ts'
import { ConfigError, configText, filesBeside, parseConfig, type StewardConfig } from '../../config/load.ts'
import { counted } from '../../functions/domain/counted.ts'
import { findConfiguration, nearPath } from '../configuration.ts'
import type { Io } from '../io.ts'
import { type Finding, type Fix, findingsOf } from './finding.ts'
import { trustedRootFindings } from './trusted-root.ts'

const { ok, note, warning, problem } = findingsOf('configuration')

/** Where faults and warnings stand, with the lines around them. */
const SHOW: Fix = { command: 'ecr-steward config validate' }
/** Faults that are told one by one; `config validate` has them all. */
const MOST = 20

const where = (given: string | undefined, { env }: Io): string => {
  if (given !== undefined) return 'as --config says'
  return env.ECR_STEWARD_CONFIG ? 'as ECR_STEWARD_CONFIG says' : 'the nearest one'
}

const placed = ({ file, line, column, path, message }: Fault): readonly [what: string, found: string] => [
  `${file}:${line}:${column}`,
  path === '' ? message : `${path}: ${message}`,
]

export type ReadConfiguration = { readonly findings: readonly Finding[]; readonly config?: StewardConfig }

function parsed(path: string, name: string, from: string, now: Date): ReadConfiguration {
  const result = parseConfig(configText(path), name, now, filesBeside(path))
  if ('config' in result) {
    const warnings = result.warnings.map((one) => warning(...placed(one)))
    const doubts = warnings.length > 0 ? `, with ${counted(warnings.length, 'warning')}` : ''
    const { config } = result
    return {
      findings: [ok(name, `${from}; valid${doubts}`), ...warnings, ...trustedRootFindings(config, now)],
      config,
    }
  }
  const { faults } = result
  const head = problem(name, `${from}; it has ${counted(faults.length, 'fault')}`, SHOW)
  return { findings: [head, ...faults.slice(0, MOST).map((one) => problem(...placed(one)))] }
}

/** Which configuration is read, and all that is wrong or doubtful in it: exceptions that end soon, a trusted root that is old. */
export function configurationFindings(given: string | undefined, io: Io): ReadConfiguration {
  const path = findConfiguration(given, io)
  if (path === undefined)
    return {
      findings: [
        note('steward.yaml', 'there is none here: check, sweep and clean-up need one', {
          text: 'Name one with --config FILE or in ECR_STEWARD_CONFIG, or write one: docs/configuration.md',
        }),
      ],
    }
  try {
    return parsed(path, nearPath(path, io), where(given, io), io.now())
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    return { findings: [problem(nearPath(path, io), `${where(given, io)}; ${error.message}`, SHOW)] }
  }
}
