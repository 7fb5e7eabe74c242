import type { Shape } from './shape.ts'

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' }
// Everything but the characters that XML 1.0 knows; they cannot be written, not even escaped.
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters to keep out
const UNWRITABLE = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g

export const escapeXml = (text: string): string =>
  text
    .replace(UNWRITABLE, '\ufffd')
    .replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character)
    // A bare carriage return would be read as a line feed.
    .replaceAll('\r', '&#13;')

export const element = (name: string, content: string): string => `<${name}>${content}</${name}>`

/** Writes a value as the query protocol has it: lists as `<member>`, maps as `<entry><key/><value/></entry>`. */
export function toXml(shape: Shape, value: unknown): string {
  switch (shape.kind) {
    case 'structure':
      return Object.entries(value as Record<string, unknown>)
        .filter(([, item]) => item !== undefined)
        .map(([name, item]) => {
          const member = shape.members.get(name)
          if (!member) throw new TypeError(`The output has ${name}, which AWS's model of ${shape.name} lacks.`)
          const inner = member()
          if (inner.kind !== 'list' || !shape.flattened.has(name)) return element(name, toXml(inner, item))
          return (item as unknown[]).map((one) => element(name, toXml(inner.member(), one))).join('')
        })
        .join('')
    case 'list':
      return (value as unknown[]).map((item) => element('member', toXml(shape.member(), item))).join('')
    case 'map':
      return Object.entries(value as Record<string, unknown>)
        .map(([key, item]) => {
          const inner = element(shape.keyName, escapeXml(key)) + element(shape.valueName, toXml(shape.value(), item))
          return element('entry', inner)
        })
        .join('')
    case 'timestamp':
      return value instanceof Date ? value.toISOString() : escapeXml(String(value))
    case 'blob':
      return value instanceof Uint8Array ? Buffer.from(value).toString('base64') : escapeXml(String(value))
    default:
      return escapeXml(String(value))
  }
}
