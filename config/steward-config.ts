import type { AlertPolicy } from '../functions/domain/alert-policy.ts'
import type { CleanUpPolicy } from '../functions/domain/clean-up/policy.ts'
import type { Exception } from '../functions/domain/exception.ts'
import type { PolicyEntry, RegistryPolicy, RuleSetting } from '../functions/domain/policy.ts'
import type { Signer } from '../functions/domain/supply-chain/signer.ts'
import type { SweepPolicy } from '../functions/domain/sweep/policy.ts'
import { toCleanUp } from './clean-up.ts'
import type { LineOf, Path } from './fault.ts'
import type { NamedFiles } from './named-files.ts'
import { slackOf } from './schema/channels.ts'
import type { RuleInForce } from './schema/rules.ts'
import type { ConfigFile } from './schema.ts'
import { toSigners } from './signers.ts'
import { toSweep } from './sweep.ts'

/** What is agreed with the owners of other accounts. */
export type MembersPolicy = {
  /** What their roles want to be told; undefined: nothing. */
  readonly externalId?: string
  /** Accounts in which rules in `enforce` put right what fails. */
  readonly enforce: readonly string[]
}

/** `steward.yaml`, checked, with its defaults filled in. Plain JSON: parts of it are built into the functions. */
export type StewardConfig = {
  /** In the order of the file: the first that matches a repository decides. */
  readonly alerts: readonly AlertPolicy[]
  /** Slack channels by name: the Secrets Manager secret that holds the webhook's URL. */
  readonly channels: Readonly<Record<string, { readonly secret: string }>>
  /** In the order of the file: for each rule, the first decides that matches a repository and names the rule. */
  readonly policy: readonly PolicyEntry[]
  readonly registry: RegistryPolicy
  /** Whose signatures count, with the public keys that their files hold. */
  readonly signers: readonly Signer[]
  /** JSON of a trusted root of Sigstore; undefined: the one of the package. */
  readonly trustedRoot?: object
  readonly exceptions: readonly Exception[]
  /** Undefined where nothing is to be cleaned up. */
  readonly cleanUp?: CleanUpPolicy
  /** Undefined where nothing is swept on a schedule. */
  readonly sweep?: SweepPolicy
  /** Undefined where nothing is said of other accounts. */
  readonly members?: MembersPolicy
  readonly operations: {
    /** Addresses that get the alarms. */
    readonly email: readonly string[]
  }
}

const settingsOf = (
  rules: Readonly<Record<string, RuleInForce | undefined>>,
  path: Path,
  lineOf: LineOf,
): readonly RuleSetting[] =>
  Object.entries(rules).flatMap(([rule, setting]) =>
    setting ? [{ rule, ...setting, line: lineOf([...path, rule]) }] : [],
  )

/** Built into the functions as JSON, which knows no `undefined`. */
const toMembers = ({ 'external-id': externalId, enforce }: NonNullable<ConfigFile['members']>): MembersPolicy => ({
  ...(externalId !== undefined && { externalId }),
  enforce,
})

const trustedRootOf = (file: ConfigFile, { roots }: NamedFiles): { readonly trustedRoot?: object } => {
  const found = file['trusted-root'] === undefined ? undefined : roots.get(file['trusted-root'])
  return found ? { trustedRoot: found.root } : {}
}

const unique = (texts: readonly string[]): string[] => [...new Set(texts)]

/** The file with its defaults, in the words of the domain. @param files what the files hold that it names */
export const toConfig = (file: ConfigFile, lineOf: LineOf, files: NamedFiles): StewardConfig => ({
  alerts: file.alerts.map(({ repositories, threshold, to }) => ({ repositories, threshold, slack: slackOf(to) })),
  channels: Object.fromEntries(
    Object.entries(file.channels ?? {}).map(([name, channel]) => [name, { secret: channel['slack-webhook'].secret }]),
  ),
  policy: (file.policy ?? []).map(({ repositories, rules }, index) => ({
    repositories,
    rules: settingsOf(rules, ['policy', index, 'rules'], lineOf),
  })),
  registry: {
    rules: settingsOf(file.registry?.rules ?? {}, ['registry', 'rules'], lineOf),
    slack: slackOf(file.registry?.to ?? []),
  },
  signers: toSigners(file.signers, files),
  ...trustedRootOf(file, files),
  exceptions: (file.exceptions ?? []).map((exception, index) => ({
    ...exception,
    line: lineOf(['exceptions', index]),
  })),
  ...(file['clean-up'] && { cleanUp: toCleanUp(file['clean-up'], files.policies.rulesOf, lineOf) }),
  ...(file.sweep && { sweep: toSweep(file.sweep) }),
  ...(file.members && { members: toMembers(file.members) }),
  operations: { email: unique(file.operations?.email ?? []) },
})
