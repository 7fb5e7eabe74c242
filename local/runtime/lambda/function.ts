import { createHash } from 'node:crypto'
import type { Clock } from '../../clock.ts'

/** A deployed function: everything that one of its instances needs to know. */
export type LambdaFunction = {
  /** For people: `scan-alert`. */
  readonly name: string
  readonly logicalId: string
  readonly physicalName: string
  readonly arn: string
  readonly handler: string
  /** Folder of the bundle. */
  readonly code: string
  readonly timeoutMs: number
  readonly memoryMb: number
  readonly logGroup: string
  readonly logLevel?: string
  readonly environment: Readonly<Record<string, string>>
  readonly accessKeyId: string
  /** Name of its role. */
  readonly role: string
  readonly region: string
  readonly runtime: string
  readonly clock: Clock
}

/** The access key id of a function's role session: the same in each run, another one for each function. */
export const accessKeyOf = (stack: string, logicalId: string): string =>
  `ASIA${createHash('sha256').update(`${stack}/${logicalId}`).digest('hex').toUpperCase().slice(0, 16)}`

/**
 * The environment of an instance. Of this machine it has `PATH` and nothing else, so that no credential of a person
 * is within the reach of a function.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
 */
export function environmentOf(lambda: LambdaFunction, runtimeApi: string): Record<string, string> {
  return {
    PATH: process.env.PATH ?? '',
    LANG: 'en_US.UTF-8',
    TZ: ':UTC',
    ...lambda.environment,
    _HANDLER: lambda.handler,
    _LAMBDA_CLOCK_OFFSET_MS: String(lambda.clock.offset),
    LAMBDA_TASK_ROOT: lambda.code,
    AWS_REGION: lambda.region,
    AWS_DEFAULT_REGION: lambda.region,
    AWS_ACCESS_KEY_ID: lambda.accessKeyId,
    AWS_SECRET_ACCESS_KEY: `local-${lambda.accessKeyId}`,
    AWS_SESSION_TOKEN: `local-session-${lambda.accessKeyId}`,
    AWS_EXECUTION_ENV: `AWS_Lambda_${lambda.runtime}`,
    AWS_LAMBDA_RUNTIME_API: runtimeApi,
    AWS_LAMBDA_FUNCTION_NAME: lambda.physicalName,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(lambda.memoryMb),
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_FORMAT: 'JSON',
    AWS_LAMBDA_LOG_GROUP_NAME: lambda.logGroup,
    AWS_LAMBDA_LOG_STREAM_NAME: `local/[$LATEST]${lambda.logicalId}`,
    ...(lambda.logLevel ? { AWS_LAMBDA_LOG_LEVEL: lambda.logLevel } : {}),
  }
}
