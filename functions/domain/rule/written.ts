import { bytesText } from '../bytes.ts'
import type { Parameter } from './parameter.ts'

/** A value of a parameter as data of `steward.yaml`: sizes are texts there. */
export const written = ({ kind }: Pick<Parameter, 'kind'>, value: unknown): unknown =>
  kind === 'bytes' && typeof value === 'number' ? bytesText(value) : value

/** Words that YAML reads as they are. */
const PLAIN = /^(?!(?:true|false|null|yes|no|on|off)$)[A-Za-z][\w./ -]*$/

function flow(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(flow).join(', ')}]`
  if (typeof value === 'object' && value !== null) {
    const pairs = Object.entries(value).map(([key, item]) => `${flow(key)}: ${flow(item)}`)
    return pairs.length === 0 ? '{}' : `{ ${pairs.join(', ')} }`
  }
  return typeof value === 'string' && PLAIN.test(value) && value === value.trim() ? value : JSON.stringify(value)
}

/** As one writes it in `steward.yaml`: `1 GB`, `[latest, "1.*"]`, `{ owner: team-a }`. */
export function parameterText(parameter: Pick<Parameter, 'kind'>, value: unknown): string {
  const data = written(parameter, value)
  return parameter.kind === 'bytes' ? String(data) : flow(data)
}
