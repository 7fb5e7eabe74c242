import { join } from 'node:path'
import { AssetHashType, DockerImage, Duration, RemovalPolicy } from 'aws-cdk-lib'
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import { Architecture, Code, Function as LambdaFunction, LoggingFormat, Runtime } from 'aws-cdk-lib/aws-lambda'
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs'
import type { Construct } from 'constructs'
import { bundle } from './bundle.ts'

const FUNCTIONS = join(import.meta.dirname, '../functions')

export type StewardFunctionProps = {
  /** Folder under functions/ that holds handler.ts. */
  readonly name: string
  readonly description: string
  readonly timeoutSeconds: number
  /** 256 by default. */
  readonly memoryMb?: number
  readonly environment: Record<string, string>
  /** Baked into the bundle as `STEWARD_CONFIG`: no lookup at run time, no drift. */
  readonly config: object
}

/** Bundled in this process by esbuild; no container is ever started, so the image is a name only. */
const codeOf = (name: string, config: object): Code =>
  Code.fromAsset(join(FUNCTIONS, name), {
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      image: DockerImage.fromRegistry('none'),
      // What CDK tells two bundles of one folder apart by.
      command: [JSON.stringify(config)],
      local: {
        tryBundle(outdir) {
          bundle({ entry: join(FUNCTIONS, name, 'handler.ts'), outdir, config })
          return true
        },
      },
    },
  })

/** A Lambda function as all of ours are: Node 24 on arm64, one small CommonJS file, JSON logs that end after a month. */
export function stewardFunction(scope: Construct, id: string, props: StewardFunctionProps): LambdaFunction {
  const logGroup = new LogGroup(scope, `${id}Logs`, {
    retention: RetentionDays.ONE_MONTH,
    removalPolicy: RemovalPolicy.DESTROY,
  })
  // The managed basic execution role may write to every log group of the account; ours may write to its own.
  const role = new Role(scope, `${id}Role`, {
    assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
    description: `What ${props.name} of ecr-steward may do`,
  })
  logGroup.grantWrite(role)
  return new LambdaFunction(scope, id, {
    role,
    description: `${props.name}: ${props.description}`,
    code: codeOf(props.name, props.config),
    handler: 'index.handler',
    runtime: Runtime.NODEJS_24_X,
    architecture: Architecture.ARM_64,
    memorySize: props.memoryMb ?? 256,
    timeout: Duration.seconds(props.timeoutSeconds),
    environment: props.environment,
    logGroup,
    loggingFormat: LoggingFormat.JSON,
  })
}
