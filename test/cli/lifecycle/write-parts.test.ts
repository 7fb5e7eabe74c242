import { PassThrough } from 'node:stream'
import { expect, test } from 'vitest'
import { writeParts } from '../../../cli/lifecycle/write-parts.ts'

function* parts(taken: { count: number }): Generator<string> {
  for (let n = 0; n < 100; n++) {
    taken.count += 1
    yield 'x'.repeat(10_000)
  }
}

test('no more is made than a slow reader has taken', async () => {
  const stream = new PassThrough()
  const taken = { count: 0 }
  const written = writeParts(stream as unknown as NodeJS.WriteStream, parts(taken))
  await new Promise((resolve) => setImmediate(resolve))
  expect(taken.count).toBeLessThan(20)
  let length = 0
  stream.on('data', (chunk: Buffer) => {
    length += chunk.length
  })
  await written
  expect([taken.count, length + stream.readableLength]).toEqual([100, 1_000_000])
})
