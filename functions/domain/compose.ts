import { createHash } from 'node:crypto'
import type { Alert, AlertKind } from './alert.ts'
import type { QuarantineTold } from './quarantine/telling.ts'
import { consoleUrl, type Subject } from './registry.ts'

/** Tags that a message carries; more are counted, not listed. */
const TAGS = 50

/** Who changed what, as the event of a change says. All of it comes from outside. */
export type Change = {
  /** Name of a user, or of a role and its session. */
  readonly by: string
  /** Of ECR's API: `PutImageTagMutability`. */
  readonly call: string
  /** ISO 8601 instant. */
  readonly at: string
}

/** What one alert is about and to whom it goes. */
export type Telling = {
  readonly subject: Subject
  /** The change that made it so. */
  readonly change?: Change | undefined
  /** Tags that a push moved to the image. */
  readonly moved?: readonly string[] | undefined
  /** What was done to its tags, or would have been. */
  readonly quarantine?: QuarantineTold | undefined
  /** Names under `channels` that get it on Slack. */
  readonly slack: readonly string[]
  readonly facts: Alert['facts']
  /** What could not be read, in words for the reader. */
  readonly notices: readonly string[]
  /** Ids of the events that caused it. */
  readonly events: readonly string[]
  readonly now: Date
}

/** The same alert has the same id, so that a repeated delivery is recognised by whoever receives it. */
const idOf = (kind: AlertKind, { account, region, repository = '', digest }: Subject, content: unknown): string => {
  const key = `${account}/${region}/${repository}${digest === undefined ? '' : `@${digest}`}`
  return createHash('sha256')
    .update(JSON.stringify([kind, key, content]))
    .digest('hex')
    .slice(0, 32)
}

/** An ISO 8601 instant as a person reads it: `2026-11-20 08:55 UTC`. */
export const minute = (instant: string): string => `${instant.slice(0, 10)} ${instant.slice(11, 16)} UTC`

const changeFacts = (change: Change | undefined): Alert['facts'] =>
  change
    ? [
        { name: 'Changed by', value: change.by },
        { name: 'By the call', value: change.call },
        { name: 'At', value: minute(change.at) },
      ]
    : []

const noticesOf = ({ subject, notices }: Telling): string[] =>
  subject.tags.length > TAGS
    ? [...notices, `The image has ${subject.tags.length} tags; the first ${TAGS} are shown.`]
    : [...notices]

export type AlertContent = Pick<Alert, 'kind' | 'severity' | 'title' | 'summary' | 'items' | 'omitted' | 'todo'> & {
  readonly counts?: Alert['counts']
  readonly facts?: Alert['facts']
  /** Before that to the console. */
  readonly links?: Alert['links']
  readonly command?: string | undefined
}

/**
 * The alert around its content: subject, link, recipients and a stable id.
 * @param identity what makes this alert another one than the last about the same subject
 */
export function envelope(telling: Telling, content: AlertContent, identity: unknown): Alert {
  const { account, region, repository, digest, tags } = telling.subject
  const { facts = [], links = [], command, ...rest } = content
  return {
    version: 1,
    id: idOf(content.kind, telling.subject, identity),
    ...rest,
    subject: {
      account,
      region,
      ...(repository !== undefined && { repository }),
      ...(digest !== undefined && { digest }),
      tags: tags.slice(0, TAGS),
    },
    facts: [...facts, ...changeFacts(telling.change), ...telling.facts],
    ...(command !== undefined && { command }),
    links: [...links, { text: 'Open in the ECR console', url: consoleUrl(telling.subject) }],
    notices: noticesOf(telling),
    channels: [...telling.slack],
    createdAt: telling.now.toISOString(),
    events: [...telling.events],
  }
}
