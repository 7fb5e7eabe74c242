import type { Clock } from '../clock.ts'
import type { OperationShape } from './protocol/shape.ts'
import type { Complaints } from './protocol/values.ts'

/** What a call is about, as IAM sees it. */
export type Requirement = { action: string; resource: string }

export type CallContext = {
  accessKeyId: string
  /** Aborted when the caller hangs up or the server closes. */
  ended: AbortSignal
}

/** One operation. Its input has been checked against the SDK's schema, so a handler may state the SDK's type for it. */
export type Handler = (input: never, context: CallContext) => unknown

export type Reply = { status: number; headers: Record<string, string>; body: string | Uint8Array }

/** A service whose operations come from the schemas of its SDK client. */
export type Service = {
  /** As in the credential scope and in IAM actions: `ecr`. */
  name: string
  protocol: 'json' | 'query' | 'rest-json' | 'rest-xml'
  /** What stands before the dot in `X-Amz-Target`. */
  target: string
  jsonVersion: '1.0' | '1.1'
  errorNamespace: string
  xmlNamespace: string
  /** SQS alone: the code of an error in the older query protocol, by its name. */
  queryErrors?: ReadonlyMap<string, string>
  operations: ReadonlyMap<string, OperationShape>
  handlers: Readonly<Record<string, Handler>>
  complaints: Complaints
  /** The code of a refused call. */
  denied: { code: string; status: number }
  /** Limits that the schemas do not carry. @throws AwsError */
  check?(operation: string, input: Record<string, unknown>): void
  requires(operation: string, input: Record<string, unknown>): Requirement[]
}

/** A call that was answered; `input` is without secret values. `status` is 0 for a dropped connection. */
export type Call = {
  service: string
  operation: string
  accessKeyId: string
  input: unknown
  status: number
  error?: string
  /** ms on the virtual clock */
  at: number
}

/** A call with what only its listeners are told: its input and its output are whole. */
export type Answered = Call & {
  requestId: string
  /** That of the caller, and the region that it signed for. */
  account: string
  region: string
  /** As the caller names itself; empty where it does not. */
  userAgent: string
  /** IP address of the caller. */
  address: string
  /** Of a call that was not refused. */
  output?: unknown
  /** Why it was refused. */
  message?: string
}

export type Authorize = (call: {
  accessKeyId: string
  /** `ecr:DescribeImageScanFindings` */
  action: string
  /** an ARN, or `*` where the action has none */
  resource: string
}) => { allowed: true } | { allowed: false; reason: string }

/** What the services share. */
export type Surroundings = {
  account: string
  region: string
  clock: Clock
  /** Origin of the server; known once it listens. */
  url(): string
}
