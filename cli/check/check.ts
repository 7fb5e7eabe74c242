import type { StewardConfig } from '../../config/load.ts'
import { policyOf } from '../../functions/judging/policy.ts'
import { type NameOf, nameWithRegistry, subjectName } from '../../functions/judging/subject.ts'
import type { AWS_OPTIONS } from '../aws/aws-options.ts'
import { CommandError } from '../command-error.ts'
import { nearPath, readConfiguration } from '../configuration.ts'
import type { Exit } from '../exit.ts'
import type { Io } from '../io.ts'
import type { Values } from '../option.ts'
import { showProgress } from '../progress.ts'
import { ruleNamed } from '../rules/rule-named.ts'
import { jsonReport } from './json-report.ts'
import { type Part, partsOf } from './parts.ts'
import type { Report } from './report.ts'
import { tellRest } from './rest.ts'
import { AT_ONCE, judgedIn, type Run } from './run.ts'
import type { Missing } from './subjects.ts'
import { tabReport } from './tab-report.ts'
import { createTally, exitOf, type Summary, type Tally, totalsInWords } from './tally.ts'
import { targetOf } from './target.ts'
import { terminalReport } from './terminal-report.ts'

export type CheckOptions = Values<typeof AWS_OPTIONS> & {
  readonly config: string | undefined
  readonly rule: readonly string[]
  readonly images: boolean
  readonly json: boolean
}

/** @throws {CommandError} where the configuration asks for nothing */
function needRules({ policy, registry }: StewardConfig, path: string): void {
  if (policy.length + registry.rules.length > 0) return
  throw new CommandError(
    'usage',
    `${path} puts no rule in force.`,
    'Add a section policy: docs/configuration.md shows how, and ecr-steward rules lists what there is.',
  )
}

type Reporting = { readonly config: string; readonly json: boolean; readonly nameOf: NameOf }

function reportTo({ stdout, now }: Io, { config, json, nameOf }: Reporting): Report {
  if (json) return jsonReport(stdout, { judgedAt: now().toISOString(), config })
  return stdout.isTTY ? terminalReport(stdout, nameOf) : tabReport(stdout, nameOf)
}

/** Reads, judges and reports. @param show told how far it is; returns what takes it away */
async function reported(
  parts: readonly Part[],
  run: Omit<Run, 'onMissing'>,
  report: Report,
  show: (label: () => string) => () => void,
): Promise<Summary> {
  const [tally, missing]: [Tally, Missing[]] = [createTally(), []]
  const endProgress = show(() => totalsInWords({ totals: tally.totals(), missing }))
  try {
    for (const part of parts)
      for await (const judged of judgedIn(part, { ...run, onMissing: (one) => missing.push(one) })) {
        tally.add(judged)
        report.add(judged)
      }
  } finally {
    endProgress()
  }
  return { totals: tally.totals(), missing, denials: parts.flatMap(({ session }) => session.denials) }
}

/** Judges what the words name, or everything, by the policy in force. */
export async function check(words: readonly string[], options: CheckOptions, io: Io): Promise<Exit> {
  for (const rule of options.rule) ruleNamed(rule)
  const targets = words.map(targetOf)
  const { config, path } = readConfiguration(options.config, io)
  const name = nearPath(path, io)
  needRules(config, name)
  const parts = await partsOf(targets, options, io)
  const nameOf = parts.length > 1 ? nameWithRegistry : subjectName
  const report = reportTo(io, { config: name, json: options.json, nameOf })
  const run = {
    ...{ policy: policyOf(config, options.rule), exceptions: config.exceptions, now: io.now() },
    ...{ images: options.images, atOnce: options.concurrency ?? AT_ONCE },
  }
  // The calls show how far it is, where they are shown.
  const show = (label: () => string) => (options.verbose ? () => {} : showProgress(io.stderr, label))
  const summary = await reported(parts, run, report, show)
  report.end(summary)
  tellRest(summary, parts, io)
  return exitOf(summary)
}
