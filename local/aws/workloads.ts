import { Functions, type LambdaState, lambdaService } from './lambda.ts'
import type { Service, Surroundings } from './service.ts'

/** What runs images: set in this process, read by clients. */
export type Workloads = { lambda: LambdaState }

/** @returns the states, and the services that read them */
export function createWorkloads(around: Surroundings): { states: Workloads; services: Service[] } {
  const lambda = new Functions(around)
  return { states: { lambda }, services: [lambdaService(lambda)] }
}
