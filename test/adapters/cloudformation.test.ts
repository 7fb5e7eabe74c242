import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, it, onTestFinished } from 'vitest'
import { sendAnswer, stackStatus } from '../../functions/adapters/cloudformation.ts'
import type { Answer, Asked } from '../../functions/cloudformation.ts'

type Put = {
  readonly method?: string
  readonly url?: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

/** S3, which takes an answer where CloudFormation looks for it. @param statuses of its answers, 200 after that */
async function bucket(statuses: number[] = []) {
  const puts: Put[] = []
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk) => (body += chunk))
    request.on('end', () => {
      const { method = '', url = '', headers } = request
      puts.push({ method, url, headers, body })
      response.writeHead(statuses.shift() ?? 200).end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return { puts, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/answer?X-Amz-Signature=secret` }
}

const asked = (ResponseURL: string): Asked => ({
  ...{ ResponseURL, StackId: 'arn:aws:cloudformation:eu-west-1:123456789012:stack/shop/1', RequestId: 'request-1' },
  LogicalResourceId: 'Gate',
})
const answer: Answer = { Status: 'FAILED', PhysicalResourceId: 'id', Reason: 'it has 3 CRITICAL — too many' }

it('an answer is put where CloudFormation waits for it, signed for no content type', async () => {
  const { puts, url } = await bucket()
  await sendAnswer(asked(url), answer)
  expect(puts).toHaveLength(1)
  const [{ method, url: path, headers, body } = {} as Put] = puts
  expect([method, path]).toEqual(['PUT', '/answer?X-Amz-Signature=secret'])
  expect(headers['content-type']).toBe('')
  expect(headers['content-length']).toBe(String(Buffer.byteLength(body)))
  const { ResponseURL: _, ...rest } = asked(url)
  expect(JSON.parse(body)).toEqual({ ...answer, ...rest })
})

it('an answer that S3 does not take is sent again', async () => {
  const { puts, url } = await bucket([503, 500])
  await sendAnswer(asked(url), answer, 1)
  expect(puts.map(({ body }) => body)).toEqual([puts[0]?.body, puts[0]?.body, puts[0]?.body])
})

it('an answer that is never taken fails without its address, which is a secret', async () => {
  const { puts, url } = await bucket([403, 403, 403, 403, 403])
  const failure = await sendAnswer(asked(url), answer, 1).catch((error: Error) => error)
  expect(String(failure)).toBe('AwsError: the answer was not taken: HTTP 403')
  expect(puts).toHaveLength(5)
})

it('so does one for which nobody is there', async () => {
  await expect(sendAnswer(asked('http://127.0.0.1:1/x?secret'), answer, 1)).rejects.toThrow('not taken: ECONNREFUSED')
})

it('a stack whose status is not told is not taken for anything', async () => {
  await expect(stackStatus(async () => '<DescribeStacksResponse/>')('arn')).rejects.toThrow('without StackStatus')
})
