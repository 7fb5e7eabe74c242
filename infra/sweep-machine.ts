import { ArnFormat, Aws, type CfnElement, Stack } from 'aws-cdk-lib'
import { Policy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import type { IFunction } from 'aws-cdk-lib/aws-lambda'
import type { Bucket } from 'aws-cdk-lib/aws-s3'
import { DefinitionBody, StateMachine, StateMachineType } from 'aws-cdk-lib/aws-stepfunctions'
import type { Construct } from 'constructs'
import { BATCH, CONCURRENCY, SWEEP_PREFIX } from '../functions/sweep/contract.ts'
import { acknowledge } from './nag.ts'
import { objectsBelow } from './sweep-store.ts'

/** Hours after which a sweep is given up: `functions/sweep/begin.ts` takes it for running so long. */
const LONGEST = 12
/** Registries that are listed and judged at once. */
const REGISTRIES = 5
/** Of the Distributed Map: executions of its batches have it in their names. */
const LABEL = 'Judge'

/** What Lambda itself answers for a while: nothing was run. */
const BUSY = {
  ErrorEquals: [
    ...['Lambda.ClientExecutionTimeoutException', 'Lambda.ServiceException', 'Lambda.AWSLambdaException'],
    ...['Lambda.SdkClientException', 'Lambda.TooManyRequestsException'],
  ],
  IntervalSeconds: 2,
  MaxAttempts: 6,
  BackoffRate: 2,
}
/** What a second look may mend: a throttle that went on for too long, a store that was not there, a timeout. */
const FAILED = { ErrorEquals: ['States.ALL'], IntervalSeconds: 10, MaxAttempts: 3, BackoffRate: 3 }

type Parts = { readonly functionArn: string; readonly bucketName: string }

/** `arn:aws:states:::s3:getObject`: what the service calls by itself. */
const integration = (name: string): string => `arn:${Aws.PARTITION}:states:::${name}`

const step = ({ functionArn }: Parts, payload: object) => ({
  Type: 'Task',
  Resource: integration('lambda:invoke'),
  Parameters: { FunctionName: functionArn, Payload: payload },
  OutputPath: '$.Payload',
  Retry: [BUSY, FAILED],
})

/**
 * Batches of a registry, each judged by an invocation of its own. A batch that fails is tried anew by itself; in the end it
 * fails alone, and the report finds that its records are missing.
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/state-map-distributed.html
 */
const judging = (parts: Parts) => ({
  Type: 'Map',
  Label: LABEL,
  ItemReader: {
    Resource: integration('s3:getObject'),
    ReaderConfig: { InputType: 'JSONL' },
    Parameters: { Bucket: parts.bucketName, 'Key.$': '$.key' },
  },
  ItemBatcher: { MaxItemsPerBatch: BATCH, BatchInput: { 'id.$': '$.id', 'target.$': '$.target' } },
  MaxConcurrency: CONCURRENCY,
  ToleratedFailurePercentage: 100,
  ItemProcessor: {
    ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
    StartAt: 'JudgeBatch',
    States: { JudgeBatch: { ...step(parts, { step: 'judge', 'batch.$': '$' }), End: true } },
  },
  ResultWriter: {
    Resource: integration('s3:putObject'),
    Parameters: {
      Bucket: parts.bucketName,
      'Prefix.$': `States.Format('${SWEEP_PREFIX}/{}/map/{}/{}', $.id, $.target.account, $.target.region)`,
    },
  },
  // What a registry keeps from being judged is for the report to say; the others go on.
  Catch: [{ ErrorEquals: ['States.ALL'], Next: 'NotJudged' }],
  End: true,
})

/** What is done of each registry. */
const registry = (parts: Parts) => ({
  ProcessorConfig: { Mode: 'INLINE' },
  StartAt: 'List',
  States: {
    List: {
      ...step(parts, { step: 'list', 'id.$': '$.id', 'target.$': '$.target' }),
      Catch: [{ ErrorEquals: ['States.ALL'], Next: 'NotListed' }],
      Next: 'HasRepositories',
    },
    HasRepositories: {
      Type: 'Choice',
      Choices: [{ Variable: '$.listed', NumericGreaterThan: 0, Next: 'Judge' }],
      Default: 'NothingListed',
    },
    Judge: judging(parts),
    NotListed: { Type: 'Pass', End: true },
    NothingListed: { Type: 'Pass', End: true },
    NotJudged: { Type: 'Pass', End: true },
  },
})

/**
 * The whole machine in Amazon States Language. Whoever starts it by hand may leave the time out.
 * @see https://states-language.net/spec.html
 */
export const sweepDefinition = (parts: Parts): object => ({
  Comment: 'Sweeps registries: lists them, judges their repositories in batches, and reports',
  TimeoutSeconds: LONGEST * 3_600,
  StartAt: 'IsScheduled',
  States: {
    IsScheduled: {
      Type: 'Choice',
      Choices: [{ Variable: '$.scheduledTime', IsPresent: true, Next: 'Begin' }],
      Default: 'Now',
    },
    Now: { Type: 'Pass', Parameters: { 'scheduledTime.$': '$$.Execution.StartTime' }, Next: 'Begin' },
    Begin: {
      ...step(parts, {
        step: 'begin',
        'scheduledTime.$': '$.scheduledTime',
        'execution.$': '$$.Execution.Id',
      }),
      Next: 'HasBegun',
    },
    HasBegun: {
      Type: 'Choice',
      Choices: [{ Variable: '$.begun', BooleanEquals: true, Next: 'Targets' }],
      Default: 'NotBegun',
    },
    NotBegun: { Type: 'Succeed' },
    Targets: {
      Type: 'Map',
      ItemsPath: '$.targets',
      ItemSelector: { 'id.$': '$.id', 'target.$': '$$.Map.Item.Value' },
      MaxConcurrency: REGISTRIES,
      ItemProcessor: registry(parts),
      ResultPath: null,
      Next: 'Report',
    },
    Report: { ...step(parts, { step: 'report', 'id.$': '$.id' }), End: true },
  },
})

/** What the machine does itself: start the function, read the lists, write what became of batches. */
function roleOf(scope: Construct, lambda: IFunction, bucket: Bucket): Role {
  const role = new Role(scope, 'MachineRole', {
    assumedBy: new ServicePrincipal('states.amazonaws.com', {
      conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
    }),
    description: 'What the sweep of ecr-steward may do between its steps',
  })
  const [lists, results] = [objectsBelow(bucket, '*/repositories/*'), objectsBelow(bucket, '*/map/*')]
  role.addToPolicy(new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [lambda.functionArn] }))
  role.addToPolicy(new PolicyStatement({ actions: ['s3:GetObject'], resources: [lists.arn, results.arn] }))
  role.addToPolicy(
    new PolicyStatement({
      actions: ['s3:AbortMultipartUpload', 's3:ListMultipartUploadParts', 's3:PutObject'],
      resources: [results.arn],
    }),
  )
  acknowledge(role, `IAM5[Resource::${lists.nag}]`, 'The list of each registry, of each sweep.')
  acknowledge(role, `IAM5[Resource::${results.nag}]`, 'What became of the batches of each registry, of each sweep.')
  return role
}

/** Executions of a machine by what comes behind its name, as IAM and cdk-nag write them. */
function executionsOf(machine: StateMachine, rest: string): { readonly arn: string; readonly nag: string } {
  const stack = Stack.of(machine)
  const id = stack.getLogicalId(machine.node.defaultChild as CfnElement)
  return {
    arn: stack.formatArn({
      ...{ service: 'states', resource: 'execution', arnFormat: ArnFormat.COLON_RESOURCE_NAME },
      resourceName: `${machine.stateMachineName}${rest}`,
    }),
    nag: `arn:<AWS::Partition>:states:<AWS::Region>:<AWS::AccountId>:execution:<${id}.Name>${rest}`,
  }
}

/**
 * A Distributed Map starts an execution of the machine for each batch, looks at it, stops it, and starts it again on a redrive.
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/iam-policies-eg-dist-map.html
 */
function onItself(scope: Construct, machine: StateMachine, role: Role): void {
  const [own, ofBatches] = [executionsOf(machine, ':*'), executionsOf(machine, `/${LABEL}:*`)]
  const policy = new Policy(scope, 'BatchesPolicy', {
    roles: [role],
    statements: [
      new PolicyStatement({ actions: ['states:StartExecution'], resources: [machine.stateMachineArn] }),
      new PolicyStatement({
        actions: ['states:DescribeExecution', 'states:StopExecution'],
        resources: [own.arn, ofBatches.arn],
      }),
      new PolicyStatement({ actions: ['states:RedriveExecution'], resources: [ofBatches.arn] }),
    ],
  })
  for (const { nag } of [own, ofBatches])
    acknowledge(policy, `IAM5[Resource::${nag}]`, 'Executions of batches have names that Step Functions makes.')
}

/** @see sweepDefinition */
export function sweepMachine(scope: Construct, lambda: IFunction, bucket: Bucket): StateMachine {
  const role = roleOf(scope, lambda, bucket)
  const definition = sweepDefinition({ functionArn: lambda.functionArn, bucketName: bucket.bucketName })
  const machine = new StateMachine(scope, 'Machine', {
    stateMachineType: StateMachineType.STANDARD,
    definitionBody: DefinitionBody.fromString(Stack.of(scope).toJsonString(definition)),
    role,
    comment: 'The sweep of ecr-steward',
  })
  onItself(scope, machine, role)
  acknowledge(
    machine,
    'SF1',
    'Step Functions keeps the history of an execution for 90 days. A log would need the right to change who may write to all logs of the account.',
  )
  acknowledge(machine, 'SF2', 'The history tells how long each step took; a trace would tell nothing more.')
  return machine
}
