import type { Answered, LocalAws } from '../aws/server.ts'
import { apiCallEvent, isWrite } from './api-call.ts'
import { imageEvents, pushEvent, type ReferrersAs } from './image-action.ts'
import { scanningChanges } from './scanning-change.ts'

/** Answers that are AWS's own: a connection that was dropped, or an answer that was replaced, tells of no call. */
const isAnswer = ({ status, error }: Answered): boolean => (error === undefined ? status === 200 : status >= 400)

/**
 * From now on, gives the events that AWS sends of every call over HTTP to `put`, before the call is answered, and those of
 * signatures that ECR makes itself.
 */
export function announce(
  aws: LocalAws,
  put: (event: object) => void,
  referrersAs: ReferrersAs = 'ECR Referrer Action',
): void {
  const scanning = scanningChanges(aws)
  const isHere = ({ account, region }: Answered): boolean => account === aws.account && region === aws.region
  aws.onAnswered = (answered) => {
    if (!isHere(answered)) return
    if (answered.service !== 'ecr' || !isWrite(answered) || !isAnswer(answered)) return
    const principal = aws.principals.arnOf(answered.accessKeyId)
    const own = [...imageEvents(answered, aws, referrersAs), ...scanning(answered)]
    for (const event of [...own, apiCallEvent(answered, principal, aws)]) put(event)
  }
  aws.ecr.onSigned = (repository, signature) => {
    const announced = { place: aws, at: signature.pushedAt.getTime(), referrersAs }
    put(pushEvent(signature, repository, { imageDigest: signature.digest }, announced))
  }
}
