import { Token } from 'aws-cdk-lib'
import { CfnPullTimeUpdateExclusion } from 'aws-cdk-lib/aws-ecr'
import type { IRole, IUser } from 'aws-cdk-lib/aws-iam'
import { Construct } from 'constructs'
import { quoted } from '../../functions/domain/new-repository/refusal.ts'
import { type Refusal, refuse } from '../refuse.ts'
import { neighbours } from './neighbours.ts'
import { stableId } from './stable-id.ts'

/** Whose pulls do not count: a scanner, a job of CI. The ARN of a role or a user, or one that is known to CDK. */
export type PullTimeExclusion = IRole | IUser | string

/** Principals of an account, and characters of an ARN. @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-time-update-exclusions.html */
const [MOST_PRINCIPALS, LONGEST_ARN] = [100, 200]
/** ECR's own pattern. @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_RegisterPullTimeUpdateExclusion.html */
const PRINCIPAL = /^arn:aws(?:-[a-z]+)*:iam::\d{12}:(?:role|user)\/[\w+=,.@-]+(?:\/[\w+=,.@-]+)*$/

const PROP = 'pullTimeExclusions'

function arnOf(principal: PullTimeExclusion): string {
  if (typeof principal === 'string') return principal
  return 'roleArn' in principal ? principal.roleArn : principal.userArn
}

function principalRefusal(prop: string, arn: string): Refusal | undefined {
  if (Token.isUnresolved(arn)) return undefined
  if (arn.length > LONGEST_ARN)
    return { prop, why: `it has ${arn.length} characters`, write: `an ARN of at most ${LONGEST_ARN} of them` }
  if (PRINCIPAL.test(arn)) return undefined
  return {
    prop,
    why: `${quoted(arn)} is no ARN of a role or a user`,
    write: "'arn:aws:iam::123456789012:role/scanner', without a session or a wildcard",
  }
}

/** Others of the registry that leave out the same principal, which ECR takes once. Asked at synthesis, when all are there. */
function others(scope: Construct, mine: ReadonlyMap<string, number>): string[] {
  const exclusions = neighbours(scope).filter((one) => CfnPullTimeUpdateExclusion.isCfnPullTimeUpdateExclusion(one))
  return exclusions.flatMap((one) => {
    const index = one.node.scopes.includes(scope) ? undefined : mine.get(one.principalArn)
    return index === undefined
      ? []
      : [
          `${scope.node.path}: ${PROP}[${index}]: ${one.node.path} leaves out the same principal, and ECR takes it once. Write the others alone.`,
        ]
  })
}

/**
 * Principals whose pulls leave `lastRecordedPullTime` of an image alone, by which lifecycle policies and clean-up tell whether it is in use.
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-time-update-exclusions.html
 * @throws {Error} for what ECR would refuse
 */
export function pullTimeExclusions(scope: Construct, principals: readonly PullTimeExclusion[]): void {
  if (principals.length === 0) return
  const arns = principals.map(arnOf)
  const different = new Map(arns.map((arn, index) => [arn, index]))
  const why = `there are ${different.size}`
  const refusal =
    (different.size > MOST_PRINCIPALS ? { prop: PROP, why, write: `at most ${MOST_PRINCIPALS}` } : undefined) ??
    arns.map((arn, index) => principalRefusal(`${PROP}[${index}]`, arn)).find(Boolean)
  if (refusal) refuse(scope, refusal)
  const group = new Construct(scope, 'PullTimeExclusions')
  for (const principalArn of different.keys())
    new CfnPullTimeUpdateExclusion(group, stableId(scope, principalArn), { principalArn })
  scope.node.addValidation({ validate: () => others(scope, different) })
}
