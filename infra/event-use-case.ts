import type { Table } from 'aws-cdk-lib/aws-dynamodb'
import type { ITopic } from 'aws-cdk-lib/aws-sns'
import type { Queue } from 'aws-cdk-lib/aws-sqs'
import { Construct } from 'constructs'
import { ENV_TABLE, ENV_TOPIC } from '../functions/contract.ts'
import type { NamedPattern } from '../functions/domain/event-pattern.ts'
import { ENV_EXTERNAL_ID } from '../functions/in-use/contract.ts'
import { eventRules } from './event-rules.ts'
import type { Ops } from './ops.ts'
import { Worker } from './worker.ts'

/** What every use case finds in the stack. */
export type Surroundings = { readonly table: Table; readonly topic: ITopic; readonly ops: Ops }

export type EventUseCaseProps = Surroundings & {
  /** Folder under functions/ that holds handler.ts. */
  readonly name: string
  readonly description: string
  readonly patterns: readonly NamedPattern[]
  /** Said when a role of another account is assumed. */
  readonly externalId?: string | undefined
  /** Baked into the bundle. */
  readonly config: object
  readonly timeoutSeconds: number
  readonly batchSize: number
  readonly batchWindowSeconds: number
  /** Invocations at once. */
  readonly maxConcurrency: number
}

/** Events in, alerts on the topic out; what was told is remembered in the table. What else it may do, a use case adds. */
export class EventUseCase extends Construct {
  readonly worker: Worker
  /** Events that a rule matched, and that could not be put on the queue. */
  readonly undelivered: Queue

  constructor(scope: Construct, id: string, { patterns, table, topic, externalId, ...props }: EventUseCaseProps) {
    super(scope, id)
    this.worker = new Worker(this, 'Worker', {
      ...props,
      environment: {
        ...{ [ENV_TABLE]: table.tableName, [ENV_TOPIC]: topic.topicArn },
        ...(externalId !== undefined && { [ENV_EXTERNAL_ID]: externalId }),
      },
      maxReceives: 10,
      patienceMinutes: 60,
    })
    topic.grantPublish(this.worker.function)
    table.grant(this.worker.function, 'dynamodb:UpdateItem')
    const { name, ops } = props
    this.undelivered = eventRules(this, { name, queue: this.worker.queue, patterns, ops })
  }
}
