import type { Json } from '../../../../local/aws/states/json.ts'

const SERVICE_ERRORS = [
  ...['Lambda.ClientExecutionTimeoutException', 'Lambda.ServiceException', 'Lambda.AWSLambdaException'],
  ...['Lambda.SdkClientException', 'Lambda.TooManyRequestsException'],
]
const patiently = { ErrorEquals: SERVICE_ERRORS, IntervalSeconds: 2, MaxAttempts: 6, BackoffRate: 2 }

export type SweepMachine = { readonly function: string; readonly bucket: string; readonly tolerated?: number }

/** A machine of the form of the sweep's, as CDK writes it. */
export function sweepMachine({ function: arn, bucket, tolerated = 100 }: SweepMachine): Json {
  const task = (payload: Json, more: object): Json => ({
    ...{ Type: 'Task', Resource: 'arn:aws:states:::lambda:invoke' },
    Parameters: { FunctionName: arn, Payload: payload },
    ...more,
  })
  const judge = task(
    { step: 'judge', 'batch.$': '$' },
    {
      ResultSelector: { 'repositories.$': '$.Payload.repositories' },
      Retry: [
        patiently,
        { ErrorEquals: ['States.ALL'], IntervalSeconds: 20, MaxAttempts: 2, BackoffRate: 3, JitterStrategy: 'FULL' },
      ],
      TimeoutSeconds: 900,
      End: true,
    },
  )
  const map = {
    Type: 'Map',
    Label: 'Judge',
    ItemProcessor: {
      ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
      StartAt: 'JudgeBatch',
      States: { JudgeBatch: judge },
    },
    ItemReader: {
      Resource: 'arn:aws:states:::s3:getObject',
      ReaderConfig: { InputType: 'JSONL' },
      Parameters: { Bucket: bucket, 'Key.$': '$.key' },
    },
    ItemBatcher: { MaxItemsPerBatch: 2, BatchInput: { 'id.$': '$.id', 'target.$': '$.target' } },
    MaxConcurrency: 3,
    ToleratedFailurePercentage: tolerated,
    ResultWriter: {
      Resource: 'arn:aws:states:::s3:putObject',
      Parameters: { Bucket: bucket, 'Prefix.$': "States.Format('sweep/{}/map', $.id)" },
    },
    ResultPath: null,
    End: true,
  }
  const list = task(
    { step: 'list', 'id.$': '$.id', 'target.$': '$.target' },
    {
      ResultSelector: { 'listed.$': '$.Payload' },
      OutputPath: '$.listed',
      Retry: [patiently],
      Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: '$.error', Next: 'NotListed' }],
      Next: 'AnyListed',
    },
  )
  return {
    Comment: 'A sweep',
    StartAt: 'Begin',
    TimeoutSeconds: 43_200,
    States: {
      Begin: task(
        { step: 'begin', 'scheduledTime.$': '$.scheduledTime', 'execution.$': '$$.Execution.Id' },
        { OutputPath: '$.Payload', Retry: [patiently], Next: 'Begun' },
      ),
      Begun: {
        Type: 'Choice',
        Choices: [{ Variable: '$.begun', BooleanEquals: true, Next: 'Targets' }],
        Default: 'Not',
      },
      Not: { Type: 'Succeed' },
      Targets: {
        Type: 'Map',
        ItemsPath: '$.targets',
        ItemSelector: { 'id.$': '$.id', 'target.$': '$$.Map.Item.Value' },
        MaxConcurrency: 5,
        ItemProcessor: {
          ProcessorConfig: { Mode: 'INLINE' },
          StartAt: 'List',
          States: {
            List: list,
            NotListed: { Type: 'Pass', End: true },
            AnyListed: {
              Type: 'Choice',
              Choices: [{ Variable: '$.listed', NumericGreaterThan: 0, Next: 'Judge' }],
              Default: 'NoneListed',
            },
            NoneListed: { Type: 'Pass', End: true },
            Judge: map,
          },
        },
        ResultPath: null,
        Next: 'Report',
      },
      Report: task({ step: 'report', 'id.$': '$.id' }, { OutputPath: '$.Payload', Retry: [patiently], End: true }),
    },
  }
}
