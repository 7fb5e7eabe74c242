import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'

/** Where one answer is put, as to a URL of S3 that is signed for a while. */
export type AnswerSlot = {
  readonly url: string
  /** What was put there, as text. */
  read(): string | undefined
}

export type AnswersState = { open(): AnswerSlot }

const PATH = '/cloudformation-custom-resource-response/'
/** Beyond it CloudFormation does not read an answer. Bytes. */
const MOST_BYTES = 4_096

/**
 * The bucket to which custom resources answer: who has the URL needs no credentials.
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-responses.html
 */
export class Answers implements AnswersState {
  readonly #slots = new Map<string, string | undefined>()
  readonly #origin: () => string

  constructor(origin: () => string) {
    this.#origin = origin
  }

  open(): AnswerSlot {
    const path = `${PATH}${randomUUID()}`
    this.#slots.set(path, undefined)
    return { url: `${this.#origin()}${path}?X-Amz-Signature=local`, read: () => this.#slots.get(path) }
  }

  isOne({ url = '' }: IncomingMessage): boolean {
    return url.startsWith(PATH)
  }

  async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const [path = '', body] = [request.url?.split('?')[0], Buffer.concat(chunks)]
    // A content type would be signed, too: S3 refuses one that the URL was not signed for.
    const isTaken =
      request.method === 'PUT' && !request.headers['content-type'] && this.#slots.has(path) && body.length <= MOST_BYTES
    if (isTaken) this.#slots.set(path, body.toString('utf8'))
    response.writeHead(isTaken ? 200 : 403).end()
  }
}
