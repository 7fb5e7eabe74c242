import { visible } from '../../../../functions/domain/sweep/visible.ts'

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
}

/**
 * A text from outside, for content and attributes. What XML 1.0 has no place for is shown as �.
 * @see https://www.w3.org/TR/xml/#charsets
 */
export const escaped = (text: string): string =>
  visible(text)
    .replace(/[\ufffe\uffff]/g, '�')
    .replace(/[&<>"']/g, (letter) => ENTITIES[letter] as string)

type Attributes = Readonly<Record<string, string | number | undefined>>

const attribute = ([name, value]: [string, string | number | undefined]): string =>
  value === undefined ? '' : ` ${name}="${escaped(String(value))}"`

/** An element whose content is XML already. */
export const element = (name: string, attributes: Attributes, content: string): string => {
  const start = `${name}${Object.entries(attributes).map(attribute).join('')}`
  return content === '' ? `<${start}/>` : `<${start}>${content}</${name}>`
}

/** Lines of text from outside as content. */
export const lines = (texts: readonly string[]): string => texts.map(escaped).join('\n')
