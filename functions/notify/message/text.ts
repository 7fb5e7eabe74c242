/** Control characters and line ends: each run of them becomes a space. */
const CONTROL = /[\p{Cc}\p{Zl}\p{Zp}]+/gu
/** Bidirectional and zero-width characters, fillers and tags: they make a text read as what it is not. */
const UNSEEN = /[\p{Cf}\p{Default_Ignorable_Code_Point}]+/gu
/** Rings everybody, in whatever way a client looks for it. */
const EVERYBODY = /@(?=here|channel|everyone|group)/gi

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' }

/** Most texts are plain ASCII: they spare a cold start the compilation of patterns over all of Unicode. */
const ASCII = /^[\x20-\x7e]*$/

const visible = (text: string): string =>
  ASCII.test(text) ? text : text.toWellFormed().replace(CONTROL, ' ').replace(UNSEEN, '')

/** A text from outside as one visible line that rings nobody. */
export const plain = (text: string): string => visible(text).replace(EVERYBODY, '＠').trim()

/**
 * Slack's three control characters as entities.
 * @see https://docs.slack.dev/messaging/formatting-message-text#escaping
 */
export const escapeText = (text: string): string => text.replace(/[&<>]/g, (character) => ENTITIES[character] as string)

/**
 * The longest beginning that stays within `most` characters once it is encoded, with an ellipsis for what is left out.
 * Whole characters only: neither a surrogate pair nor an entity is cut in two.
 */
function cutEncoded(text: string, most: number, encode: (part: string) => string): string {
  const all = encode(text)
  if (all.length <= most) return all
  let whole = ''
  let fitting = ''
  for (const character of text) {
    whole += encode(character)
    if (whole.length >= most) break
    fitting = whole
  }
  return `${fitting.trimEnd()}…`
}

/** For `plain_text`: at most `most` characters. */
export const cut = (text: string, most: number): string => cutEncoded(plain(text), most, (character) => character)

/** For mrkdwn: escaped, at most `most` characters with the escapes. Letters that format are left to format. */
const escaped = (text: string, most: number): string => cutEncoded(plain(text), most, escapeText)

/** A code span of at most `most` characters; nothing inside it formats, links or rings. */
export const code = (text: string, most: number): string => {
  const inside = cutEncoded(plain(text).replaceAll('`', 'ˋ'), most - 2, escapeText)
  return inside === '' ? '–' : `\`${inside}\``
}

/** A line for a shell in a code block, as it is or not at all: empty where it is long, or where Slack would change it. */
export function shell(command: string, most: number): string {
  const line = escapeText(command)
  const isWhole = plain(command) === command && !command.includes('`') && line !== '' && line.length <= most
  return isWhole ? `\`\`\`${line}\`\`\`` : ''
}

/** A character that could begin bold, italic or struck text: Slack asks for the start of a word. */
const FORMATS = /`|(?<![\p{L}\p{N}])[*_~]/u

/** Text from outside for mrkdwn: as it is, or in a code span where it has characters that would format it. */
export const words = (text: string, most: number): string =>
  /[`*_~]/.test(text) && FORMATS.test(text) ? code(text, most) : escaped(text, most)

/** An underscore within a word formats nothing. */
const withoutItalics = (text: string): string =>
  text.includes('_') ? text.replace(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, 'ˍ') : text

/** A text of ours for mrkdwn, whose parts may come from outside: formatting characters lose their meaning. */
export const sentence = (text: string, most: number): string =>
  escaped(withoutItalics(text.replaceAll('*', '∗').replaceAll('`', 'ˋ').replaceAll('~', '∼')), most)

/** Longest address that a button may have. */
const MOST_URL = 3_000
const HOST = /^[a-z0-9.-]+$/

/** The address, if it is one of the web's and has no password in it. */
export function httpsUrl(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined
  const { protocol, username, password, hostname, href } = new URL(text)
  if (protocol !== 'https:' || username || password || !HOST.test(hostname)) return undefined
  const address = href.replace(/[|<>@`]/g, encodeURIComponent)
  return address.length <= MOST_URL ? address : undefined
}

/** Longest address that is worth its room in a line; the text stands alone with a longer one. */
const MOST_LINK = 300

/** A link in mrkdwn, or the text alone where the address is not worth one. */
export function link(url: string | undefined, text: string, most: number): string {
  const href = url === undefined ? undefined : httpsUrl(url)
  const shown = escaped(text.replaceAll('|', '¦').replaceAll('`', 'ˋ').replace(/[*_~]/g, '-'), most)
  const address = href && escapeText(href)
  return address && address.length <= MOST_LINK && shown !== '' ? `<${address}|${shown}>` : words(text, most)
}
