import { isJsonObject, type Json, type JsonObject } from './json.ts'
import type { Child, MapRun } from './map-run.ts'
import type { Ports } from './ports.ts'

const reasonOf = (status: Child['status']): string => `Execution is ${status} and cannot be redriven`

/** A child as the files of results have it. */
export const recordOf = (child: Child, machineArn: string): JsonObject => ({
  ...{
    ExecutionArn: child.arn,
    Input: JSON.stringify(child.input),
    InputDetails: { Included: true },
    Name: child.name,
  },
  ...(child.output === undefined ? {} : { Output: JSON.stringify(child.output), OutputDetails: { Included: true } }),
  ...(child.failure ? { Error: child.failure.error, Cause: child.failure.reason } : {}),
  RedriveCount: child.redriveCount,
  ...(child.status === 'SUCCEEDED'
    ? { RedriveStatus: 'NOT_REDRIVABLE', RedriveStatusReason: reasonOf(child.status) }
    : { RedriveStatus: 'REDRIVABLE_BY_MAP_RUN' }),
  ...(child.startDate && { StartDate: child.startDate.toISOString() }),
  ...{ StateMachineArn: machineArn, Status: child.status },
  ...(child.stopDate && { StopDate: child.stopDate.toISOString() }),
})

const FILES: Readonly<Record<string, readonly Child['status'][]>> = {
  FAILED: ['FAILED', 'ABORTED'],
  PENDING: ['PENDING'],
  SUCCEEDED: ['SUCCEEDED'],
}

/** `sweep/map/` and `sweep/map` are the same. */
const inFolder = (prefix: Json | undefined, name: string): string =>
  prefix === undefined || prefix === '' ? name : `${String(prefix).replace(/\/$/, '')}/${name}`

/**
 * Writes what became of the children, and a manifest of what was written.
 * @param target Bucket and Prefix
 * @returns the result of the state
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/input-output-resultwriter.html
 */
export async function writeResults(mapRun: MapRun, target: Json, ports: Ports): Promise<Json> {
  const { Bucket = '', Prefix } = isJsonObject(target) ? target : {}
  const bucket = String(Bucket)
  const folder = inFolder(Prefix, mapRun.id)
  const files: Record<string, Json> = {}
  for (const [name, statuses] of Object.entries(FILES)) {
    const records = mapRun.children.filter(({ status }) => statuses.includes(status))
    const body = JSON.stringify(records.map((child) => recordOf(child, mapRun.childMachineArn)))
    const key = `${folder}/${name}_0.json`
    if (records.length > 0) await ports.writeObject(bucket, key, body)
    files[name] = records.length > 0 ? [{ Key: key, Size: Buffer.byteLength(body) }] : []
  }
  const manifest = { DestinationBucket: bucket, MapRunArn: mapRun.arn, ResultFiles: files }
  const key = `${folder}/manifest.json`
  await ports.writeObject(bucket, key, JSON.stringify(manifest))
  return { MapRunArn: mapRun.arn, ResultWriterDetails: { Bucket: bucket, Key: key } }
}
