import { createHash } from 'node:crypto'
import type { Alert, AlertKind } from './alert.ts'
import type { AlertPolicy } from './alert-policy.ts'
import { type ImageRef, imageKey } from './image.ts'
import { consoleUrl, pullReference } from './registry.ts'

/** Tags that a message carries; more are counted, not listed. */
const TAGS = 50

/** What one alert is about and to whom it goes. */
export type Telling = {
  readonly image: ImageRef
  readonly policy: AlertPolicy
  /** Ids of the events that caused it. */
  readonly events: readonly string[]
  readonly now: Date
  /** ISO 8601 instants, where they could be read. */
  readonly pushedAt?: string | undefined
  readonly scannedAt?: string | undefined
  readonly scanner: 'basic' | 'enhanced'
  /** Digest of the lowest layer, where the manifest was read. */
  readonly baseLayer?: string | undefined
  /** What could not be read, in words for the reader. */
  readonly notices: readonly string[]
}

/** Only names that a shell takes literally go into a line that people paste into one. */
const SHELL_SAFE = /^[\w./:@-]+$/

/** The same alert has the same id, so that a repeated delivery is recognised by whoever receives it. */
const idOf = (kind: AlertKind, image: ImageRef, content: unknown): string =>
  createHash('sha256')
    .update(JSON.stringify([kind, imageKey(image), content]))
    .digest('hex')
    .slice(0, 32)

const minute = (instant: string): string => `${instant.slice(0, 10)} ${instant.slice(11, 16)} UTC`

const factsOf = ({ pushedAt, scannedAt, scanner }: Telling): Alert['facts'] => [
  ...(pushedAt ? [{ name: 'Pushed', value: minute(pushedAt) }] : []),
  ...(scannedAt ? [{ name: 'Scanned', value: minute(scannedAt) }] : []),
  { name: 'Scanner', value: scanner === 'enhanced' ? 'enhanced (Inspector)' : 'basic' },
]

const noticesOf = ({ image, notices }: Telling): string[] =>
  image.tags.length > TAGS
    ? [...notices, `The image has ${image.tags.length} tags; the first ${TAGS} are shown.`]
    : [...notices]

export type AlertContent = Pick<Alert, 'kind' | 'severity' | 'title' | 'summary' | 'items' | 'omitted' | 'todo'> & {
  readonly counts?: Alert['counts']
  readonly facts?: Alert['facts']
}

/**
 * The alert around its content: subject, links, recipients and a stable id.
 * @param identity what makes this alert another one than the last about the same image
 */
export function envelope(telling: Telling, content: AlertContent, identity: unknown): Alert {
  const { account, region, repository, digest, tags } = telling.image
  const reference = pullReference(telling.image)
  const { facts = [], ...rest } = content
  return {
    version: 1,
    id: idOf(content.kind, telling.image, identity),
    ...rest,
    subject: { account, region, repository, digest, tags: tags.slice(0, TAGS) },
    facts: [...facts, ...factsOf(telling)],
    ...(SHELL_SAFE.test(reference) ? { command: `docker pull ${reference}` } : {}),
    links: [{ text: 'Open in the ECR console', url: consoleUrl(telling.image) }],
    notices: noticesOf(telling),
    channels: [...telling.policy.slack],
    createdAt: telling.now.toISOString(),
    events: [...telling.events],
  }
}
