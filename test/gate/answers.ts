import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Answer, Asked } from '../../functions/cloudformation.ts'

/** Where CloudFormation waits for the answers of custom resources: in the test, one address for each request. */
export async function answerBox() {
  const answers = new Map<string, Asked & Answer>()
  const server = createServer((request, response) => {
    let body = ''
    request.setEncoding('utf8').on('data', (chunk: string) => {
      body += chunk
    })
    request.on('end', () => {
      const isPut = request.method === 'PUT' && request.headers['content-type'] === ''
      if (isPut) answers.set(String(request.url), JSON.parse(body))
      response.writeHead(isPut ? 200 : 403).end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    addressOf: (request: string): string => `${origin}/${request}?X-Amz-Signature=signed-for-one-hour`,
    to: (request: string) => answers.get(`/${request}?X-Amz-Signature=signed-for-one-hour`),
    close: () => new Promise((resolve) => server.close(resolve)),
  }
}
