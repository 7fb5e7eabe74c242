import type { Fault } from '../../config/fault.ts'
import { configText, filesBeside, parseConfig, type StewardConfig } from '../../config/load.ts'
import { counted } from '../../functions/domain/counted.ts'
import type { Exception } from '../../functions/domain/exception.ts'
import type { SweepPolicy } from '../../functions/domain/sweep/policy.ts'
import type { AWS_OPTIONS } from '../aws/aws-options.ts'
import { nearPath, needConfiguration } from '../configuration.ts'
import type { Exit } from '../exit.ts'
import type { Io } from '../io.ts'
import type { Values } from '../option.ts'
import { columnsOf, painter, wrap } from '../terminal.ts'
import { frameOf } from './frame.ts'
import type { Live } from './live.ts'

export type ValidateOptions = Values<typeof AWS_OPTIONS> & {
  readonly config: string | undefined
  readonly live: boolean
}

/** Shows faults or warnings with the lines that they are in; the place is as terminals of editors open it. */
function tellAll(kind: 'fault' | 'warning', found: readonly Fault[], text: string, { stdout }: Io): void {
  const paint = painter(stdout)
  const label = paint(kind === 'fault' ? 'red' : 'yellow', kind)
  const lines = text.split(/\r?\n/)
  for (const { file, line, column, path, message } of found) {
    const head = `${label} ${file}:${line}:${column}  ${path}`.trimEnd()
    const body = [...wrap(message, columnsOf(stdout) - 2), ...frameOf(lines, { line, column }, paint)]
    stdout.write(`${[head, ...body.map((text) => `  ${text}`)].join('\n')}\n\n`)
  }
}

const registriesOf = ({ accounts, regions }: SweepPolicy): string =>
  counted((accounts.length + 1) * (regions.length + 1), 'registry', 'registries')

/** `12 rules in 3 entries and the registry, 2 exceptions, clean-up in mode dry-run, sweep of 6 registries at cron(0 21 * * ? *)` */
function summary({ policy, registry, exceptions, cleanUp, sweep }: StewardConfig): string {
  const rules = policy.reduce((sum, entry) => sum + entry.rules.length, registry.rules.length)
  const entries = counted(policy.length, 'entry').replace('entrys', 'entries')
  const parts = [`${counted(rules, 'rule')} in ${entries} and the registry`, counted(exceptions.length, 'exception')]
  return [
    ...parts,
    ...(cleanUp ? [`clean-up in mode ${cleanUp.mode}`] : []),
    ...(sweep ? [`sweep of ${registriesOf(sweep)} at ${sweep.schedule}`] : []),
  ].join(', ')
}

const UNNEEDED = 'nothing that it covers fails any more in the account: remove it'

const NOT_LOOKED: Live = { unneeded: [], exit: 'pass' }

/** Where the text of a line starts. */
const start = (text: string, line: number): Pick<Fault, 'line' | 'column'> => ({
  line,
  column: ((text.split(/\r?\n/)[line - 1] ?? '').match(/^[\s-]*/)?.[0].length ?? 0) + 1,
})

/**
 * Shows all that is wrong or doubtful in the configuration; with `live`, also the exceptions that nothing needs any more.
 * A warning is no fault: the exit is a pass.
 */
export async function validate(options: ValidateOptions, io: Io): Promise<Exit> {
  const path = needConfiguration(options.config, io)
  const name = nearPath(path, io)
  const text = configText(path)
  const result = parseConfig(text, name, io.now(), filesBeside(path))
  const paint = painter(io.stdout)
  if ('faults' in result) {
    tellAll('fault', result.faults, text, io)
    io.stdout.write(`${paint(['bold', 'red'], `${name} has ${counted(result.faults.length, 'fault')}.`)}\n`)
    return 'usage'
  }
  const { config } = result
  const live = options.live ? await (await import('./live.ts')).lookAround(config, options, io) : NOT_LOOKED
  const place = (exception: Exception): Fault => ({
    file: name,
    ...start(text, exception.line),
    path: '',
    message: UNNEEDED,
  })
  const warnings = [...result.warnings, ...live.unneeded.map(place)]
  tellAll('warning', warnings, text, io)
  const doubts = warnings.length > 0 ? `, with ${counted(warnings.length, 'warning')}` : ''
  io.stdout.write(`${paint(['bold', 'green'], `${name} is valid${doubts}`)}: ${summary(config)}.\n`)
  return live.exit
}
