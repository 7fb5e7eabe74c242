import { AwsError } from '../../functions/adapters/signed-aws.ts'
import type { RegistryRef } from '../../functions/domain/facts/registry-facts.ts'
import { profileOf } from '../aws/profile.ts'
import { CommandError } from '../command-error.ts'
import type { Io } from '../io.ts'
import { type Answer, askFor, targetFor } from './asking.ts'
import type { Calls } from './calls.ts'
import { channelFindings } from './channels.ts'
import type { ReadConfiguration } from './configuration.ts'
import { connectionFindings } from './connection.ts'
import { credentialFindings, loginFinding } from './credentials.ts'
import { type Finding, type Fix, findingsOf } from './finding.ts'
import { NEEDS } from './needs.ts'
import { type AskedCommand, commandFinding, needsOf } from './permissions.ts'
import { scanningFindings } from './scanning.ts'
import { stackFindings } from './stack.ts'

/** What is asked about. */
export type Looking = {
  readonly region: string
  readonly profile: string | undefined
  /** Commands whose permissions are looked at. */
  readonly commands: readonly string[]
  /** A real one, that reads are asked of. */
  readonly repository: string | undefined
  readonly read: ReadConfiguration
  readonly io: Io
  /** Told of every permission that has an answer. */
  readonly onAnswer: () => void
}

/** What was found in the account. */
export type Looked = {
  readonly findings: readonly Finding[]
  readonly commands: readonly AskedCommand[]
  readonly answers: readonly Answer[]
  /** Undefined where nothing was asked. */
  readonly registry?: RegistryRef
}

const connection = findingsOf('connection')
const credentials = findingsOf('credentials')
const permissions = findingsOf('permissions')

/** The commands that are meant; the name of a group means all of its commands. @throws {CommandError} for what is none */
export function commandsNamed(words: readonly string[]): readonly string[] {
  const all = Object.keys(NEEDS)
  if (words.length === 0) return all
  const named = words.flatMap((word) => {
    const found = all.filter((name) => name === word || name.startsWith(`${word} `))
    if (found.length > 0) return found
    throw new CommandError(
      'usage',
      `--for ${word}: no such command, or it needs nothing of AWS.`,
      `Those that do: ${all.join(', ')}`,
    )
  })
  return [...new Set(named)]
}

const HINT: Fix = {
  text: 'Asked of a repository that does not exist: where a policy names repositories, ask with --repository NAME.',
}

type Inside = { readonly calls: Calls; readonly registry: RegistryRef; readonly looking: Looking }

async function permissionsOf({ calls, registry, looking }: Inside): Promise<Omit<Looked, 'registry'>> {
  const { read, repository, onAnswer } = looking
  const { cleanUp, signers = [] } = read.config ?? {}
  const needs = needsOf(looking.commands, { ignored: cleanUp?.inUse.ignoreSources ?? [], signers })
  const actions = [...new Set([...needs.values()].flat().map(({ action }) => action))]
  const answers = await askFor(actions, { calls, target: targetFor(registry, repository), onAnswer })
  const commands = [...needs].map(([command, own]) => ({
    command,
    needs: own.flatMap((need) => {
      const answer = answers.get(need.action)
      return answer ? [{ ...need, answer }] : []
    }),
  }))
  const hint = repository === undefined ? [HINT] : []
  const there = repository === undefined ? [] : await missingFindings(calls, repository)
  const findings = [...there, ...commands.map((command) => commandFinding(command, hint))]
  return { findings, commands, answers: [...answers.values()] }
}

/** That whoever is allowed to read a repository hears of none is no answer, where a name is misspelt. */
async function missingFindings({ aws }: Calls, repository: string): Promise<readonly Finding[]> {
  const answer = aws('ecr', 'DescribeRepositories', { repositoryNames: [repository] })
  const code = await answer.then(
    () => '',
    (error: unknown) => (error instanceof AwsError ? error.code : Promise.reject(error)),
  )
  if (code !== 'RepositoryNotFoundException') return []
  return [
    permissions.problem(repository, 'there is no such repository', {
      text: 'Names are told apart by case and by their folders: --repository prod/api.',
    }),
  ]
}

/** Everything that takes credentials, at once. */
async function lookInside(inside: Inside): Promise<Looked> {
  const { calls, registry, looking } = inside
  const [asked, ...findings] = await Promise.all([
    permissionsOf(inside),
    loginFinding(calls, registry, looking.io.now()).then((finding) => [finding]),
    scanningFindings(calls, registry),
    stackFindings(calls),
    looking.read.config ? channelFindings(looking.read.config, calls, registry.region) : [],
  ])
  return { ...asked, findings: [...asked.findings, ...findings.flat()], registry }
}

const NOT_LOOKED = 'not looked at: permissions, scanning, the stack and channels'

const nothing = (findings: readonly Finding[]): Looked => ({ findings, commands: [], answers: [] })

/** The way to AWS, the credentials, and what they may see. One thing that is wrong leaves out no more than what needs it. */
export async function lookAtAccount(looking: Looking): Promise<Looked> {
  const { region, io } = looking
  const profile = profileOf(looking.profile, io.env)
  const env = { ...io.env, AWS_REGION: region }
  const way = await connectionFindings(region, env, io.now)
  if (!way.ecr && !way.sts) return nothing([...way.findings, connection.unknown('the account', NOT_LOOKED)])
  const found = await credentialFindings({ region, profile, env, now: io.now() })
  const before = [...way.findings, ...found.findings]
  if (!way.ecr) return nothing([...before, connection.unknown('the account', NOT_LOOKED)])
  if (!found.calls) return nothing([...before, credentials.unknown('the account', NOT_LOOKED)])
  // The account is in ARNs alone: where STS cannot be asked, any account will do there.
  const registry = { account: found.caller?.account ?? '*', region }
  const looked = await lookInside({ calls: found.calls, registry, looking })
  return { ...looked, findings: [...before, ...looked.findings] }
}
