import { randomBytes } from 'node:crypto'
import { AwsError } from '../../functions/adapters/signed-aws.ts'
import type { RegistryRef } from '../../functions/domain/facts/registry-facts.ts'
import { repositoryArn } from '../../functions/domain/registry.ts'
import { isDenied, isForbidden } from '../aws/refusal.ts'
import type { Calls } from './calls.ts'
import { PROBES, type Probe, type Target, UNASKED } from './probes.ts'

/** What came of asking for an action. `unasked`: asking might change something, or tells nothing. */
export type Answer = {
  readonly action: string
  readonly state: 'allowed' | 'denied' | 'unknown' | 'unasked'
  /** Of what is not allowed: ARN that a statement would name. */
  readonly resource: string
  /** Whether a policy forbids it outright. */
  readonly isForbidden: boolean
  /** Why it is not known, in words. */
  readonly why: string
}

/** It is not there, as it cannot be: the call was let through. ECS says so of task definitions in words alone. */
const NOT_THERE = /NotFoundException$|^ClientException$/

/** Inspector refuses accounts that have it switched off with the same code, and in other words. */
const isOfIam = ({ detail }: AwsError): boolean => {
  const message = String(detail.message ?? detail.Message ?? '')
  return message === '' || /authorized to perform/i.test(message)
}

type Verdict = Pick<Answer, 'state' | 'isForbidden' | 'why'>

const verdict = (state: Answer['state'], why = '', isForbidden = false): Verdict => ({ state, isForbidden, why })

function verdictOn(error: AwsError): Verdict {
  if (isDenied(error) && !isOfIam(error)) return verdict('unasked', 'the service refuses for a reason of its own')
  if (isDenied(error)) return verdict('denied', '', isForbidden(error))
  if (NOT_THERE.test(error.code)) return verdict('allowed')
  return verdict('unknown', error.code === 'Unreachable' ? 'no answer' : error.code)
}

async function asked(probe: Probe, calls: Calls, target: Target): Promise<Verdict> {
  try {
    await probe.ask(calls, target)
    return verdict('allowed')
  } catch (error) {
    if (error instanceof AwsError) return verdictOn(error)
    throw error
  }
}

/** Names such as nobody gives, another one each time: what is asked of it can reach nothing. */
export const noRepository = (beside = ''): string =>
  `${beside}${beside === '' ? '' : '/'}ecr-steward-doctor/${randomBytes(12).toString('hex')}`

/**
 * What is asked about.
 * @param repository a real one, for reads; writes are asked of a name beside it that does not exist
 */
export function targetFor({ account, region }: RegistryRef, repository: string | undefined): Target {
  const nowhere = noRepository(repository?.split('/').slice(0, -1).join('/').slice(0, 100))
  return { account, region, nowhere, repository: repository ?? nowhere }
}

/** These have ECR look upstream for a name that it does not have, where a pull-through cache is for every name. */
const UPSTREAM: readonly string[] = ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer']
const MIGHT_IMPORT = 'the registry has a pull-through cache for every name: name a repository with --repository'

/** @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache.html */
async function cachesAnyName({ aws }: Calls): Promise<boolean> {
  const answer = await aws('ecr', 'DescribePullThroughCacheRules', { ecrRepositoryPrefixes: ['ROOT'] }).catch(
    (error: unknown) => {
      if (error instanceof AwsError) return {}
      throw error
    },
  )
  const { pullThroughCacheRules: rules } = answer as { readonly pullThroughCacheRules?: readonly unknown[] }
  return (rules ?? []).length > 0
}

const resourceOf = ({ on }: Probe, { account, region, repository, nowhere }: Target): string => {
  if (on === '*') return '*'
  return repositoryArn({ account, region, repository: repository === nowhere ? '*' : repository })
}

/**
 * Asks whether each of the actions is allowed, all at once. Nothing is changed by it, whatever is allowed: reads are as
 * short as can be, and writes go to a repository that does not exist.
 * @param onAnswer told of every one that has an answer
 */
export async function askFor(
  actions: readonly string[],
  { calls, target, onAnswer }: { readonly calls: Calls; readonly target: Target; readonly onAnswer: () => void },
): Promise<ReadonlyMap<string, Answer>> {
  const unnamed = target.repository === target.nowhere
  const mightImport =
    unnamed && actions.some((action) => UPSTREAM.includes(action)) ? await cachesAnyName(calls) : false
  const answers = actions.map(async (action): Promise<readonly [string, Answer]> => {
    const probe = PROBES.get(action)
    const why = mightImport && UPSTREAM.includes(action) ? MIGHT_IMPORT : UNASKED.get(action)
    if (!probe || why !== undefined)
      return [action, { action, resource: '*', ...verdict('unasked', why ?? 'it is not known how to ask') }]
    const said = await asked(probe, calls, target)
    // A policy that names repositories says nothing of the one that does not exist.
    const isOther = said.state === 'denied' && probe.on === 'nowhere' && !unnamed && !said.isForbidden
    const told = isOther ? verdict('unknown', 'writes are never tried on a repository that exists') : said
    onAnswer()
    return [action, { action, resource: resourceOf(probe, target), ...told }]
  })
  return new Map(await Promise.all(answers))
}
