import type { Alert } from '../../domain/alert.ts'
import { counted } from '../../domain/counted.ts'
import { shortDigest } from '../../domain/image.ts'
import { subjectIs } from '../../domain/registry.ts'
import { inWords } from '../../domain/severity.ts'
import { itemsAre } from '../../domain/standing.ts'
import { buttons, context, divider, fields, header, section } from './blocks.ts'
import { list } from './list.ts'
import { isSaid, lookOf } from './look.ts'
import type { Block, SlackMessage } from './message.ts'
import { code, link, sentence, shell, words } from './text.ts'

/** Slack refuses a message of about 13,200 characters as too long, whatever each of its blocks has. */
const BUDGET = 12_000

const QUIET = { parse: 'none', link_names: false, unfurl_links: false, unfurl_media: false } as const

const BUTTONS = 3
const NOTICES = 4
const TAGS = 8

/** Longer than the write of any setting but a whole policy. */
const MOST_COMMAND = 1_000

function tagList(tags: readonly string[]): string {
  const more = tags.length > TAGS ? ` and ${tags.length - TAGS} more` : ''
  return `${tags
    .slice(0, TAGS)
    .map((tag) => code(tag, 64))
    .join(' ')}${more}`
}

const field = (name: string, value: string): string => `*${sentence(name, 60)}*\n${value}`

const isLong = ({ value }: { readonly value: string }): boolean => value.length > 60

/** Eight of them beside image and account, or seven beside the tags too, fill Slack's ten. */
function about({ subject, facts }: Alert): Block[] {
  const { account, region, repository, digest, tags } = subject
  const what = subjectIs(subject)
  const image = tags[0] === undefined ? repository : `${repository}:${tags[0]}`
  const fixed = [
    ...(image === undefined ? [] : [field(what, code(image, 300))]),
    ...(digest ? [field('Digest', code(shortDigest(digest), 100))] : []),
    field(image === undefined ? what : 'Account', `${words(account, 40)} · ${words(region, 40)}`),
    ...(what !== 'Image' || tags.length === 1 ? [] : [field('Tags', tags.length === 0 ? 'none' : tagList(tags))]),
  ]
  const short = facts.filter((fact) => !isLong(fact)).slice(0, 10 - fixed.length)
  const long = facts.filter(isLong).slice(0, 2)
  const rest = facts.length - short.length - long.length
  return [
    fields([...fixed, ...short.map(({ name, value }) => field(name, words(value, 100)))]),
    ...long.map(({ name, value }) => section(`*${sentence(name, 60)}*\n> ${sentence(value, 400)}`)),
    ...(rest > 0 ? [context([`… and ${counted(rest, 'more fact')} in the alert itself`])] : []),
  ]
}

/** What happened in one sentence, and everything that was found, whatever the threshold. */
function verdict(alert: Alert): Block {
  const counts = alert.counts ? inWords(alert.counts) : ''
  const everything = counts === '' ? [] : [`All findings: ${sentence(counts, 150)}`]
  return section([`*${lookOf(alert).word}*  ·  ${sentence(alert.summary, 500)}`, ...everything].join('\n'))
}

/** What the reader must know before believing the rest. */
function notices({ notices: said }: Alert): Block[] {
  const more = said.length > NOTICES ? [`… and ${counted(said.length - NOTICES, 'more notice')}`] : []
  const shown = said.slice(0, NOTICES).map((notice) => `ℹ️  ${sentence(notice, 300)}`)
  return [...shown, ...more].map((line) => context([line]))
}

function whatToDo({ todo, command, links }: Alert): Block[] {
  const line = command === undefined ? '' : shell(command, MOST_COMMAND)
  const row = buttons(links.slice(0, BUTTONS))
  const rest = links.length - row.reduce((sum, { elements }) => sum + elements.length, 0)
  return [
    section(`*What to do*\n${sentence(todo, 900)}${line === '' ? '' : `\n${line}`}`),
    ...row,
    ...(rest > 0 ? [context([`… and ${counted(rest, 'more link')} in the alert itself`])] : []),
  ]
}

const minute = (instant: string): string =>
  Number.isNaN(Date.parse(instant)) ? instant : `${new Date(instant).toISOString().slice(0, 16).replace('T', ' ')} UTC`

/** Where the message comes from, for whoever looks for it in the logs. */
const footer = ({ kind, id, createdAt }: Alert, channel: string): Block =>
  context([
    [
      'ecr-steward',
      kind,
      `channel ${words(channel, 60)}`,
      `alert ${words(id, 70)}`,
      sentence(minute(createdAt), 40),
    ].join('  ·  '),
  ])

/** Characters that a reader may see, and addresses, which Slack counts too. */
const sizeOf = (blocks: readonly Block[]): number => JSON.stringify(blocks).length

const titleOf = (alert: Alert): string => (isSaid(alert) ? alert.title : `${lookOf(alert).word}: ${alert.title}`)

/** One line that says it all, for a notification and a screen reader. */
const inOneLine = (alert: Alert): string => {
  const { sign } = lookOf(alert)
  return `${sign} ${sentence(titleOf(alert), 200)} – ${sentence(alert.summary, 300)}`
}

/**
 * The alert as Slack shows it. The verdict stands above the coloured bar, where Slack never folds it away; in
 * the bar comes what to do, then the details. Slack shows the `text` only where it shows no blocks.
 * @param channel name of the channel in `steward.yaml`
 */
export function compose(alert: Alert, channel: string): SlackMessage {
  const { color, sign } = lookOf(alert)
  const top = [verdict(alert), ...notices(alert), ...whatToDo(alert)]
  const bottom = [divider, ...about(alert), footer(alert, channel)]
  const items = list(alert, BUDGET - sizeOf(top) - sizeOf(bottom) - 600)
  const blocks = [...top, ...(items.length > 0 ? [divider] : []), ...items, ...bottom]
  const text = inOneLine(alert)
  return {
    text,
    blocks: [header(`${sign} ${titleOf(alert)}`)],
    attachments: [{ color, fallback: text, blocks }],
    ...QUIET,
  }
}

/** The same without any layout, for a Slack that refuses it: the essential facts and the links. */
export function composePlain(alert: Alert): SlackMessage {
  const { repository, tags, digest, account, region } = alert.subject
  const image = [
    words(repository ?? 'the registry', 300),
    tags[0] && words(tags[0], 130),
    digest && words(digest, 100),
  ].filter(Boolean)
  const worst = alert.items.filter(({ change }) => change === 'new' || change === 'known').slice(0, 5)
  const rest = alert.items.length + alert.omitted - worst.length
  const isOfImage = itemsAre(alert.kind) === 'findings'
  const lines = [
    inOneLine(alert),
    `${image.join(' · ')} (${words(account, 40)}, ${words(region, 40)})`,
    ...worst.map(
      ({ id, subject, text }) => `• ${words(id, 60)} ${isOfImage ? `${words(subject, 80)} ` : ''}${words(text, 200)}`,
    ),
    ...(rest > 0 ? [`… and ${rest} more`] : []),
    sentence(alert.todo, 600),
    ...alert.links.slice(0, BUTTONS).map(({ text, url }) => link(url, text, 75)),
  ]
  return { text: lines.join('\n'), ...QUIET }
}
