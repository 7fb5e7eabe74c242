import { Stack, Token, TokenComparison } from 'aws-cdk-lib'
import { CfnSecret, type ISecret } from 'aws-cdk-lib/aws-secretsmanager'
import type { Construct } from 'constructs'
import { quoted } from '../../functions/domain/new-repository/refusal.ts'
import type { Refusal } from '../refuse.ts'
import { type CacheCredentials, UPSTREAMS, type Upstream } from './upstreams.ts'

/** Where ECR looks for a secret. @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache-creating-secret.html */
const BEGINNING = 'ecr-pullthroughcache/'
/** ECR's own pattern. @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_CreatePullThroughCacheRule.html */
const NAME = /^ecr-pullthroughcache\/[\w/+=.@-]+$/

export const arnOf = (credentials: CacheCredentials): string =>
  typeof credentials === 'string' ? credentials : credentials.secretArn

/** What is kept by hand, since its value comes from the upstream. */
const keptByHand = (upstream: Upstream): string =>
  `Secret.fromSecretNameV2(this, 'Credentials', '${BEGINNING}${upstream}'), a secret that is there already, with username and accessToken in it`

/** A secret of this app, whose value or name may be one that nobody chose. */
function madeRefusal(prop: string, { node }: ISecret, upstream: Upstream): Refusal | undefined {
  const made = node.defaultChild
  if (!CfnSecret.isCfnSecret(made)) return undefined
  const write = keptByHand(upstream)
  // CDK fills it in later, with nothing where CloudFormation is to choose it.
  if (Stack.of(made).resolve(made.name) === undefined)
    return { prop, why: `its name is generated, and ECR looks for names that begin with ${BEGINNING}`, write }
  if (made.generateSecretString !== undefined)
    return { prop, why: `its value is generated, and ${UPSTREAMS[upstream].title} does not know it`, write }
  return nameRefusal(prop, String(made.name), upstream)
}

function nameRefusal(prop: string, name: string, upstream: Upstream): Refusal | undefined {
  if (Token.isUnresolved(name) || NAME.test(name)) return undefined
  const why = `its name is ${quoted(name)}, and ECR looks for names that begin with ${BEGINNING}`
  return { prop, why, write: keptByHand(upstream) }
}

function placeRefusal(
  scope: Construct,
  prop: string,
  { account, region }: { readonly account: string; readonly region: string },
): Refusal | undefined {
  const here = Stack.of(scope)
  const isElsewhere = (one: string, other: string): boolean =>
    Token.compareStrings(one, other) === TokenComparison.DIFFERENT
  if (!isElsewhere(account, here.account) && !isElsewhere(region, here.region)) return undefined
  return {
    prop,
    why: `it is in ${account} and ${region}, and ECR takes secrets of its own account and region alone`,
    write: `a secret of ${Token.isUnresolved(here.account) ? 'the account' : here.account} and ${Token.isUnresolved(here.region) ? 'the region' : here.region} of the stack`,
  }
}

/** What ECR would not take, or the upstream not know. */
export function credentialsRefusal(
  scope: Construct,
  prop: string,
  upstream: Upstream,
  credentials: CacheCredentials | undefined,
): Refusal | undefined {
  const { title, asksWhoPulls } = UPSTREAMS[upstream]
  if (!asksWhoPulls)
    return credentials === undefined ? undefined : { prop, why: `${title} takes none`, write: 'no credentials' }
  if (credentials === undefined)
    return { prop, why: `they are missing, and ${title} asks who pulls`, write: keptByHand(upstream) }
  const made = typeof credentials === 'string' ? undefined : madeRefusal(prop, credentials, upstream)
  if (made) return made
  const [, , service, region, account, , name] = arnOf(credentials).split(':')
  if (name === undefined || region === undefined || account === undefined || service !== 'secretsmanager')
    return Token.isUnresolved(arnOf(credentials))
      ? undefined
      : { prop, why: `${quoted(arnOf(credentials))} is no ARN of a secret`, write: keptByHand(upstream) }
  return nameRefusal(prop, name, upstream) ?? placeRefusal(scope, prop, { account, region })
}
