import { permissionLines } from '../check/rest.ts'
import type { Exit } from '../exit.ts'
import type { Io } from '../io.ts'
import { showProgress } from '../progress.ts'
import { VERSION } from '../version.ts'
import { configurationFindings } from './configuration.ts'
import { exitOf, type Finding } from './finding.ts'
import { commandsNamed, type Looked, lookAtAccount } from './look.ts'
import { denialsOf, statementsOf } from './permissions.ts'
import { regionFindings } from './region.ts'
import { textReport } from './report.ts'
import type { DoctorResult } from './result.ts'
import { environmentFindings, toolFindings } from './tool.ts'

export type DoctorOptions = {
  readonly for: readonly string[]
  readonly repository: string | undefined
  readonly json: boolean
  readonly config: string | undefined
  readonly region: string | undefined
  readonly profile: string | undefined
}

type All = Looked & { readonly outcome: DoctorResult['outcome'] }

function resultOf({ findings, commands, answers, registry, outcome }: All, now: Date): DoctorResult {
  const permissions = commands.map(({ command, needs }) => ({
    command,
    actions: needs.map(({ action, when, answer: { state, why } }) => ({ action, when, state, why: why || undefined })),
  }))
  const statements = registry ? statementsOf(answers, registry) : []
  return {
    ...{ schemaVersion: 1, lookedAt: now.toISOString(), version: VERSION, ...registry },
    findings: findings.map(({ fix, ...finding }) => ({ ...finding, fix: [...fix] })),
    ...{
      permissions,
      statements: statements.map(({ Action, ...rest }) => ({ ...rest, Action: [...Action] })),
      outcome,
    },
  }
}

const statementLines = ({ answers, registry }: Looked): readonly string[] =>
  registry ? permissionLines({ denials: denialsOf(answers), registry }) : []

const NOWHERE: Looked = { findings: [], commands: [], answers: [] }

/** Looks at everything that has to be right, changes nothing, and says what is wrong with what mends it. */
export async function doctor(options: DoctorOptions, io: Io): Promise<Exit> {
  const commands = commandsNamed(options.for)
  const read = configurationFindings(options.config, io)
  const { findings: ofRegion, region } = regionFindings(options, io)
  const { profile, repository } = options
  let asked = 0
  const onAnswer = (): void => {
    asked += 1
  }
  const endProgress = showProgress(io.stderr, () => `looking at the account: ${asked} permissions asked for`)
  const looked = await (region === undefined
    ? Promise.resolve(NOWHERE)
    : lookAtAccount({ region, profile, commands, repository, read, io, onAnswer })
  ).finally(endProgress)
  const findings: readonly Finding[] = [
    ...[...toolFindings(), ...environmentFindings(io.env), ...read.findings, ...ofRegion],
    ...looked.findings,
  ]
  const outcome = exitOf(findings)
  const text = options.json
    ? `${JSON.stringify(resultOf({ ...looked, findings, outcome }, io.now()), null, 2)}\n`
    : textReport(findings, statementLines(looked), io)
  io.stdout.write(text)
  return outcome
}
