import { show } from '../../config/fault.ts'
import type { StewardConfig } from '../../config/load.ts'
import type { RegistryRef } from '../../functions/domain/facts/registry-facts.ts'
import { registryKey } from '../../functions/domain/registry.ts'
import { CommandError } from '../command-error.ts'
import type { Input } from './read-inputs.ts'

const HOME = /^(\d{12})\/([a-z]{2,4}(?:-[a-z0-9]+){1,4})$/
const ARN = /^arn:[^:]*:(?:sqs|sns):([a-z0-9-]{1,32}):(\d{12}):/

/** @throws {CommandError} for what is no account and region */
function given(home: string): RegistryRef {
  const [, account, region] = HOME.exec(home) ?? []
  if (account && region) return { account, region }
  throw new CommandError(
    'usage',
    `--home ${show(home)} is no registry.`,
    'Expected: ACCOUNT/REGION, 123456789012/eu-west-1.',
  )
}

/** Queue and topic are of the account and region of the stack. */
function ofArn({ arn = '' }: Input): RegistryRef | undefined {
  const [, region, account] = ARN.exec(arn) ?? []
  return account && region ? { account, region } : undefined
}

function ofEvent({ event }: Input): RegistryRef | undefined {
  const [account, region] = [Reflect.get(event, 'account'), Reflect.get(event, 'region')]
  return typeof account === 'string' && typeof region === 'string' && HOME.test(`${account}/${region}`)
    ? { account, region }
    : undefined
}

/** Of as many, the first. */
function mostOf(registries: readonly RegistryRef[]): RegistryRef | undefined {
  const byKey = [...Map.groupBy(registries, registryKey).values()]
  return byKey.toSorted((a, b) => b.length - a.length)[0]?.[0]
}

/** No registry has this account: of what is nobody's event nothing depends on it. */
const NOBODYS: RegistryRef = { account: '000000000000', region: 'us-east-1' }

/** The registry of the stack, and whether somebody said so. */
export type Home = RegistryRef & { readonly isGuess: boolean }

/**
 * The registry of the stack: as it was given; otherwise that of the queue that an event went through, or of most events,
 * first of those that are not of an account that is swept.
 * @throws {CommandError}
 */
export function homeOf(home: string | undefined, inputs: readonly Input[], { sweep }: StewardConfig): Home {
  if (home !== undefined) return { ...given(home), isGuess: false }
  const [queue] = inputs.flatMap((input) => ofArn(input) ?? [])
  if (queue) return { ...queue, isGuess: false }
  const events = inputs.flatMap((input) => ofEvent(input) ?? [])
  const own = events.filter(({ account }) => !sweep?.accounts.includes(account))
  return { ...(mostOf(own) ?? mostOf(events) ?? NOBODYS), isGuess: true }
}
