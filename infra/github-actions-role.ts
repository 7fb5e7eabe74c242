import { CfnOutput, Duration } from 'aws-cdk-lib'
import type { IRepository } from 'aws-cdk-lib/aws-ecr'
import {
  CompositePrincipal,
  type IOidcProvider,
  OidcProviderNative,
  PolicyStatement,
  Role,
  WebIdentityPrincipal,
} from 'aws-cdk-lib/aws-iam'
import { Construct } from 'constructs'
import { READS_OF_INSPECTOR } from '../functions/contract.ts'
import { READS } from '../functions/gate/contract.ts'
import {
  type GitHubIds,
  type GitHubSubject,
  isWild,
  repositoryRefusal,
  subjectClaim,
  subjectRefusal,
} from './github-subjects.ts'
import { acknowledge } from './nag.ts'
import { refuse } from './refuse.ts'

export type { GitHubIds, GitHubSubject } from './github-subjects.ts'

const ISSUER = 'token.actions.githubusercontent.com'
const AUDIENCE = 'sts.amazonaws.com'

/** What `docker push` needs beside what the gate reads. @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-push-iam.html */
const PUSH = [
  ...['BatchCheckLayerAvailability', 'CompleteLayerUpload', 'GetDownloadUrlForLayer', 'InitiateLayerUpload'],
  ...['PutImage', 'UploadLayerPart'],
]

/** As IAM has them. @see https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_update-role-settings.html */
const [SHORTEST, LONGEST] = [Duration.hours(1), Duration.hours(12)]

export type GitHubActionsRoleProps = {
  /** `OWNER/NAME`, spelled as GitHub spells it: IAM tells capitals apart. */
  readonly gitHubRepository: string
  /**
   * Where the repository has immutable subjects, as all have that were made, renamed or moved since 15 July 2026:
   * `gh api repos/OWNER/NAME --jq '{owner: .owner.id, repository: .id}'` prints them.
   */
  readonly ids?: GitHubIds
  /** Which of its runs may take the role: at least one. */
  readonly subjects: readonly GitHubSubject[]
  /** Needed beside `{ pullRequests: true }`: the code of a pull request is nobody's but its author's. */
  readonly trustPullRequests?: boolean
  /** Repositories that it may push to, and whose images it may gate: at least one. */
  readonly repositories: readonly IRepository[]
  /** Whether it may start basic scans, as `gate --start-scan` and `scan` do. Not by default: they are started by a push. */
  readonly startScans?: boolean
  /** The one of the account, where it has one: there can be no second. `OidcProviderNative.fromOidcProviderArn` finds it. Made otherwise. */
  readonly provider?: IOidcProvider
  readonly roleName?: string
  /** How long its credentials may be asked to last: 1 to 12 hours, 1 by default, as the action asks for. */
  readonly maxSessionDuration?: Duration
}

/**
 * A role that workflows of one repository of GitHub take without a stored key, to push images and to gate them. It deletes nothing.
 * @see https://docs.github.com/en/actions/how-tos/secure-your-work/security-harden-deployments/oidc-in-aws
 * @throws {Error} for what more would be trusted than is meant
 */
export class GitHubActionsRole extends Construct {
  readonly provider: IOidcProvider
  readonly role: Role

  constructor(scope: Construct, id: string, props: GitHubActionsRoleProps) {
    super(scope, id)
    this.check(props)
    const { provider, roleName, gitHubRepository, maxSessionDuration = SHORTEST } = props
    this.provider =
      provider ?? new OidcProviderNative(this, 'Provider', { url: `https://${ISSUER}`, clientIds: [AUDIENCE] })
    this.role = new Role(this, 'Role', {
      assumedBy: this.trusted(props),
      description: `Taken by workflows of ${gitHubRepository} to push images and to gate them`,
      maxSessionDuration,
      ...(roleName !== undefined && { roleName }),
    })
    this.grant(props)
    new CfnOutput(this, 'RoleArn', {
      value: this.role.roleArn,
      description: `role-to-assume of aws-actions/configure-aws-credentials in ${gitHubRepository}`,
    })
  }

  private check(props: GitHubActionsRoleProps): void {
    const { gitHubRepository, subjects, trustPullRequests = false, repositories, maxSessionDuration = SHORTEST } = props
    const refusal = repositoryRefusal(gitHubRepository) ?? subjectRefusal(subjects, trustPullRequests)
    if (refusal) refuse(this, refusal)
    if (repositories.length === 0)
      refuse(this, {
        prop: 'repositories',
        why: 'it is empty, and the role could push nowhere',
        write: 'the repositories that it pushes to: [repository]',
      })
    const seconds = maxSessionDuration.toSeconds()
    if (seconds < SHORTEST.toSeconds() || seconds > LONGEST.toSeconds())
      refuse(this, {
        prop: 'maxSessionDuration',
        why: `it is ${seconds} seconds, and IAM takes 1 to 12 hours`,
        write: 'Duration.hours(1), or more where a build takes longer',
      })
  }

  /** One statement for the exact subjects and one for those with wildcards: two operators in one statement would both have to hold. */
  private trusted({ gitHubRepository, ids, subjects }: GitHubActionsRoleProps): CompositePrincipal {
    const claims = subjects.map((subject) => subjectClaim(gitHubRepository, ids, subject))
    const [aud, sub] = [`${ISSUER}:aud`, `${ISSUER}:sub`]
    const [exact, wild] = [claims.filter((claim) => !isWild(claim)), claims.filter(isWild)]
    const conditions = [
      ...(exact.length > 0 ? [{ StringEquals: { [aud]: AUDIENCE, [sub]: exact } }] : []),
      ...(wild.length > 0 ? [{ StringEquals: { [aud]: AUDIENCE }, StringLike: { [sub]: wild } }] : []),
    ]
    const [first, ...rest] = conditions.map((one) => new WebIdentityPrincipal(this.provider.oidcProviderArn, one))
    return new CompositePrincipal(first as WebIdentityPrincipal, ...rest)
  }

  private grant({ repositories, startScans = false }: GitHubActionsRoleProps): void {
    const operations = [...PUSH, ...READS, ...(startScans ? ['StartImageScan'] : [])].toSorted()
    const ofNone = ['ecr:GetAuthorizationToken', ...READS_OF_INSPECTOR.map((operation) => `inspector2:${operation}`)]
    this.role.addToPolicy(new PolicyStatement({ actions: ofNone, resources: ['*'] }))
    this.role.addToPolicy(
      new PolicyStatement({
        actions: operations.map((operation) => `ecr:${operation}`),
        resources: repositories.map(({ repositoryArn }) => repositoryArn),
      }),
    )
    acknowledge(
      this,
      'IAM5[Resource::*]',
      'IAM knows no resource for them: the token is for the registry, and ECR asks Inspector for findings as the caller.',
    )
  }
}
