/** One thing that is wrong, or doubtful, in a configuration file. Line and column count from 1. */
export type Fault = {
  readonly file: string
  readonly line: number
  readonly column: number
  /** `alerts[0].threshold`; empty where the text is no YAML at all. */
  readonly path: string
  readonly message: string
}

/** Keys and indexes from the top of the file. */
export type Path = readonly (string | number)[]

/** Line of the key at a path, or of the entry of a list. */
export type LineOf = (path: Path) => number

/** Longest part of a file that a message repeats. */
const MOST_SHOWN = 50

/** Incoming webhook of Slack, whole, without its scheme, or its last three parts alone. */
const WEBHOOK = /hooks\.slack|HOOKS\.SLACK|T[A-Z0-9]{6,20}\/B[A-Z0-9]{6,20}\//
const PRIVATE_KEY = /PRIVATE KEY/
const SLACK_TOKEN = /\bx(?:ox[a-z]|app)-/i
const URL_REST = /^([a-z][a-z0-9+.-]{0,20}:\/\/)(?:[^/?#]{0,300}@)?([^/?#@]{0,100}).*$/is

/** Letters that are not seen, and change how a terminal shows the rest: of `UNSEEN` each by itself. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu

const escaped = (sign: string): string => {
  const code = (sign.codePointAt(0) ?? 0).toString(16)
  return code.length > 4 ? `\\u{${code}}` : `\\u${code.padStart(4, '0')}`
}

/** The address is the password: whoever has it can post. */
export const isWebhook = (value: unknown): boolean => typeof value === 'string' && WEBHOOK.test(value.slice(0, 2_000))

function quote(text: string, most: number): string {
  if (isWebhook(text)) return 'a Slack webhook URL (not shown)'
  if (SLACK_TOKEN.test(text)) return 'a Slack token (not shown)'
  if (PRIVATE_KEY.test(text)) return 'a private key (not shown)'
  const safe = text.slice(0, 500).replace(URL_REST, '$1$2/…')
  const short = [...safe].length > most ? `${[...safe].slice(0, most).join('')}…` : safe
  return JSON.stringify(short).replace(INVISIBLE, escaped)
}

/** What was found, short enough for a line, without control characters and without anything that opens a door. */
export function show(value: unknown, most = MOST_SHOWN): string {
  if (value === undefined || value === null) return 'nothing'
  if (typeof value === 'string') return quote(value, most)
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list'
  if (typeof value === 'object') return Object.keys(value).length === 0 ? 'an empty mapping' : 'a mapping'
  return String(value)
}

const PLAIN_KEY = /^[a-z0-9_-]{1,50}$/i

/** `alerts[0].threshold`, `channels["my channel"].slack-webhook`. */
export const pathText = (path: Path): string =>
  path
    .map((step) => {
      if (typeof step === 'number') return `[${step}]`
      return PLAIN_KEY.test(step) && !isWebhook(step) && !SLACK_TOKEN.test(step)
        ? `.${step}`
        : `[${quote(step, MOST_SHOWN)}]`
    })
    .join('')
    .replace(/^\./, '')

/** `steward.yaml:12:7  alerts[0].threshold: found "HIHG", expected …` */
export const faultText = ({ file, line, column, path, message }: Fault): string =>
  `${file}:${line}:${column}  ${path === '' ? message : `${path}: ${message}`}`

/** In the order of the file, once each. */
export function sorted(faults: readonly Fault[]): Fault[] {
  const unique = new Map(faults.map((fault) => [faultText(fault), fault]))
  return [...unique.values()].sort((a, b) => a.line - b.line || a.column - b.column)
}
