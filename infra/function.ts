import { Duration, RemovalPolicy } from 'aws-cdk-lib'
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import { Architecture, Function as LambdaFunction, LoggingFormat, Runtime } from 'aws-cdk-lib/aws-lambda'
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs'
import type { Construct } from 'constructs'
import { handlerCode } from './handler-code.ts'

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
    code: handlerCode(props.name, props.config),
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
