import * as v from 'valibot'
import type { DeletionEvent, PushEvent, RecognisedEvent } from '../domain/event.ts'
import { digest, headOf, repository, shape, text, toHead, word } from './fields.ts'
import { check } from './invalid-event.ts'

const Action = shape({
  ...headOf('ecr'),
  detail: shape({
    'action-type': word,
    result: word,
    'repository-name': repository,
    'image-digest': digest,
    'image-tag': v.nullish(text('a tag')),
  }),
})

/**
 * `ECR Image Action` and `ECR Referrer Action`: a push, a deletion, or a move to the archive and back. One that did not
 * succeed changed nothing.
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/ecr-eventbridge.html
 */
export function parseAction(value: unknown): PushEvent | DeletionEvent | RecognisedEvent {
  const event = check(Action, value)
  const { 'action-type': action, result, 'repository-name': name, 'image-digest': imageDigest } = event.detail
  const tag = event.detail['image-tag'] ?? undefined
  const head = toHead(event)
  const { account, region } = head
  const image = { account, region, repository: name, digest: imageDigest, tags: tag === undefined ? [] : [tag] }
  if (action === 'PUSH' && result === 'SUCCESS')
    return { ...head, type: 'push', image, isReferrer: head.detailType === 'ECR Referrer Action' }
  if (action === 'DELETE' && result === 'SUCCESS') return { ...head, type: 'deletion', image }
  return { ...head, type: 'recognised', action, result, repository: name, digest: imageDigest, tag }
}
