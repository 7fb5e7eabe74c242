import type * as v from 'valibot'
import { candidatesFor } from './checks/candidates.ts'
import { unknownChannels } from './checks/channels.ts'
import { cleanUpFaults } from './checks/clean-up.ts'
import { exceptionFaults } from './checks/exceptions.ts'
import { memberFaults } from './checks/members.ts'
import { shadowedPatterns, shadowedRules } from './checks/shadows.ts'
import { signersFaults } from './checks/signers.ts'
import { sweepFaults } from './checks/sweep.ts'
import { crowdedSections } from './checks/walk.ts'
import { isWebhook, type Path } from './fault.ts'
import type { NamedFiles } from './named-files.ts'
import { isChannelName } from './schema/channels.ts'
import { ConfigFileSchema } from './schema.ts'
import { type PathFault, shapeFaults } from './shape.ts'
import { didYouMean } from './suggest.ts'

export type Issue = v.InferIssue<typeof ConfigFileSchema>

function webhookAdvice([top, name]: Path): string {
  const secret = `ecr-steward/slack/${top === 'channels' && isChannelName(String(name)) ? name : 'security'}`
  return (
    'found a Slack webhook URL (not shown): whoever has it can post. Put it into Secrets Manager with: ' +
    `aws secretsmanager create-secret --name ${secret} --secret-string 'THE-URL' and write "secret: ${secret}" under slack-webhook`
  )
}

const pathOf = (issue: Issue): Path =>
  (issue.path ?? []).map(({ key }) => (typeof key === 'number' ? key : String(key)))

const isUnder = (path: Path, parent: Path): boolean => parent.every((step, depth) => path[depth] === step)

function valueFault(issue: Issue, file: unknown): PathFault {
  const path = pathOf(issue)
  const origin = issue.path?.at(-1)?.origin
  const at = origin === 'key' ? 'key' : 'value'
  if (isWebhook(issue.input)) return { path, at, message: webhookAdvice(path) }
  return { path, at, message: issue.message + didYouMean(issue.input, candidatesFor(file, path, issue.input)) }
}

/** What no single value shows. */
const crossFaults = (file: unknown, files: NamedFiles): PathFault[] => [
  ...unknownChannels(file),
  ...crowdedSections(file),
  ...shadowedPatterns(file),
  ...shadowedRules(file),
  ...exceptionFaults(file),
  ...cleanUpFaults(file, files.policies),
  ...sweepFaults(file),
  ...memberFaults(file),
  ...signersFaults(file, files),
]

/** All that is wrong with the data; a value that is not what belongs there hides what is inside it. */
export function faultsOf(file: unknown, issues: readonly Issue[], files: NamedFiles): PathFault[] {
  const shape = shapeFaults(ConfigFileSchema, file)
  const values = issues
    .filter((issue) => !(issue.type === 'strict_object' && issue.kind === 'schema' && issue.expected !== 'Object'))
    .filter((issue) => !shape.some(({ path }) => isUnder(pathOf(issue), path)))
    .map((issue) => valueFault(issue, file))
  const spoiled = new Set(values.map(({ path }) => path.join('\n')))
  return [...shape, ...values, ...crossFaults(file, files).filter(({ path }) => !spoiled.has(path.join('\n')))]
}
