import * as v from 'valibot'
import type { AlertPolicy } from '../functions/domain/alert-policy.ts'
import { candidatesFor, shadowedPatterns, uncovered, unknownChannels, unusedChannels } from './checks.ts'
import { parseYaml } from './document.ts'
import { type Fault, isWebhook, type Path, pathText, sorted } from './fault.ts'
import { type ConfigFile, ConfigFileSchema, isChannelName } from './schema.ts'
import { type PathFault, shapeFaults } from './shape.ts'
import { didYouMean } from './suggest.ts'

/** `steward.yaml`, checked, with its defaults filled in. */
export type StewardConfig = {
  /** In the order of the file: the first that matches a repository decides. */
  readonly alerts: readonly AlertPolicy[]
  /** Slack channels by name: the Secrets Manager secret that holds the webhook's URL. */
  readonly channels: Readonly<Record<string, { readonly secret: string }>>
  readonly operations: {
    /** Addresses that get the alarms. */
    readonly email: readonly string[]
  }
}

export type ParsedConfig =
  | { readonly config: StewardConfig; readonly warnings: readonly Fault[] }
  | { readonly faults: readonly Fault[] }

const EXAMPLE = 'docs/configuration.md shows a complete one'

function webhookAdvice([top, name]: Path): string {
  const secret = `ecr-steward/slack/${top === 'channels' && isChannelName(String(name)) ? name : 'security'}`
  return (
    'found a Slack webhook URL (not shown): whoever has it can post. Put it into Secrets Manager with: ' +
    `aws secretsmanager create-secret --name ${secret} --secret-string 'THE-URL' and write "secret: ${secret}" under slack-webhook`
  )
}

type Issue = v.InferIssue<typeof ConfigFileSchema>

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

/** All that is wrong with the data; a value that is not what belongs there hides what is inside it. */
function faultsOf(file: unknown, issues: readonly Issue[]): PathFault[] {
  const shape = shapeFaults(ConfigFileSchema, file)
  const values = issues
    .filter((issue) => !(issue.type === 'strict_object' && issue.kind === 'schema' && issue.expected !== 'Object'))
    .filter((issue) => !shape.some(({ path }) => isUnder(pathOf(issue), path)))
    .map((issue) => valueFault(issue, file))
  const spoiled = new Set(values.map(({ path }) => path.join('\n')))
  const cross = [...unknownChannels(file), ...shadowedPatterns(file)].filter(
    ({ path }) => !spoiled.has(path.join('\n')),
  )
  return [...shape, ...values, ...cross]
}

const toConfig = ({ alerts, channels = {}, operations }: ConfigFile): StewardConfig => ({
  alerts: alerts.map(({ repositories, threshold, to }) => ({
    repositories,
    threshold,
    slack: [...new Set(to.filter((target) => target !== 'sns').map((target) => target.slice('slack:'.length)))],
  })),
  channels: Object.fromEntries(
    Object.entries(channels).map(([name, channel]) => [name, { secret: channel['slack-webhook'].secret }]),
  ),
  operations: { email: [...new Set(operations?.email ?? [])] },
})

/**
 * Reads the text of a configuration file. Never throws: either a configuration, with what looks like a mistake in it,
 * or every fault at once in the order of the file.
 */
export function parseConfig(text: string, fileName: string): ParsedConfig {
  const { value, misprints, offsetOf, position } = parseYaml(text)
  const place = (offset: number) => ({ file: fileName, ...position(offset) })
  const toFault = ({ path, at, message }: PathFault): Fault => ({
    ...place(offsetOf(path, at)),
    path: pathText(path),
    message,
  })
  const unreadable = misprints.map(({ offset, message }) => ({ ...place(offset), path: '', message }))
  if (value === undefined) return { faults: sorted(unreadable) }
  if (value === null)
    return { faults: [{ ...place(0), path: '', message: `found nothing, expected a configuration: ${EXAMPLE}` }] }
  const result = v.safeParse(ConfigFileSchema, value)
  const faults = [...unreadable, ...faultsOf(value, result.issues ?? []).map(toFault)]
  if (!result.success || faults.length > 0) return { faults: sorted(faults) }
  return {
    config: toConfig(result.output),
    warnings: sorted([...uncovered(value), ...unusedChannels(value)].map(toFault)),
  }
}
