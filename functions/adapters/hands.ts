import { setTimeout as pause } from 'node:timers/promises'
import type { Hands } from '../policy/put-right.ts'
import { ecrSettings } from './ecr-settings.ts'
import { dynamoJournal } from './journal.ts'
import type { AwsCall } from './signed-aws.ts'

/** What it takes to change repositories in `region`, with the journal in `table`. */
export const awsHands = (aws: AwsCall, region: string, table: string): Hands => ({
  write: ecrSettings(aws, region),
  journal: dynamoJournal(aws, table),
  pause,
})
