import type { Alert } from './alert.ts'
import { toText } from './alert-text.ts'
import { itemsAre, standingOf } from './standing.ts'

/** SNS takes 256 KiB for body and attributes; a little stays free for the attributes. Bytes. */
const LIMIT = 255 * 1_024

/** What SNS is given: a body per protocol, the subject of the e-mail, and what subscribers filter on. */
export type Publication = {
  /** JSON object of protocol → body. */
  readonly message: string
  /** At most 100 printable ASCII characters. */
  readonly subject: string
  /** What is about the registry as a whole has no repository. */
  readonly attributes: Readonly<Record<'kind' | 'severity' | 'account' | 'region', string>> & {
    readonly repository?: string
  }
}

const printable = (text: string): string => text.replace(/[−–]/g, '-').replace(/[^\x20-\x7e]+/g, '?')

/** `[CRITICAL] 2 critical, 5 high in prod/api:1.4.2`, as SNS takes it. */
const subjectOf = (alert: Alert): string => {
  const text = printable(`[${standingOf(alert)}] ${alert.title}`)
  return text.length > 100 ? `${text.slice(0, 97)}...` : text
}

const bodyOf = (alert: Alert): string =>
  JSON.stringify({ default: JSON.stringify(alert), email: toText(alert), sms: subjectOf(alert) })

const shortened = (kind: Alert['kind'], omitted: number): string =>
  `Shortened: ${omitted} more ${itemsAre(kind)} are ${kind === 'vulnerabilities' ? 'in the console' : 'not listed'}.`

const without = (alert: Alert, items: number): Alert => {
  const omitted = alert.omitted + alert.items.length - items
  return {
    ...alert,
    items: alert.items.slice(0, items),
    omitted,
    notices: [...alert.notices, shortened(alert.kind, omitted)],
  }
}

/** Longer than any tag, title or notice that AWS would have. Characters. */
const LONGEST = 200
const LONGEST_COMMAND = 2_000

const cut = (text: string): string => (text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text)

/** Without items, only texts of an absurd length can be too much for SNS. Ids and links stay whole; a command is whole or not there. */
const curt = ({ command, ...alert }: Alert): Alert => ({
  ...without(alert, 0),
  ...(command !== undefined && command.length <= LONGEST_COMMAND && { command }),
  title: cut(alert.title),
  summary: cut(alert.summary),
  todo: cut(alert.todo),
  subject: { ...alert.subject, tags: alert.subject.tags.map(cut) },
  facts: alert.facts.map(({ name, value }) => ({ name: cut(name), value: cut(value) })),
  notices: without(alert, 0).notices.map(cut),
})

const fits = (body: string): boolean => Buffer.byteLength(body) <= LIMIT

/** The body that fits: the mildest items go first, and the message says how many. */
function fitting(alert: Alert): string {
  let body = bodyOf(alert)
  for (let items = alert.items.length; !fits(body) && items > 0; ) {
    items = Math.floor(items / 2)
    body = bodyOf(without(alert, items))
  }
  return fits(body) ? body : bodyOf(curt(alert))
}

/**
 * The alert as SNS is given it.
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-message-attributes.html
 */
export const toPublish = (alert: Alert): Publication => ({
  message: fitting(alert),
  subject: subjectOf(alert),
  attributes: {
    kind: alert.kind,
    severity: alert.severity,
    ...(alert.subject.repository !== undefined && { repository: alert.subject.repository }),
    account: alert.subject.account,
    region: alert.subject.region,
  },
})
