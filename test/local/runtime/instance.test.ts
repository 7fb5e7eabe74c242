import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { createClock } from '../../../local/clock.ts'
import type { LambdaFunction } from '../../../local/runtime/lambda/function.ts'
import { Instance } from '../../../local/runtime/lambda/instance.ts'
import { LogReader } from '../../../local/runtime/lambda/logs.ts'
import { openRuntimeApi } from '../../../local/runtime/runtime-api.ts'
import { writeAssembly } from './assembly.ts'

function lambda(source: string): LambdaFunction {
  const { folder, remove } = writeAssembly({ resources: {}, code: { Job: source } })
  onTestFinished(remove)
  return {
    name: 'job',
    logicalId: 'Job',
    physicalName: 'job',
    arn: 'arn:aws:lambda:eu-west-1:111122223333:function:job',
    handler: 'index.handler',
    code: join(folder, 'asset.Job'),
    timeoutMs: 5_000,
    memoryMb: 128,
    logGroup: '/aws/lambda/job',
    environment: {},
    role: 'role',
    accessKeyId: 'ASIAJOB',
    region: 'eu-west-1',
    runtime: 'nodejs24.x',
    clock: createClock(),
  }
}

test('a bundle that never finishes loading is ended', async () => {
  const instance = new Instance(lambda('for (;;);'), 300)
  const completed = await instance.invoke('{}')
  expect(completed.error).toEqual({ type: 'Sandbox.Timedout', message: 'Init phase timed out' })
  expect(instance.usable).toBe(false)
  await instance.stop()
})

test('a handler that returns something gives it back as JSON', async () => {
  const instance = new Instance(lambda('exports.handler = async (event) => ({ ...event, b: [null] })'))
  expect((await instance.invoke('{"a":1}')).response).toBe('{"a":1,"b":[null]}')
  await instance.stop()
})

test('an instance that was stopped while it worked says so', async () => {
  const instance = new Instance(lambda('exports.handler = () => new Promise((done) => setTimeout(done, 60_000))'))
  const completed = instance.invoke('{}')
  await instance.stop()
  expect((await completed).error?.type).toBe('Runtime.Stopped')
})

test('an ES module is loaded as well', async () => {
  const job = lambda('')
  writeFileSync(join(job.code, 'real.mjs'), "export const handler = async () => 'from a module'")
  const instance = new Instance({ ...job, handler: 'real.handler' })
  expect((await instance.invoke('{}')).response).toBe('"from a module"')
  await instance.stop()
})

test('the Runtime API refuses answers to what is not being invoked, and unknown paths', async () => {
  const nothing = () => undefined
  const api = await openRuntimeApi({ onReady: nothing, onResponse: nothing, onError: nothing, onInitError: nothing })
  onTestFinished(() => api.close())
  const at = (path: string) => `http://${api.address}/2018-06-01/runtime/${path}`
  const late = await fetch(at('invocation/unknown/response'), { method: 'POST', body: '{}' })
  expect([late.status, await late.json()]).toEqual([400, expect.objectContaining({ errorType: 'InvalidRequestID' })])
  expect((await fetch(at('nothing'))).status).toBe(404)
})

test('a log reader puts lines together that come in pieces', () => {
  const ended: string[] = []
  const reader = new LogReader((requestId) => ended.push(requestId))
  reader.read('{"level":"INFO","mess')
  reader.read('age":"a"}\n{"level":"WARN","outcome":"x"}\n{"n":1}\n\u001eEND r-1')
  expect(ended).toEqual([])
  reader.read('\n')
  expect(ended).toEqual(['r-1'])
  expect(reader.take()).toEqual([
    { level: 'INFO', message: 'a' },
    { level: 'WARN', message: { level: 'WARN', outcome: 'x' } },
    { level: 'TEXT', message: '{"n":1}' },
  ])
  reader.read('x'.repeat(1024 * 1024 + 1))
  expect(reader.take()).toHaveLength(1)
})
