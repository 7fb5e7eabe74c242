import { BOOLEAN, handShaped, listOf, NUMBER, STRING, TIMESTAMP } from '../protocol/hand-shaped.ts'

/** Step Functions has no client among ours; the shapes are those of its model, as far as they are honoured. */
const { structure, operation } = handShaped('states')

const ID = { executionArn: STRING }
const PAGE = { maxResults: NUMBER, nextToken: STRING }
const [REDRIVE, INCLUDED] = [
  { redriveCount: NUMBER, redriveDate: TIMESTAMP },
  structure('CloudWatchEventsExecutionDataDetails', { included: BOOLEAN }),
]
const DATES = { startDate: TIMESTAMP, stopDate: TIMESTAMP }

const EXECUTION = {
  ...{ ...ID, stateMachineArn: STRING, name: STRING, status: STRING, ...DATES, ...REDRIVE },
}
const DESCRIPTION = {
  ...{ ...EXECUTION, input: STRING, inputDetails: INCLUDED, output: STRING, outputDetails: INCLUDED },
  ...{ error: STRING, cause: STRING, redriveStatus: STRING, redriveStatusReason: STRING },
}
const MACHINE = { stateMachineArn: STRING, name: STRING, type: STRING, creationDate: TIMESTAMP }
const MAP_RUN = { ...ID, mapRunArn: STRING, stateMachineArn: STRING, ...DATES }

const COUNTS = structure('MapRunCounts', {
  ...{ pending: NUMBER, running: NUMBER, succeeded: NUMBER, failed: NUMBER, timedOut: NUMBER, aborted: NUMBER },
  ...{ total: NUMBER, resultsWritten: NUMBER },
})

const details = (members: Readonly<Record<string, unknown>>) => structure('EventDetails', members)
const FAILURE = { error: STRING, cause: STRING }
const EVENT = structure('HistoryEvent', {
  ...{ id: NUMBER, previousEventId: NUMBER, timestamp: TIMESTAMP, type: STRING },
  stateEnteredEventDetails: details({ name: STRING, input: STRING }),
  stateExitedEventDetails: details({ name: STRING, output: STRING }),
  taskFailedEventDetails: details({ resourceType: STRING, resource: STRING, ...FAILURE }),
  lambdaFunctionFailedEventDetails: details(FAILURE),
  mapRunStartedEventDetails: details({ mapRunArn: STRING }),
  mapRunRedrivenEventDetails: details({ mapRunArn: STRING, redriveCount: NUMBER }),
  mapRunFailedEventDetails: details(FAILURE),
  executionStartedEventDetails: details({ input: STRING, roleArn: STRING }),
  executionSucceededEventDetails: details({ output: STRING }),
  executionRedrivenEventDetails: details({ redriveCount: NUMBER }),
  ...{ executionFailedEventDetails: details(FAILURE), executionAbortedEventDetails: details(FAILURE) },
  executionTimedOutEventDetails: details(FAILURE),
})

/** @see https://docs.aws.amazon.com/step-functions/latest/apireference/API_Operations.html */
export const OPERATIONS = new Map([
  operation('StartExecution', { stateMachineArn: STRING, name: STRING, input: STRING }, 1, {
    ...{ ...ID, startDate: TIMESTAMP },
  }),
  operation('DescribeExecution', ID, 1, DESCRIPTION),
  operation('ListExecutions', { ...PAGE, stateMachineArn: STRING, statusFilter: STRING }, 0, {
    ...{ executions: listOf(structure('ExecutionListItem', EXECUTION)), nextToken: STRING },
  }),
  operation('StopExecution', { ...ID, ...FAILURE }, 1, { stopDate: TIMESTAMP }),
  operation('RedriveExecution', ID, 1, { redriveDate: TIMESTAMP }),
  operation('GetExecutionHistory', { ...ID, ...PAGE, reverseOrder: BOOLEAN, includeExecutionData: BOOLEAN }, 1, {
    ...{ events: listOf(EVENT), nextToken: STRING },
  }),
  operation('DescribeStateMachine', { stateMachineArn: STRING }, 1, {
    ...{ ...MACHINE, status: STRING, definition: STRING, roleArn: STRING },
  }),
  operation('ListStateMachines', PAGE, 0, {
    ...{ stateMachines: listOf(structure('StateMachineListItem', MACHINE)), nextToken: STRING },
  }),
  operation('DescribeMapRun', { mapRunArn: STRING }, 1, {
    ...{ ...ID, mapRunArn: STRING, status: STRING, ...DATES, ...REDRIVE, maxConcurrency: NUMBER },
    ...{ toleratedFailurePercentage: NUMBER, toleratedFailureCount: NUMBER },
    ...{ itemCounts: COUNTS, executionCounts: COUNTS },
  }),
  operation('ListMapRuns', { ...ID, ...PAGE }, 1, {
    ...{ mapRuns: listOf(structure('MapRunListItem', MAP_RUN)), nextToken: STRING },
  }),
])
