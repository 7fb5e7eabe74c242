import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { downloadBlob } from '../../functions/adapters/blob.ts'
import { stored } from '../policy/image/manifests.ts'

const BLOB = stored('x'.repeat(100_000))
const MEGABYTE = Buffer.alloc(1_000_000)

let server: Server
let endpoint: string
let answer: RequestListener
let asked: Record<string, unknown>[] = []

beforeAll(async () => {
  server = createServer((request, response) => {
    asked.push({ ...request.headers })
    answer(request, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
beforeEach(() => {
  asked = []
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
})

const soon = () => AbortSignal.timeout(1_000)
const download = (signal = soon(), size = BLOB.size) =>
  downloadBlob(
    `${endpoint}/blob?X-Amz-Signature=s3cret`,
    { digest: BLOB.digest, size },
    { region: 'eu-west-1', endpoint },
    signal,
  )

test('a blob is had as it is, without credentials and uncompressed', async () => {
  answer = (_, response) => response.end(BLOB.text)
  expect((await download()).toString()).toBe(BLOB.text)
  expect(asked).toEqual([expect.objectContaining({ 'accept-encoding': 'identity' })])
  expect(asked[0]).not.toHaveProperty('authorization')
})

test('a blob may be empty', async () => {
  answer = (_, response) => response.end()
  expect(await download(soon(), 0)).toHaveLength(0)
})

describe('a hostile answer', () => {
  const forever: RequestListener = (_, response) => {
    const more = (): void => {
      while (!response.destroyed && response.write(MEGABYTE));
    }
    response.on('drain', more)
    more()
  }

  test.each<[string, RequestListener, string, boolean]>([
    [
      'that leads elsewhere',
      (_, response) => response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end(),
      'a redirect, which is not followed',
      true,
    ],
    ['that refuses', (_, response) => response.writeHead(403).end('no'), 'HTTP 403', false],
    ['that fails', (_, response) => response.writeHead(500).end(), 'HTTP 500', false],
    [
      'that is compressed',
      (_, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(BLOB.text)),
      'it came compressed',
      true,
    ],
    [
      'that says to be larger',
      (_, response) => response.writeHead(200, { 'content-length': 10_000_000_000 }).end(),
      'it has another size than its manifest says',
      true,
    ],
    [
      'that is larger',
      (_, response) => {
        response.write(BLOB.text)
        response.end('x')
      },
      'it is larger than its manifest says',
      true,
    ],
    ['that never ends', forever, 'it is larger than its manifest says', true],
    [
      'that is smaller',
      (_, response) => {
        response.write('x')
        response.end()
      },
      'it is smaller than its manifest says',
      true,
    ],
    [
      'that breaks off',
      (_, response) => {
        response.writeHead(200, { 'content-length': BLOB.size })
        response.write('x', () => response.destroy())
      },
      'ECONNRESET',
      false,
    ],
    ['that hangs up', (request) => request.socket.destroy(), 'ECONNRESET', false],
    ['that never comes', () => undefined, 'it took too long', false],
    [
      'that drips',
      (_, response) => {
        const drip = setInterval(() => response.write('x'), 50)
        response.on('close', () => clearInterval(drip))
      },
      'it took too long',
      false,
    ],
  ])('%s ends in words, and never with the address', async (_, hostile, why, permanent) => {
    answer = hostile
    const before = process.memoryUsage().rss
    const error: unknown = await download().catch((caught: unknown) => caught)
    expect(error).toMatchObject({ name: 'Unreadable', permanent, message: expect.stringContaining(why) })
    expect(String(error)).not.toMatch(/s3cret|127\.0\.0\.1/)
    expect(process.memoryUsage().rss - before).toBeLessThan(64_000_000)
    expect(asked).toHaveLength(1)
  })
})

describe('an address', () => {
  const of = (address: string, region = 'eu-west-1') =>
    downloadBlob(address, { digest: BLOB.digest, size: 1 }, { region }, AbortSignal.abort())

  test.each([
    ['https://prod-eu-west-1-starport-layer-bucket.s3.eu-west-1.amazonaws.com/a?X=1', 'eu-west-1'],
    ['https://prod-eu-west-1-starport-layer-bucket.s3.amazonaws.com/a', 'eu-west-1'],
    ['https://prod-eu-west-1-starport-layer-bucket.s3-eu-west-1.amazonaws.com/a', 'eu-west-1'],
    ['https://prod-eu-west-1-starport-layer-bucket.s3.dualstack.eu-west-1.amazonaws.com/a', 'eu-west-1'],
    ['https://prod-cn-north-1-starport-layer-bucket.s3.cn-north-1.amazonaws.com.cn/a', 'cn-north-1'],
    ['https://prod-us-gov-west-1-starport-layer-bucket.s3.us-gov-west-1.amazonaws.com/a', 'us-gov-west-1'],
  ])('%s is of ECR', async (address, region) => {
    await expect(of(address, region)).rejects.toThrow('it took too long')
  })

  test.each([
    'http://prod-eu-west-1-starport-layer-bucket.s3.eu-west-1.amazonaws.com/a',
    'https://prod-eu-west-1-starport-layer-bucket.s3.eu-west-1.amazonaws.com:8443/a',
    'https://user:pass@prod-eu-west-1-starport-layer-bucket.s3.eu-west-1.amazonaws.com/a',
    'https://prod-us-east-1-starport-layer-bucket.s3.us-east-1.amazonaws.com/a',
    'https://prod-eu-west-1-starport-layer-bucket.s3.eu-west-1.amazonaws.com.example.com/a',
    'https://example.com/prod-eu-west-1-starport-layer-bucket.s3.eu-west-1.amazonaws.com',
    'https://prod-eu-west-1-starport-layer-bucketxs3.eu-west-1.amazonaws.com/a',
    'https://169.254.169.254/latest/meta-data',
    'file:///etc/passwd',
    'nowhere',
  ])('%s is of nobody that is asked', async (address) => {
    await expect(of(address)).rejects.toThrow('ECR sent to another host')
  })

  test('of another origin than the local AWS is of nobody either', async () => {
    const other = downloadBlob(
      'http://127.0.0.1:1/a',
      { digest: '', size: 1 },
      { region: 'eu-west-1', endpoint },
      soon(),
    )
    await expect(other).rejects.toThrow('ECR sent to another host')
  })
})
