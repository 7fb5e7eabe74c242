import { spawn } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'

/** A process to time: from its start until what it is for has arrived. */
export type Contender = {
  readonly name: string
  /** File and arguments of the next start. */
  command(): readonly string[]
  readonly env: Readonly<Record<string, string>>
  /** Makes the next start like the first. Not timed. */
  before?(): Promise<void>
  /** Called just before the start; resolves when the awaited thing has arrived. Without it, the end is awaited. */
  arrival?(): Promise<void>
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN

/** Milliseconds after the end of a process in which what it sent must have arrived. */
const GRACE = 5_000

const missing = async (name: string): Promise<never> => {
  await sleep(GRACE, undefined, { ref: false })
  throw new Error(`${name} ended well, and nothing arrived`)
}

/** Milliseconds from the start of a process to what it is for. @throws where it ends with another exit code than 0 */
export async function timed({ name, command, env, before, arrival }: Contender): Promise<number> {
  await before?.()
  const [file = '', ...rest] = command()
  const arrived = arrival?.()
  const started = performance.now()
  const child = spawn(file, rest, {
    env: { PATH: process.env.PATH ?? '', ...env },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const ended = new Promise<number>((resolve) => child.on('exit', (code) => resolve(code ?? 1)))
  const tooSoon = ended.then((code) => {
    if (code !== 0) throw new Error(`${name} ended with exit code ${code}`)
    return arrived && Promise.race([arrived, missing(name)])
  })
  await Promise.race([arrived ?? tooSoon, tooSoon])
  const took = performance.now() - started
  await tooSoon
  return took
}

export type Paired = { readonly a: number; readonly b: number; readonly ratio: number; readonly rounds: number }

/** Runs two contenders in turn, so that whatever else the machine does hits both. Medians in ms; the ratio is of each pair. */
export async function paired(a: Contender, b: Contender, rounds: number): Promise<Paired> {
  const times: { a: number; b: number }[] = []
  await timed(a)
  await timed(b)
  for (let round = 0; round < rounds; round++) times.push({ a: await timed(a), b: await timed(b) })
  return {
    a: median(times.map((time) => time.a)),
    b: median(times.map((time) => time.b)),
    ratio: median(times.map((time) => time.a / time.b)),
    rounds,
  }
}
