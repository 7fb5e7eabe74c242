import { AwsError } from './signed-aws.ts'

/** Whether DynamoDB refused because the condition of an update does not hold. */
export const isRefused = (error: unknown): error is AwsError =>
  error instanceof AwsError && error.code === 'ConditionalCheckFailedException'

/** The end of a lease. Where it ran out and another took over, that one decides what the item says. */
export async function unlessTaken(update: Promise<unknown>): Promise<void> {
  try {
    await update
  } catch (error) {
    if (!isRefused(error)) throw error
  }
}

/** The second, `days` after `now` (ms), at which DynamoDB may drop an item. */
export const expiry = (now: number, days: number): string => String(Math.ceil(now / 1_000) + days * 86_400)
