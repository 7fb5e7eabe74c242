import { createHash } from 'node:crypto'
import { CustomResource, Duration, Stack } from 'aws-cdk-lib'
import type { IRepository } from 'aws-cdk-lib/aws-ecr'
import { PolicyStatement } from 'aws-cdk-lib/aws-iam'
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda'
import { Construct, type IConstruct } from 'constructs'
import { loadConfig } from '../config/load.ts'
import { READS_OF_INSPECTOR } from '../functions/contract.ts'
import type { Limits } from '../functions/domain/gate/limits.ts'
import { vulnerabilities } from '../functions/domain/rules/vulnerabilities.ts'
import {
  type DeploymentConfig,
  type DeploymentImage,
  DIGEST_HEX,
  MARGIN_SECONDS,
  READS,
} from '../functions/gate/contract.ts'
import { stewardFunction } from './function.ts'
import { gateAsks } from './gate-asks.ts'
import { type GatedImage, gatedImage, type ImageProps } from './gated-image.ts'
import { acknowledge } from './nag.ts'
import { refuse } from './refuse.ts'

/** A function runs for at most 15 minutes. */
const [SHORTEST, USUAL, LONGEST] = [Duration.seconds(30), Duration.minutes(10), Duration.minutes(14)]
/** Beyond what the function may take: for Lambda to start it. After that the deployment fails, instead of an hour later. */
const STARTING = Duration.minutes(2)

export type DeploymentGateProps = ImageProps & {
  /**
   * How many findings of each severity there may be; a severity that is left out has no limit. By default as the rule `vulnerabilities` of
   * `config` has it for the repository; without it, none critical and none high.
   */
  readonly limits?: Limits
  /** Counts those alone that a newer version fixes. Basic scanning does not say which these are: there all count. By default as the rule has it. */
  readonly fixableOnly?: boolean
  /** Path of a `steward.yaml` whose exceptions hold, and whose rule does; read at synthesis. */
  readonly config?: string
  /** What becomes of an image that cannot be judged: no scan, not scannable, still scanning at the end. `fail` by default. */
  readonly onUnknown?: 'fail' | 'pass'
  /** How long the image and its scans may take to be there: 30 seconds to 14 minutes, 10 by default. */
  readonly timeout?: Duration
  /** Starts a basic scan where there is none. Not by default. */
  readonly startScan?: boolean
}

/**
 * Blocks the deployment of a stack while an image has more findings than it may have. What is deployed by its `digest` or its `imageUri` is
 * what was judged, wherever the tag goes; what is deployed otherwise waits for it with `blocks`.
 * @see docs/deployment-gate.md
 * @throws {Error} for properties that say nothing, or two things
 */
export class DeploymentGate extends Construct {
  /** `sha256:…` of the image that was judged, known while it is deployed: for `ContainerImage.fromEcrRepository` or `DockerImageCode.fromEcr`. */
  readonly digest: string
  /** The image by its digest, as `docker pull` takes it. */
  readonly imageUri: string
  readonly function: LambdaFunction

  constructor(scope: Construct, id: string, props: DeploymentGateProps) {
    super(scope, id)
    const image = gatedImage(this, props)
    const timeout = this.timeoutOf(props)
    const config = this.configOf(props, timeout)
    this.function = stewardFunction(this, 'Function', {
      name: 'gate',
      description: 'judges the image of a deployment',
      timeoutSeconds: timeout.toSeconds() + MARGIN_SECONDS,
      environment: {},
      config,
    })
    this.grant(image.repository, props)
    const resource = this.judged(image, config, timeout)
    // Written out, for CDK tells a digest from a tag by how it begins.
    this.digest = `sha256:${resource.getAttString(DIGEST_HEX)}`
    this.imageUri = image.repository.repositoryUriForDigest(this.digest)
  }

  /** What is made or changed only after the image has passed. */
  blocks(...constructs: readonly IConstruct[]): this {
    for (const construct of constructs) construct.node.addDependency(this)
    return this
  }

  private timeoutOf({ timeout = USUAL }: DeploymentGateProps): Duration {
    const seconds = timeout.toSeconds()
    if (seconds >= SHORTEST.toSeconds() && seconds <= LONGEST.toSeconds()) return timeout
    return refuse(this, {
      prop: 'timeout',
      why: `it is ${seconds} seconds, and a function runs for at most 15 minutes`,
      write: 'Duration.minutes(10), or anything from 30 seconds to 14 minutes',
    })
  }

  private configOf(props: DeploymentGateProps, timeout: Duration): DeploymentConfig {
    const { config: path, onUnknown = 'fail', startScan = false } = props
    this.checkLimits(props)
    const config = path === undefined ? undefined : loadConfig(path)
    const exceptions = config?.exceptions ?? []
    return {
      asks: gateAsks(this.node.path, props, config),
      exceptions: exceptions.filter(({ finding, rule }) => finding !== undefined || rule === vulnerabilities.id),
      lenient: onUnknown === 'pass',
      startScan: startScan ? 'missing' : 'never',
      timeout: timeout.toMilliseconds(),
    }
  }

  private checkLimits({ limits = {} }: DeploymentGateProps): void {
    for (const [severity, most] of Object.entries(limits))
      if (!Number.isInteger(most) || most < 0)
        refuse(this, {
          prop: `limits.${severity}`,
          why: `it is ${most}, and there may be a whole number of findings`,
          write: '0 or more, or leave the severity out where any number may be',
        })
  }

  private grant({ repositoryArn }: IRepository, { startScan = false }: DeploymentGateProps): void {
    const operations = [...READS, ...(startScan ? ['StartImageScan'] : [])]
    const allow = (service: string, names: readonly string[], resource: string) =>
      this.function.addToRolePolicy(
        new PolicyStatement({ actions: names.map((name) => `${service}:${name}`), resources: [resource] }),
      )
    allow('ecr', operations, repositoryArn)
    allow('inspector2', READS_OF_INSPECTOR, '*')
    allow('cloudformation', ['DescribeStacks'], Stack.of(this).stackId)
    acknowledge(
      this,
      'IAM5[Resource::*]',
      'ECR asks Inspector for findings of enhanced scanning as the caller, and IAM knows no resource for it: reads alone.',
    )
  }

  /** A change of what is asked asks again; what is asked stands in the bundle, of which CloudFormation sees no change by itself. */
  private judged(image: GatedImage, config: DeploymentConfig, timeout: Duration): CustomResource {
    const { repository, tag, digest } = image
    const properties: DeploymentImage & { readonly Asked: string } = {
      Account: repository.env.account,
      Region: repository.env.region,
      Repository: repository.repositoryName,
      ...(digest === undefined ? { Tag: String(tag) } : { Digest: digest }),
      Asked: createHash('sha256').update(JSON.stringify(config)).digest('hex').slice(0, 16),
    }
    return new CustomResource(this, 'Judged', {
      serviceToken: this.function.functionArn,
      serviceTimeout: timeout.plus(Duration.seconds(MARGIN_SECONDS)).plus(STARTING),
      resourceType: 'Custom::EcrStewardGate',
      properties,
    })
  }
}
