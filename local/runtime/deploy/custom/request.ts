import { randomUUID } from 'node:crypto'
import type { AnswersState } from '../../../aws/answers.ts'
import { isObject } from '../../is-object.ts'
import type { InstancePool } from '../../lambda/pool.ts'
import type { InvokeLater } from '../rules.ts'

/** What a custom resource is asked by. */
export type Asking = {
  readonly answers: AnswersState
  readonly pools: readonly InstancePool[]
  readonly later: InvokeLater
  /** Runs until nothing is left to do, the tries of functions that failed included. */
  readonly settle: () => Promise<void>
  readonly stackId: string
}

type Properties = Readonly<Record<string, unknown>>

export type Question = {
  readonly logicalId: string
  readonly type: string
  readonly properties: Properties
} & (
  | { readonly request: 'Create' }
  | { readonly request: 'Update'; readonly physicalId: string; readonly before: Properties }
  | { readonly request: 'Delete'; readonly physicalId: string }
)

export type Told = {
  /** Undefined where it went well. */
  readonly failure: string | undefined
  readonly physicalId: string | undefined
  readonly data: Readonly<Record<string, string>>
}

const failed = (failure: string): Told => ({ failure, physicalId: undefined, data: {} })

/** CloudFormation hands all scalars over as text. */
export function asTexts(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(asTexts)
  if (!isObject(value)) return value === null ? value : String(value)
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, asTexts(inner)]))
}

function eventOf(question: Question, { stackId }: Asking, RequestId: string, ResponseURL: string): object {
  const { logicalId, type, properties, request } = question
  return {
    ...{ RequestType: request, ServiceToken: properties.ServiceToken, ResponseURL, StackId: stackId, RequestId },
    ...{ LogicalResourceId: logicalId, ResourceType: type, ResourceProperties: properties },
    ...(request !== 'Create' && { PhysicalResourceId: question.physicalId }),
    ...(request === 'Update' && { OldResourceProperties: question.before }),
  }
}

function read(text: string | undefined, echoed: Properties): Told {
  if (text === undefined)
    return failed('its function gave no answer, for which CloudFormation would wait until its timeout')
  let answer: unknown
  try {
    answer = JSON.parse(text)
  } catch {
    return failed('its answer is no JSON')
  }
  if (!isObject(answer)) return failed('its answer is no object')
  const wrong = Object.keys(echoed).find((name) => answer[name] !== echoed[name])
  if (wrong !== undefined) return failed(`its answer has another ${wrong}`)
  const { Status, Reason, PhysicalResourceId: physicalId, Data } = answer
  if (typeof physicalId !== 'string' || physicalId === '') return failed('its answer has no PhysicalResourceId')
  const data = Object.fromEntries(Object.entries(isObject(Data) ? Data : {}).map(([name, one]) => [name, String(one)]))
  if (Status === 'SUCCESS') return { failure: undefined, physicalId, data }
  return { failure: Status === 'FAILED' ? String(Reason) : `its Status is ${Status}`, physicalId, data }
}

/**
 * Asks the function of a custom resource, as CloudFormation does: it is invoked as by an event, and puts its answer to a URL.
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-requests.html
 */
export async function ask(question: Question, asking: Asking): Promise<Told> {
  const pool = asking.pools.find(({ lambda }) => lambda.arn === question.properties.ServiceToken)
  if (!pool) return failed('its ServiceToken is no function of the stack')
  const [RequestId, slot] = [randomUUID(), asking.answers.open()]
  asking.later(pool, eventOf(question, asking, RequestId, slot.url))
  await asking.settle()
  return read(slot.read(), { StackId: asking.stackId, RequestId, LogicalResourceId: question.logicalId })
}
