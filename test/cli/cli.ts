import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { afterAll, beforeAll } from 'vitest'
import type { Io } from '../../cli/io.ts'
import { run } from '../../cli/run.ts'
import { bundleCli } from '../../scripts/bundle-cli.ts'

/** A folder without a configuration in it or above it. */
export const NOWHERE = join(tmpdir(), 'steward-nowhere')

export type Ended = { readonly code: number; readonly out: string; readonly err: string }

/** A stream that keeps what is written; a terminal where it has columns. */
export function recorder(columns?: number) {
  const stream = new PassThrough()
  let text = ''
  stream.on('data', (chunk) => {
    text += chunk
  })
  Object.assign(stream, columns === undefined ? {} : { isTTY: true, columns })
  return { stream: stream as unknown as NodeJS.WriteStream, text: () => text }
}

type Surroundings = Partial<Pick<Io, 'cwd' | 'env' | 'now'>> & { readonly columns?: number }

/** Runs a command in this process, in no folder that there is unless told otherwise. */
export async function steward(argv: readonly string[], { columns, ...io }: Surroundings = {}): Promise<Ended> {
  const [stdout, stderr] = [recorder(columns), recorder()]
  const surroundings = { cwd: NOWHERE, env: {}, now: () => new Date('2026-11-25T12:00:00Z'), ...io }
  const code = await run(argv, { ...surroundings, stdout: stdout.stream, stderr: stderr.stream })
  return { code, out: stdout.text(), err: stderr.text() }
}

/** The bundled command line, in a folder of its own that nothing else is in. */
export function bundled() {
  const folder = mkdtempSync(join(tmpdir(), 'steward-cli-'))
  const file = join(folder, 'ecr-steward.cjs')
  const children = new Set<ChildProcess>()
  beforeAll(() => bundleCli(folder))
  afterAll(() => {
    for (const child of children) child.kill('SIGKILL')
    rmSync(folder, { recursive: true })
  })

  function start(argv: readonly string[], env: Readonly<Record<string, string>> = {}, node = process.execPath) {
    const child = spawn(node, [file, ...argv], { cwd: folder, env })
    children.add(child)
    let [out, err] = ['', '']
    child.stdout.on('data', (chunk) => {
      out += chunk
    })
    child.stderr.on('data', (chunk) => {
      err += chunk
    })
    const ended = new Promise<Ended>((resolve) =>
      child.on('close', (code) => {
        children.delete(child)
        resolve({ code: code ?? -1, out, err })
      }),
    )
    return { child, ended }
  }

  return { folder, file, start, run: (...args: Parameters<typeof start>): Promise<Ended> => start(...args).ended }
}
