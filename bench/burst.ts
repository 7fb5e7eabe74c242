import { readFileSync } from 'node:fs'
import type { Bench } from './world.ts'
import { SAMPLE } from './world.ts'

const EVENTS = 1_000
const STEPS = 5

export type Burst = {
  readonly events: number
  readonly perSecond: number
  readonly alerts: number
  /** Resident memory after each fifth of the events: of the functions' processes, and of the run with the emulated AWS. MB. */
  readonly memory: readonly { readonly functions: number; readonly run: number }[]
}

/** Resident memory of a process. MB; Linux only, zero elsewhere. */
function resident(pid: number | string): number {
  try {
    return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1_024
  } catch {
    return 0
  }
}

const childrenOf = (pid: number): string[] => {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean)
  } catch {
    return []
  }
}

const measure = () => ({
  functions: Math.round(childrenOf(process.pid).reduce((sum, pid) => sum + resident(pid), 0)),
  run: Math.round(resident(process.pid)),
})

const digest = (index: number): string => `sha256:${index.toString(16).padStart(64, '0')}`

/** One scan event per image, of images that ECR does not know: each is told from its event. */
export async function burst({ world }: Bench): Promise<Burst> {
  const sample = JSON.parse(readFileSync(SAMPLE, 'utf8'))
  const before = world.aws.sns.published().length
  const memory: Burst['memory'][number][] = []
  const started = performance.now()
  for (let step = 0; step < STEPS; step++) {
    for (let index = 0; index < EVENTS / STEPS; index++) {
      const id = step * (EVENTS / STEPS) + index
      world.cloud.put({ ...sample, id: `burst-${id}`, detail: { ...sample.detail, 'image-digest': digest(id) } })
    }
    await world.cloud.settle()
    memory.push(measure())
  }
  return {
    events: EVENTS,
    perSecond: Math.round((EVENTS / (performance.now() - started)) * 1_000),
    alerts: world.aws.sns.published().length - before,
    memory,
  }
}
