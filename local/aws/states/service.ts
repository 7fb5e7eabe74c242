import { commonComplaints } from '../complaints.ts'
import { AwsError } from '../error.ts'
import { pageOf } from '../listing.ts'
import type { Handler, Requirement, Service } from '../service.ts'
import type { Execution, Machine } from './execution.ts'
import type { Json } from './json.ts'
import type { MapRun } from './map-run.ts'
import { OPERATIONS } from './shapes.ts'
import type { StateMachines } from './state.ts'

const PAGE = 1_000

type Paged = { maxResults?: number; nextToken?: string }

function inputOf(text = '{}'): Json {
  try {
    return JSON.parse(text)
  } catch {
    throw new AwsError('InvalidExecutionInput', `Invalid State Machine Execution Input: '${text.slice(0, 60)}'`)
  }
}

/** A page of a list, in its order. */
function listed<T>(all: readonly T[], { maxResults = 100, nextToken: token }: Paged): { items: T[]; next?: string } {
  const numbered = all.map((item, n) => ({ item, n }))
  const keyOf = ({ n }: (typeof numbered)[number]): string => String(n).padStart(9, '0')
  const page = pageOf(numbered, { keyOf, size: Math.min(maxResults || 100, PAGE), token, wrong: 'InvalidToken' })
  return { ...page, items: page.items.map(({ item }) => item) }
}

const machineOf = ({ arn, name, createdAt }: Machine) => ({
  ...{ stateMachineArn: arn, name, type: 'STANDARD', creationDate: createdAt },
})

const executionOf = ({ arn, name, machine, status, startDate, stopDate, redriveCount, redriveDate }: Execution) => ({
  ...{ executionArn: arn, stateMachineArn: machine.arn, name, status, startDate, stopDate, redriveCount, redriveDate },
})

function descriptionOf(execution: Execution) {
  const { input, output, failure, status } = execution
  const isRedrivable = status !== 'RUNNING' && status !== 'SUCCEEDED'
  return {
    ...{ ...executionOf(execution), input: JSON.stringify(input), inputDetails: { included: true } },
    ...(status === 'SUCCEEDED' && { output: JSON.stringify(output), outputDetails: { included: true } }),
    ...(failure && { error: failure.error, cause: failure.reason }),
    ...(isRedrivable
      ? { redriveStatus: 'REDRIVABLE' }
      : { redriveStatus: 'NOT_REDRIVABLE', redriveStatusReason: `Execution is ${status} and cannot be redriven` }),
  }
}

function countsOf(mapRun: MapRun, count: (status?: MapRun['children'][number]['status']) => number) {
  const isWritten = mapRun.status !== 'RUNNING' && mapRun.map.writer !== undefined
  return {
    ...{ pending: count('PENDING'), running: count('RUNNING'), succeeded: count('SUCCEEDED') },
    ...{ failed: count('FAILED'), aborted: count('ABORTED'), timedOut: 0, total: count() },
    resultsWritten: isWritten ? count() : 0,
  }
}

function mapRunOf(execution: Execution, mapRun: MapRun) {
  const { arn, map, status, startDate, stopDate, redriveCount, redriveDate, children } = mapRun
  const executions = (wanted?: (typeof children)[number]['status']): number =>
    children.filter((child) => child.status === (wanted ?? child.status)).length
  return {
    ...{ executionArn: execution.arn, mapRunArn: arn, status, startDate, stopDate, redriveCount, redriveDate },
    maxConcurrency: Number.isFinite(map.concurrency) ? map.concurrency : 0,
    ...{ toleratedFailurePercentage: map.tolerated.percentage ?? 0, toleratedFailureCount: map.tolerated.count ?? 0 },
    itemCounts: countsOf(mapRun, (wanted) => mapRun.items(wanted)),
    executionCounts: countsOf(mapRun, executions),
  }
}

type OfExecution = { executionArn: string }
type OfMachine = { stateMachineArn: string }

const executionHandlers = (machines: StateMachines): Record<string, Handler> => ({
  StartExecution({ stateMachineArn, name, input }: OfMachine & { name?: string; input?: string }) {
    const { arn, startDate } = machines.start(stateMachineArn, inputOf(input), name)
    return { executionArn: arn, startDate }
  },
  DescribeExecution: ({ executionArn }: OfExecution) => descriptionOf(machines.need(executionArn)),
  ListExecutions({ stateMachineArn = '', statusFilter, ...paged }: OfMachine & Paged & { statusFilter?: string }) {
    const { arn } = machines.needMachine(stateMachineArn)
    const wanted = machines.executions(arn).filter(({ status }) => status === (statusFilter ?? status))
    const { items, next } = listed(wanted.toReversed(), paged)
    return { executions: items.map(executionOf), nextToken: next }
  },
  StopExecution({ executionArn, error = '', cause = '' }: OfExecution & { error?: string; cause?: string }) {
    const execution = machines.need(executionArn)
    execution.stop({ error, reason: cause })
    return { stopDate: execution.stopDate }
  },
  RedriveExecution: ({ executionArn }: OfExecution) => ({ redriveDate: machines.redrive(executionArn).redriveDate }),
  GetExecutionHistory({
    executionArn,
    reverseOrder = false,
    ...paged
  }: OfExecution & Paged & { reverseOrder?: boolean }) {
    const { events } = machines.need(executionArn).history
    const { items, next } = listed(reverseOrder ? events.toReversed() : events, paged)
    return { events: items, nextToken: next }
  },
})

const otherHandlers = (machines: StateMachines): Record<string, Handler> => ({
  DescribeStateMachine({ stateMachineArn }: OfMachine) {
    const machine = machines.needMachine(stateMachineArn)
    return { ...machineOf(machine), status: 'ACTIVE', definition: machine.text, roleArn: machine.roleArn }
  },
  ListStateMachines(paged: Paged) {
    const { items, next } = listed([...machines.machines.values()], paged)
    return { stateMachines: items.map(machineOf), nextToken: next }
  },
  DescribeMapRun({ mapRunArn }: { mapRunArn: string }) {
    const found = machines.mapRuns().find(({ mapRun }) => mapRun.arn === mapRunArn)
    if (!found) throw new AwsError('ResourceNotFound', `Resource not found: '${mapRunArn}'`)
    return mapRunOf(found.execution, found.mapRun)
  },
  ListMapRuns({ executionArn, ...paged }: OfExecution & Paged) {
    const { mapRuns, machine } = machines.need(executionArn)
    const { items, next } = listed(mapRuns, paged)
    const asItem = ({ arn, startDate, stopDate }: MapRun) => ({
      ...{ executionArn, mapRunArn: arn, stateMachineArn: machine.arn, startDate, stopDate },
    })
    return { mapRuns: items.map(asItem), nextToken: next }
  },
})

/** @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsstepfunctions.html */
function requirementsOf(operation: string, input: Record<string, unknown>): Requirement[] {
  const resource = input.executionArn ?? input.mapRunArn ?? input.stateMachineArn ?? '*'
  return [{ action: `states:${operation}`, resource: String(resource) }]
}

/** @see https://docs.aws.amazon.com/step-functions/latest/apireference/Welcome.html */
export const statesService = (machines: StateMachines): Service => ({
  name: 'states',
  protocol: 'json',
  target: 'AWSStepFunctions',
  jsonVersion: '1.0',
  errorNamespace: 'com.amazonaws.states',
  xmlNamespace: '',
  operations: OPERATIONS,
  handlers: { ...executionHandlers(machines), ...otherHandlers(machines) },
  complaints: commonComplaints(),
  denied: { code: 'AccessDeniedException', status: 400 },
  requires: requirementsOf,
})
