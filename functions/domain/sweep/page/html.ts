import { visible } from '../visible.ts'

/** Markup that is shown as it stands. Only `html` and `ours` make it. */
export class Html {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

/** What may stand in a template; `undefined`, `null` and `false` are nothing. */
export type Part = string | number | Html | undefined | null | false | readonly Part[]

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

const escaped = (text: string): string =>
  visible(text).replace(/[&<>"']/g, (character) => ENTITIES[character] as string)

function textOf(part: Part): string {
  if (part instanceof Html) return part.text
  if (Array.isArray(part)) return part.map(textOf).join('')
  return part === undefined || part === null || part === false ? '' : escaped(String(part))
}

/** Markup of this template; what is put into it is escaped unless it is markup itself. @throws {TypeError} for an attribute without quotes */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  if (strings.slice(0, -1).some((text) => text.endsWith('='))) throw new TypeError('an attribute needs its quotes')
  return new Html(String.raw({ raw: strings }, ...parts.map(textOf)))
}

/** A text that was written here, such as the style: never one from outside. */
export const ours = (text: string): Html => new Html(text)

/** A value for a `<script type="application/json">`: nothing in it ends the element. */
export const json = (value: unknown): Html =>
  new Html(JSON.stringify(value, (_, one) => (typeof one === 'string' ? visible(one) : one)).replaceAll('<', '\\u003c'))
