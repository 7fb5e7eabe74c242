import { Stack } from 'aws-cdk-lib'
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import type { Construct } from 'constructs'
import { acknowledge } from '../nag.ts'
import { nagArn } from './nag-arn.ts'

/** What ECR does as the role: it pulls there, and pushes here. @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache-private.html */
const ACTIONS = [
  ...['ecr:BatchGetImage', 'ecr:BatchImportUpstreamImage', 'ecr:CompleteLayerUpload', 'ecr:GetDownloadUrlForLayer'],
  ...['ecr:GetImageCopyStatus', 'ecr:InitiateLayerUpload', 'ecr:PutImage', 'ecr:UploadLayerPart'],
]

type Upstream = {
  readonly account?: string
  readonly region?: string
  readonly upstreamRepositoryPrefix?: string
}

/**
 * The role with which ECR pulls from the registry of another account. That account has to allow it, too.
 * @param prefix of the repositories here
 */
export function cacheRole(scope: Construct, prefix: string, upstream: Upstream): Role {
  const { account, region, upstreamRepositoryPrefix } = upstream
  const place = { ...(account !== undefined && { account }), ...(region !== undefined && { region }) }
  const role = new Role(scope, 'Role', {
    assumedBy: new ServicePrincipal('pullthroughcache.ecr.amazonaws.com'),
    description: `Fills the repositories ${prefix}/* from the registry of another account.`,
  })
  const there = upstreamRepositoryPrefix === undefined ? '*' : `${upstreamRepositoryPrefix}/*`
  const repositories = (resourceName: string, where: Pick<Upstream, 'account' | 'region'>) =>
    Stack.of(scope).formatArn({ service: 'ecr', resource: 'repository', resourceName, ...where })
  role.addToPolicy(
    new PolicyStatement({ actions: ACTIONS, resources: [repositories(there, place), repositories(`${prefix}/*`, {})] }),
  )
  role.addToPolicy(new PolicyStatement({ actions: ['ecr:GetAuthorizationToken'], resources: ['*'] }))
  const why = 'ECR pulls whatever is asked for from these repositories, and puts it into those of the prefix.'
  acknowledge(role, `IAM5[Resource::${nagArn(scope, 'ecr', `repository/${there}`, place)}]`, why)
  acknowledge(role, `IAM5[Resource::${nagArn(scope, 'ecr', `repository/${prefix}/*`)}]`, why)
  acknowledge(role, 'IAM5[Resource::*]', 'GetAuthorizationToken has no resource to name.')
  return role
}
