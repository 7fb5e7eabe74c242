import type { Format } from '../format.ts'
import { jsonText } from './json-text.ts'

/**
 * An object a line, each with its `type`: `result` without what follows, then `finding`, `rule` and `platform`, in the order
 * of the result and with the fields of `docs/gate.schema.json`.
 */
export const format: Format = ({ findings, rules, platforms, ...result }) =>
  [
    { type: 'result', ...result },
    ...findings.map((finding) => ({ type: 'finding', ...finding })),
    ...rules.map((rule) => ({ type: 'rule', ...rule })),
    ...platforms.map((platform) => ({ type: 'platform', ...platform })),
  ]
    .map((line) => `${jsonText(line)}\n`)
    .join('')
