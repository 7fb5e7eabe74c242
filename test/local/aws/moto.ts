import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { createServer } from 'node:net'

export const hasMoto = spawnSync('moto_server', ['--help'], { stdio: 'ignore' }).status === 0

/** Name of a group of tests, which says so where they are skipped. */
export const withMoto = (name: string): string => (hasMoto ? name : `${name} (skipped: no moto_server on PATH)`)

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const address = probe.address()
      const port = typeof address === 'object' && address !== null ? address.port : 0
      probe.close(() => resolve(port))
    })
  })

const isUp = (url: string): Promise<boolean> =>
  fetch(`${url}/moto-api/`).then(
    () => true,
    () => false,
  )

async function end(moto: ChildProcess): Promise<void> {
  const ended = new Promise((resolve) => moto.once('exit', resolve))
  moto.kill()
  await ended
}

/** moto on a port of its own: an AWS that others wrote. */
export async function startMoto(): Promise<{ readonly url: string; close(): Promise<void> }> {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const moto = spawn('moto_server', ['-H', '127.0.0.1', '-p', String(port)], { stdio: 'ignore' })
  while (!(await isUp(url))) {
    if (moto.exitCode !== null) throw new Error(`moto_server ended with ${moto.exitCode} before it answered.`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  return { url, close: () => end(moto) }
}
