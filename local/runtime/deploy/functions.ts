import { statSync } from 'node:fs'
import pLimit from 'p-limit'
import type { LocalAws } from '../../aws/server.ts'
import { accessKeyOf } from '../lambda/function.ts'
import type { Completed } from '../lambda/instance.ts'
import { InstancePool } from '../lambda/pool.ts'
import { type Resource, type Template, TemplateError } from '../template.ts'
import { functionName } from './names.ts'
import { number, object, text } from './properties.ts'

function codeOf(lambda: Resource, template: Template): string {
  const { S3Key: key } = object(lambda, 'Code')
  if (typeof key !== 'string') throw new TemplateError(`${lambda.where}.Code`, 'code from an asset was expected')
  const folder = template.asset(key, `${lambda.where}.Code.S3Key`)
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return folder
  throw new TemplateError(`${lambda.where}.Code`, `the asset ${folder} is not a folder: synthesise again`)
}

function runtimeOf(lambda: Resource): string {
  const runtime = text(lambda, 'Runtime')
  if (runtime.startsWith('nodejs')) return runtime
  throw new TemplateError(`${lambda.where}.Runtime`, `the local run has Node.js alone, not ${runtime}`)
}

function environmentOf(lambda: Resource): Record<string, string> {
  const variables = object(lambda, 'Environment').Variables ?? {}
  return Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, String(value)]))
}

function createPool(lambda: Resource, template: Template, aws: LocalAws, extra: Record<string, string>): InstancePool {
  const { name: physicalName, attributes } = lambda.identity
  const { LogGroup, ApplicationLogLevel: logLevel } = object(lambda, 'LoggingConfig')
  return new InstancePool({
    name: functionName(lambda),
    logicalId: lambda.logicalId,
    physicalName,
    arn: attributes.Arn ?? '',
    handler: text(lambda, 'Handler'),
    code: codeOf(lambda, template),
    runtime: runtimeOf(lambda),
    timeoutMs: number(lambda, 'Timeout', 3) * 1000,
    memoryMb: number(lambda, 'MemorySize', 128),
    logGroup: typeof LogGroup === 'string' ? LogGroup : `/aws/lambda/${physicalName}`,
    ...(typeof logLevel === 'string' ? { logLevel } : {}),
    environment: { ...environmentOf(lambda), AWS_ENDPOINT_URL: aws.url, ...extra },
    accessKeyId: accessKeyOf(template.place.stack, lambda.logicalId),
    role: text(lambda, 'Role').split('/').at(-1) ?? '',
    region: aws.region,
    clock: aws.clock,
  })
}

/** The functions of the template, none of them started yet, and the roles, which the functions are known by. */
export function createFunctions(template: Template, aws: LocalAws, extra: Record<string, string>): InstancePool[] {
  const functions = template.resources('AWS::Lambda::Function')
  const pools = functions.map((lambda) => createPool(lambda, template, aws, extra))
  for (const { lambda } of pools) aws.principals.assume(lambda.accessKeyId, lambda.role, lambda.physicalName)
  for (const { identity } of template.resources('AWS::IAM::Role')) aws.principals.createRole(identity.name)
  return pools
}

/** Instances of a function that whoever waits for it may have at once: on AWS a thousand, here each is a process. */
const MOST_AT_ONCE = 5

/** Lets Invoke run the functions. @param tell is told of every invocation, with what the function was given */
export function serveFunctions(
  pools: readonly InstancePool[],
  aws: LocalAws,
  tell: (pool: InstancePool, event: unknown, completed: Completed) => void,
): void {
  for (const pool of pools) {
    const limit = pLimit(MOST_AT_ONCE)
    aws.lambda.serve(pool.lambda.physicalName, async (payload) => {
      const completed = await limit(() => pool.invoke(payload))
      tell(pool, JSON.parse(payload), completed)
      const { response = 'null', error } = completed
      if (!error) return { payload: response, failed: false }
      return {
        payload: JSON.stringify({ errorMessage: error.message, errorType: error.type }),
        failed: true,
      }
    })
  }
}
