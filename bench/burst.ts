import { readFileSync } from 'node:fs'
import type { Bench } from './world.ts'
import { SAMPLE } from './world.ts'

const EVENTS = 1_000
const STEPS = 5

export type Burst = {
  readonly events: number
  readonly perSecond: number
  readonly alerts: number
  /** Resident memory of the whole process tree after each fifth of the events. MB. */
  readonly memory: readonly number[]
}

/** Resident memory of this process and all below it. MB; Linux only, otherwise of this process alone. */
function residentTree(pid = process.pid): number {
  try {
    const kb = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean)
    return Number(kb) / 1_024 + children.reduce((sum, child) => sum + residentTree(Number(child)), 0)
  } catch {
    return process.memoryUsage().rss / 1_048_576
  }
}

const digest = (index: number): string => `sha256:${index.toString(16).padStart(64, '0')}`

/** One scan event per image, of images that ECR does not know: each is told from its event. */
export async function burst({ world }: Bench): Promise<Burst> {
  const sample = JSON.parse(readFileSync(SAMPLE, 'utf8'))
  const before = world.aws.sns.published().length
  const memory: number[] = []
  const started = performance.now()
  for (let step = 0; step < STEPS; step++) {
    for (let index = 0; index < EVENTS / STEPS; index++) {
      const id = step * (EVENTS / STEPS) + index
      world.cloud.put({ ...sample, id: `burst-${id}`, detail: { ...sample.detail, 'image-digest': digest(id) } })
    }
    await world.cloud.settle()
    memory.push(Math.round(residentTree()))
  }
  return {
    events: EVENTS,
    perSecond: Math.round((EVENTS / (performance.now() - started)) * 1_000),
    alerts: world.aws.sns.published().length - before,
    memory,
  }
}
