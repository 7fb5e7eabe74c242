import type { Answered, LocalAws } from '../aws/server.ts'
import { apiCallEvent, isWrite } from './api-call.ts'
import { imageEvents } from './image-action.ts'

/** Answers that are AWS's own: a connection that was dropped, or an answer that was replaced, tells of no call. */
const isAnswer = ({ status, error }: Answered): boolean => (error === undefined ? status === 200 : status >= 400)

/** The events that AWS sends of a call: none of what reads, or is not ECR's. */
export function eventsOf(answered: Answered, aws: Pick<LocalAws, 'account' | 'region' | 'principals'>): object[] {
  if (answered.service !== 'ecr' || !isWrite(answered) || !isAnswer(answered)) return []
  const principal = aws.principals.arnOf(answered.accessKeyId)
  return [...imageEvents(answered, aws), apiCallEvent(answered, principal, aws)]
}

/** From now on, gives the events of every call over HTTP to `put`, before the call is answered. */
export function announce(aws: LocalAws, put: (event: object) => void): void {
  aws.onAnswered = (answered) => {
    for (const event of eventsOf(answered, aws)) put(event)
  }
}
