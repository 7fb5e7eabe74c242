import { includesAction } from '../policy-document/actions.ts'
import { parsePolicy, type Statement } from '../policy-document/parse.ts'
import type { Party } from '../policy-document/party.ts'
import { trespasses } from '../policy-document/trespass.ts'

/** Who may pull beside the account that a registry belongs to. */
export type Pullers = {
  /** Other accounts, each once and in order. */
  readonly accounts: readonly string[]
  /** Whether others may of whom it is not said which accounts they are: everyone, an organisation, a network, a service. */
  readonly anyone: boolean
}

/** Without the manifest nothing is pulled. @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-pull.html */
const PULL = 'ecr:BatchGetImage'

/**
 * Lambda lets nobody use an image whose own account may not pull it, so that its statement alone lets no other account in.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/images-create.html#configuration-images-permissions
 */
const isLambda = (party: Party): boolean => party.kind === 'service' && party.name === 'lambda.amazonaws.com'

const pullsOf = ({ actions }: Statement): readonly string[] => (includesAction(actions, PULL) ? [PULL] : [])

/**
 * The others whom a repository policy lets pull. Nobody who may is missed; what is not understood counts as anyone.
 * @param account whose registry it is
 */
export function pullersOf(policyText: string, account: string): Pullers {
  const policy = parsePolicy(policyText)
  const isOwn = (party: Party): boolean => party.kind === 'account' && party.account === account
  const others = trespasses(policy, pullsOf, isOwn)
    .flatMap(({ parties }) => parties)
    .filter((party) => !isLambda(party))
  const accounts = others.flatMap((party) => (party.kind === 'account' ? [party.account] : []))
  return {
    accounts: [...new Set(accounts)].toSorted(),
    anyone: policy.faults.length > 0 || others.some(({ kind }) => kind !== 'account'),
  }
}
