import { readFileSync } from 'node:fs'
import type { Bench } from './world.ts'

/** Calls that read what an image contains. */
const CONTENT = new Set(['BatchGetImage', 'GetDownloadUrlForLayer'])

export type PushCheckCalls = { readonly settings: number; readonly content: number }

/** Calls of ECR that a push costs, by the shipped configuration, in a function that has read nothing before. */
export async function pushCheckCalls({ world }: Bench, sample: string): Promise<PushCheckCalls> {
  const before = world.aws.calls.length
  world.cloud.put(JSON.parse(readFileSync(sample, 'utf8')))
  await world.cloud.settle()
  const operations = world.aws.calls
    .slice(before)
    .flatMap(({ service, operation }) => (service === 'ecr' ? [operation] : []))
  const content = operations.filter((operation) => CONTENT.has(operation)).length
  return { settings: operations.length - content, content }
}
