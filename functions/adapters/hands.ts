import { setTimeout as pause } from 'node:timers/promises'
import { ENFORCE_ROLE } from '../contract.ts'
import type { Hands } from '../policy/put-right.ts'
import { ecrSettings } from './ecr-settings.ts'
import { dynamoJournal } from './journal.ts'
import { type Caller, type CallsOf, registryCalls } from './registry-calls.ts'
import type { AwsCall } from './signed-aws.ts'

/** The calls that change settings: in another account those of a role that is there where its owner agreed. */
export const writingCalls = (caller: Caller, why: string): CallsOf =>
  registryCalls({ ...caller, role: ENFORCE_ROLE, parameter: 'Enforce=yes', listedIn: 'members.enforce' }, why)

/**
 * What it takes to change repositories in `region`, with the journal in `table`.
 * @param calls of their registry, where they are others than those of the table
 */
export const awsHands = (aws: AwsCall, region: string, table: string, calls: AwsCall = aws): Hands => ({
  write: ecrSettings(calls, region),
  journal: dynamoJournal(aws, table),
  pause,
})
