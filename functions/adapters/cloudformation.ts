import { setTimeout as sleep } from 'node:timers/promises'
import type { Answer, Asked } from '../cloudformation.ts'
import { httpPost, Unreachable } from './http-post.ts'
import { AwsError, type SignedPost } from './signed-aws.ts'

const FORM = { 'Content-Type': 'application/x-www-form-urlencoded' }

/**
 * Status of a stack: `UPDATE_ROLLBACK_IN_PROGRESS`. By its ARN, which alone tells it from others of its name.
 * @throws {AwsError} where CloudFormation refuses, cannot be reached, or tells none
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStacks.html
 */
export const stackStatus =
  (post: SignedPost) =>
  async (stack: string): Promise<string> => {
    const input = new URLSearchParams({ Action: 'DescribeStacks', Version: '2010-05-15', StackName: stack })
    const status = /<StackStatus>(\w+)<\/StackStatus>/.exec(await post('cloudformation', FORM, input.toString()))?.[1]
    if (status === undefined) throw new AwsError('without StackStatus', false)
    return status
  }

/** How often an answer is sent, in all: whoever waits for it waits for as long as the custom resource may take. */
const ATTEMPTS = 5
/** Milliseconds of one attempt. */
const TIMEOUT = 5_000
/** S3 answers with nothing, or with a fault in XML. Bytes. */
const LIMIT = 100_000

/**
 * Puts the answer where CloudFormation waits for it: an address of S3 that is signed for a while, without a content type.
 * @param pause before it is sent again, doubled each time. Milliseconds
 * @throws {AwsError} where it was not taken. Its address is a secret for as long as it holds, and in no message.
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-responses.html
 */
export async function sendAnswer({ ResponseURL, ...asked }: Asked, answer: Answer, pause = 200): Promise<void> {
  const { StackId, RequestId, LogicalResourceId } = asked
  const body = JSON.stringify({ ...answer, StackId, RequestId, LogicalResourceId })
  const headers = { 'content-type': '', 'content-length': String(Buffer.byteLength(body)) }
  const put = { method: 'PUT', url: new URL(ResponseURL), headers, body, timeout: TIMEOUT, limit: LIMIT }
  for (let tries = 1; ; tries++) {
    const problem = await httpPost(put).then(
      ({ status }) => (status < 300 ? undefined : `HTTP ${status}`),
      (error: unknown) => {
        if (error instanceof Unreachable) return error.message
        throw error
      },
    )
    if (problem === undefined) return
    if (tries >= ATTEMPTS) throw new AwsError(`the answer was not taken: ${problem}`, true)
    await sleep(pause * 2 ** (tries - 1))
  }
}
