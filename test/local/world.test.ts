import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ensureAssembly } from '../../local/assembly.ts'
import { localConfig } from '../../local/config.ts'
import { startWorld } from '../../local/world.ts'

const ROOT = join(import.meta.dirname, '../..')
const config = localConfig(ROOT, () => {})

test('a world whose second port is taken leaves the first one free', async () => {
  const { folder } = await ensureAssembly(ROOT)
  const taken = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => taken.once('listening', resolve))
  const { port } = taken.address() as AddressInfo
  const free = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => free.once('listening', resolve))
  const { port: slack } = free.address() as AddressInfo
  await new Promise((resolve) => free.close(resolve))

  const start = startWorld({ assembly: folder, config, start: Date.now(), ports: { aws: port, slack } })
  await expect(start).rejects.toMatchObject({ code: 'EADDRINUSE' })
  const again = createServer().listen(slack, '127.0.0.1')
  await new Promise((resolve, reject) => again.once('listening', resolve).once('error', reject))
  again.close()
  taken.close()
})
