import { spawn } from 'node:child_process'

/** A process to time: from its start until `arrived` answers. */
export type Contender = {
  readonly name: string
  readonly command: readonly string[]
  readonly env: Readonly<Record<string, string>>
  /** Called before each start: makes the run like the one before, and says when the awaited thing happens. */
  prepare(): Promise<void>
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN

async function once({ command, env, prepare }: Contender): Promise<number> {
  const arrived = prepare()
  const [file = '', ...rest] = command
  const started = performance.now()
  const child = spawn(file, rest, {
    env: { PATH: process.env.PATH ?? '', ...env },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const ended = new Promise<number>((resolve) => child.on('exit', (code) => resolve(code ?? 1)))
  await Promise.race([arrived, ended.then((code) => Promise.reject(new Error(`${file} ended with ${code} too soon`)))])
  const took = performance.now() - started
  const code = await ended
  if (code !== 0) throw new Error(`${command.join(' ')} ended with exit code ${code}`)
  return took
}

export type Paired = { readonly a: number; readonly b: number; readonly ratio: number; readonly rounds: number }

/** Runs two contenders in turn, so that whatever else the machine does hits both. Medians in ms; the ratio is of each pair. */
export async function paired(a: Contender, b: Contender, rounds: number): Promise<Paired> {
  const times: { a: number; b: number }[] = []
  await once(a)
  await once(b)
  for (let round = 0; round < rounds; round++) times.push({ a: await once(a), b: await once(b) })
  return {
    a: median(times.map((time) => time.a)),
    b: median(times.map((time) => time.b)),
    ratio: median(times.map((time) => time.a / time.b)),
    rounds,
  }
}
