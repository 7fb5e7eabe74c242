import { onTestFinished } from 'vitest'
import { type LocalAws, startLocalAws } from '../../../local/aws/server.ts'
import { createClock } from '../../../local/clock.ts'
import { type Cloud, type DeployOptions, deployLocally, type Invocation } from '../../../local/runtime/cloud.ts'
import { type Parts, writeAssembly } from './assembly.ts'

/** Where the tests begin on the virtual clock: not today, so that a real clock would be seen. */
export const START = Date.parse('2030-01-01T00:00:00Z')

export type Deployed = { readonly aws: LocalAws; readonly cloud: Cloud; readonly invocations: Invocation[] }

/** A local AWS with the stack deployed in it, gone when the test has finished. */
export async function deployed(parts: Parts, options: Partial<DeployOptions> = {}): Promise<Deployed> {
  const { folder, remove } = writeAssembly(parts)
  onTestFinished(remove)
  const aws = await startLocalAws({ clock: createClock(START) })
  onTestFinished(() => aws.close())
  const cloud = await deployLocally({ assembly: folder, stack: 'Test', aws, ...options })
  onTestFinished(() => cloud.close())
  const invocations: Invocation[] = []
  cloud.onInvocation((invocation) => invocations.push(invocation))
  return { aws, cloud, invocations }
}
