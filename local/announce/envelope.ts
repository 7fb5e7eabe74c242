import { randomUUID } from 'node:crypto'

/** Where the events come from. */
export type Place = { readonly account: string; readonly region: string }

/** `2026-11-20T00:02:11Z` */
export const instant = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}Z`

/**
 * An event of ECR as EventBridge delivers it.
 * @see https://docs.aws.amazon.com/eventbridge/latest/ref/overiew-event-structure.html
 */
export const ecrEvent = (detailType: string, { account, region }: Place, at: number, detail: object): object => ({
  version: '0',
  id: randomUUID(),
  'detail-type': detailType,
  source: 'aws.ecr',
  account,
  time: instant(at),
  region,
  resources: [],
  detail,
})
