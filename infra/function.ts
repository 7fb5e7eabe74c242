import { join } from 'node:path'
import { Duration, RemovalPolicy } from 'aws-cdk-lib'
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import { Architecture, LoggingFormat, Runtime } from 'aws-cdk-lib/aws-lambda'
import { NodejsFunction, OutputFormat } from 'aws-cdk-lib/aws-lambda-nodejs'
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs'
import type { Construct } from 'constructs'

const ROOT = join(import.meta.dirname, '..')

export type StewardFunctionProps = {
  /** Folder under functions/ that holds handler.ts. */
  readonly name: string
  readonly description: string
  readonly timeoutSeconds: number
  readonly environment: Record<string, string>
  /** Baked into the bundle as `STEWARD_CONFIG`: no lookup at run time, no drift. */
  readonly config: object
}

/** The SDK's whole credential chain is weight without use in Lambda. */
const CREDENTIALS = {
  '--alias:@aws-sdk/credential-provider-node': join(ROOT, 'functions/adapters/lambda-credentials.ts'),
}

/** A Lambda function as all of ours are: Node 24 on arm64, one small CommonJS file, JSON logs that end after a month. */
export function stewardFunction(scope: Construct, id: string, props: StewardFunctionProps): NodejsFunction {
  const logGroup = new LogGroup(scope, `${id}Logs`, {
    retention: RetentionDays.ONE_MONTH,
    removalPolicy: RemovalPolicy.DESTROY,
  })
  // The managed basic execution role may write to every log group of the account; ours may write to its own.
  const role = new Role(scope, `${id}Role`, { assumedBy: new ServicePrincipal('lambda.amazonaws.com') })
  logGroup.grantWrite(role)
  return new NodejsFunction(scope, id, {
    role,
    description: `${props.name}: ${props.description}`,
    entry: join(ROOT, 'functions', props.name, 'handler.ts'),
    depsLockFilePath: join(ROOT, 'package-lock.json'),
    projectRoot: ROOT,
    runtime: Runtime.NODEJS_24_X,
    architecture: Architecture.ARM_64,
    memorySize: 256,
    timeout: Duration.seconds(props.timeoutSeconds),
    environment: props.environment,
    logGroup,
    loggingFormat: LoggingFormat.JSON,
    awsSdkConnectionReuse: false,
    bundling: {
      format: OutputFormat.CJS,
      minify: true,
      target: 'node24',
      mainFields: ['module', 'main'],
      bundleAwsSDK: true,
      externalModules: [],
      define: { STEWARD_CONFIG: JSON.stringify(props.config) },
      esbuildArgs: CREDENTIALS,
    },
  })
}
