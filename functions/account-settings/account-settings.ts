import { type Answer, sentence } from '../cloudformation.ts'
import type { Outcome } from '../outcome.ts'
import {
  ACCOUNT_SETTINGS,
  BEFORE,
  type BeforeRequest,
  type Request,
  type SettingProperties,
  type SettingRequest,
} from './contract.ts'
import { SettingFault, type SettingsPorts, type Trouble } from './ports.ts'

/** What CloudFormation is told, and what the log is. */
export type Answered = { readonly answer: Answer; readonly outcome: Outcome }

type Done = { readonly outcome: string; readonly reason: string }

const propOf = (name: string): string =>
  Object.entries(ACCOUNT_SETTINGS).find(([, setting]) => setting.name === name)?.[0] ?? name

const ADVICE: Readonly<Record<Trouble, (name: string) => string>> = {
  refused: (name) =>
    `ECR may not have it in this region: leave ${propOf(name)} out of accountSettings, and deploy again`,
  denied: () =>
    'The role of the function allows it: look for a service control policy, a permissions boundary, or a Deny in the policy of the registry',
  failed: () => 'Nothing is wrong with what is asked: try again',
}

const success = ({ RequestId }: Request, PhysicalResourceId: string, done: Done): Answered => ({
  answer: { Status: 'SUCCESS', PhysicalResourceId },
  outcome: { ...done, event: RequestId },
})

/** A creation that fails is deleted by this id, and what its properties say is put back. */
const idOf = (request: Request): string =>
  request.RequestType === 'Create' ? request.ResourceProperties.Name : request.PhysicalResourceId

function failure(request: Request, { trouble, message }: SettingFault): Answered {
  const { Name } = request.ResourceProperties
  const aim = 'Value' in request.ResourceProperties ? `set to ${request.ResourceProperties.Value}` : 'read'
  const what = request.RequestType === 'Delete' ? 'put back to what it was' : aim
  const Reason = sentence(`${Name} cannot be ${what}: ${message}. ${ADVICE[trouble](Name)}.`)
  return {
    answer: { Status: 'FAILED', PhysicalResourceId: idOf(request), Reason },
    outcome: { outcome: 'failed', reason: Reason, event: request.RequestId },
  }
}

const noted = (name: string, value: string): string => `${name}=${value}`

/** Undefined where the id is not one of ours: CloudFormation made it up for a creation that was never answered. */
const valueIn = (id: string, name: string): string | undefined =>
  id.startsWith(noted(name, '')) ? id.slice(name.length + 1) : undefined

/** Noted once, for as long as the resource is there: what is read later may be our own. */
async function answerBefore(request: BeforeRequest, { read }: SettingsPorts): Promise<Answered> {
  const { Name } = request.ResourceProperties
  if (request.RequestType === 'Delete')
    return success(request, request.PhysicalResourceId, { outcome: 'deleted', reason: 'there is nothing to put back' })
  if (request.RequestType === 'Update' && valueIn(request.PhysicalResourceId, Name) !== undefined)
    return success(request, request.PhysicalResourceId, { outcome: 'known', reason: 'it was noted when it was made' })
  const id = noted(Name, await read(Name))
  return success(request, id, { outcome: 'noted', reason: `${id} before this stack` })
}

async function restore({ Name, Value, Before }: SettingProperties, { read, put }: SettingsPorts): Promise<Done> {
  const before = valueIn(Before, Name)
  if (before === undefined) return { outcome: 'left', reason: `nothing says what ${Name} was before` }
  if (before === Value) return { outcome: 'left', reason: `${Name} was ${Value} before` }
  const now = await read(Name)
  if (now !== Value) return { outcome: 'left', reason: `${Name} is ${now}, which is not of this stack` }
  await put(Name, before)
  return { outcome: 'restored', reason: `${Name} is ${before} again` }
}

/** What ECR has given up cannot come back, however often a stack is deleted. */
const unrestorable = (error: unknown): Done => {
  if (!(error instanceof SettingFault) || error.trouble !== 'refused') throw error
  return { outcome: 'left', reason: `ECR does not take back what was before: ${error.message}` }
}

/** Its name is its id: another one is a replacement, and CloudFormation deletes the old one, which puts that back. */
async function answerSetting(request: SettingRequest, ports: SettingsPorts): Promise<Answered> {
  const { Name, Value } = request.ResourceProperties
  if (request.RequestType === 'Delete')
    return success(
      request,
      request.PhysicalResourceId,
      await restore(request.ResourceProperties, ports).catch(unrestorable),
    )
  await ports.put(Name, Value)
  return success(request, Name, { outcome: 'set', reason: `${Name} is ${Value}` })
}

/**
 * Answers one request of CloudFormation. The same request twice is answered alike, for what was before was noted by another resource
 * before anything was put.
 * @throws whatever is no fault of ECR: Lambda then tries again, and keeps the request in the end
 */
export async function answerRequest(request: Request, ports: SettingsPorts): Promise<Answered> {
  try {
    return await (request.ResourceType === BEFORE ? answerBefore(request, ports) : answerSetting(request, ports))
  } catch (error) {
    if (!(error instanceof SettingFault)) throw error
    return failure(request, error)
  }
}
