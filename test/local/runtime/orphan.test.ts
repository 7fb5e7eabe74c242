import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { worker, writeAssembly } from './assembly.ts'

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

test('a function does not outlive the process that started it, however that ends', async () => {
  const code = { Scan: 'exports.handler = async () => { console.log(process.pid) }' }
  const { folder, remove } = writeAssembly({ resources: worker('Scan'), code })
  onTestFinished(remove)
  const parent = spawn(process.execPath, [join(import.meta.dirname, 'parent.ts'), folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [line] = await once(parent.stdout, 'data')
  const pid = Number(String(line))
  expect(isAlive(pid)).toBe(true)
  parent.kill('SIGKILL')
  await once(parent, 'exit')
  while (isAlive(pid)) await pause(5)
  expect(isAlive(pid)).toBe(false)
})
