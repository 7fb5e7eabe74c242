import * as v from 'valibot'
import type { ApiCallEvent } from '../domain/event.ts'
import { parseRepositoryArn } from './arn.ts'
import { account, headOf, ifAny, line, peek, repository, shape, time, toHead, word } from './fields.ts'
import { check, printable } from './invalid-event.ts'

const Identity = shape({
  type: ifAny(line),
  arn: ifAny(line),
  accountId: ifAny(account),
  invokedBy: ifAny(line),
  sessionContext: ifAny(shape({ sessionIssuer: ifAny(shape({ arn: ifAny(line) })) })),
})

const described = {
  eventName: word,
  eventTime: ifAny(time),
  userIdentity: ifAny(Identity),
  sourceIPAddress: ifAny(line),
}

/** A refused call may have named anything: nothing of what it asked for is read. */
const Refused = shape({ ...headOf('ecr'), detail: shape({ ...described, errorCode: line }) })

const Parameters = shape({
  repositoryName: v.nullish(repository),
  resourceArn: v.nullish(line),
  registryId: v.nullish(account),
})
const Done = shape({ ...headOf('ecr'), detail: shape({ ...described, requestParameters: v.nullish(Parameters) }) })

type Caller = v.InferOutput<typeof Identity> | undefined

/** `arn:aws:sts::123456789012:assumed-role/Admin/alice`: account, and `Admin/alice`. */
const PRINCIPAL = /^arn:[^:]*:[^:]*:[^:]*:(\d*):(?:(?:assumed-role|federated-user|user|role)\/)?(.+)$/

/** Longest text of CloudTrail that is shown. Role and session have 64 characters each; a path may be long. */
const SHOWN = 200

/** Role and session, user, or service; with its account where that is not the registry's. */
function nameOf(caller: Caller, home: string): string {
  const arn = caller?.arn ?? caller?.sessionContext?.sessionIssuer?.arn
  const [, owner, name] = PRINCIPAL.exec(arn ?? '') ?? []
  const account = owner || caller?.accountId
  const known = printable(name ?? caller?.invokedBy ?? caller?.type ?? 'unknown', SHOWN)
  return account && account !== home ? `${known} of ${account}` : known
}

/**
 * `AWS API Call via CloudTrail` of ECR. Only calls that write are sent, and only where a trail logs them.
 * @see https://docs.aws.amazon.com/eventbridge/latest/ref/events-ref-ecr.html
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
 */
export function parseApiCall(value: unknown): ApiCallEvent {
  const isRefused = typeof peek(value, 'detail', 'errorCode') === 'string'
  const event = isRefused ? check(Refused, value) : check(Done, value)
  const head = toHead(event)
  const { detail } = event
  const asked = 'requestParameters' in detail ? detail.requestParameters : undefined
  const arn = parseRepositoryArn(asked?.resourceArn ?? '')
  return {
    ...head,
    type: 'api-call',
    call: detail.eventName,
    by: nameOf(detail.userIdentity, head.account),
    at: detail.eventTime ?? head.time,
    from: detail.sourceIPAddress === undefined ? undefined : printable(detail.sourceIPAddress, SHOWN),
    error: 'errorCode' in detail ? printable(detail.errorCode, SHOWN) : undefined,
    registry: asked?.registryId ?? arn?.account ?? head.account,
    repository: asked?.repositoryName ?? arn?.repository,
  }
}
