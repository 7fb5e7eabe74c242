import { join } from 'node:path'
import { App, Duration, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib'
import { Repository, TagMutability } from 'aws-cdk-lib/aws-ecr'
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import { Architecture, DockerImageCode, DockerImageFunction } from 'aws-cdk-lib/aws-lambda'
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs'
import type { Construct } from 'constructs'
// In your own project: from 'ecr-steward/cdk'.
import { DeploymentGate } from '../../infra/deployment-gate.ts'
import { GitHubActionsRole } from '../../infra/github-actions-role.ts'

const REPOSITORY = 'shop'

/** Deployed once, before there is an image: where images go, and who may push them. */
export class RegistryStack extends Stack {
  constructor(scope: Construct, id: string, props: StackProps = {}) {
    super(scope, id, props)
    const repository = new Repository(this, 'Shop', {
      repositoryName: REPOSITORY,
      imageTagMutability: TagMutability.IMMUTABLE,
      imageScanOnPush: true,
      removalPolicy: RemovalPolicy.RETAIN,
    })
    new GitHubActionsRole(this, 'GitHub', {
      gitHubRepository: 'acme/shop',
      subjects: [{ branch: 'main' }, { tag: 'v*' }],
      repositories: [repository],
    })
  }
}

export type ShopStackProps = StackProps & {
  /** Of the image that the pipeline has pushed: `cdk deploy -c tag=1.4.2`. */
  readonly tag: string
}

/** Deployed with every version: the function gets the new image only after the gate has passed it, and by its digest. */
export class ShopStack extends Stack {
  constructor(scope: Construct, id: string, { tag, ...props }: ShopStackProps) {
    super(scope, id, props)
    const repository = Repository.fromRepositoryName(this, 'Images', REPOSITORY)
    const gate = new DeploymentGate(this, 'Gate', {
      repository,
      tag,
      limits: { CRITICAL: 0, HIGH: 0, MEDIUM: 20 },
      config: join(import.meta.dirname, '../../steward.yaml'),
      timeout: Duration.minutes(5),
    })
    const logGroup = new LogGroup(this, 'Logs', {
      retention: RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    })
    const role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') })
    logGroup.grantWrite(role)
    new DockerImageFunction(this, 'Api', {
      description: 'The shop, as it was judged',
      code: DockerImageCode.fromEcr(repository, { tagOrDigest: gate.digest }),
      architecture: Architecture.ARM_64,
      role,
      logGroup,
    })
  }
}

/** The app with both stacks. @param tag of the image that is deployed */
export function shopApp(app: App, tag: string): { readonly registry: RegistryStack; readonly shop: ShopStack } {
  return { registry: new RegistryStack(app, 'Registry'), shop: new ShopStack(app, 'Shop', { tag }) }
}

if (import.meta.main) {
  const app = new App()
  shopApp(app, String(app.node.tryGetContext('tag') ?? 'latest'))
  app.synth()
}
