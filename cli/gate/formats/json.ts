import type { Format } from '../format.ts'
import { jsonText } from './json-text.ts'

/** As `docs/gate.schema.json` has it. */
export const format: Format = (result) => `${jsonText(result, 2)}\n`
